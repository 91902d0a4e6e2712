//! Opening a session, and the tokens that it is held by.

use std::time::Duration;

use super::{Auth, Fault};
use crate::domain::device::{Client, Label};
use crate::domain::session::Generation;
use crate::domain::{Session, SessionId, User, UserId};
use crate::tokens::{AccessToken, RefreshToken};

/// A person who has just signed in.
#[derive(Debug)]
pub struct SignedIn {
    /// Who they are.
    pub user: User,
    /// The session that was opened.
    pub session: Session,
    /// What it is held by.
    pub tokens: TokenPair,
    /// Whether the account was opened with it.
    pub is_new_user: bool,
}

/// What a client holds of a session.
#[derive(Debug)]
pub struct TokenPair {
    /// For each request.
    pub access: AccessToken,
    /// From now on.
    pub access_lifetime: Duration,
    /// For the next pair.
    pub refresh: RefreshToken,
    /// From now on.
    pub refresh_lifetime: Duration,
}

impl Auth {
    /// A session that begins now, and is not kept yet.
    pub(super) fn new_session(
        &self,
        user: UserId,
        device_name: Option<Label>,
        client: &Client,
    ) -> Session {
        let now = self.clock.now();
        let policy = &self.policy.session;
        Session {
            id: SessionId(self.entropy.id(now)),
            user,
            generation: Generation::FIRST,
            rotated_at: now,
            device_name,
            user_agent: client.user_agent.clone(),
            ip_address: client.ip_address,
            created_at: now,
            last_seen_at: now,
            expires_at: now + policy.idle.min(policy.absolute),
            ends_at: now + policy.absolute,
            revoked_at: None,
        }
    }

    /// The access token and the present refresh token of a live session.
    pub(super) fn token_pair(&self, session: &Session) -> Result<TokenPair, Fault> {
        let now = self.clock.now();
        let access = self.access_tokens.issue(session.user, session.id, now)?;
        Ok(TokenPair {
            access,
            access_lifetime: self.access_tokens.lifetime(),
            refresh: self.refresh_tokens.write(session.id, session.generation),
            refresh_lifetime: session.expires_at.since(now),
        })
    }
}
