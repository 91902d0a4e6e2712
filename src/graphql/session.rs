//! Keeping and ending sessions: `refreshToken`, `logout`, `logoutAll`, `revokeSession`.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};

use super::context::ContextExt;
use super::error::{ApiError, Reason};
use super::sessions::SessionObject;
use super::user_error::{AuthError, AuthErrorCode};
use crate::auth::open::TokenPair;
use crate::auth::refresh::Refreshed;
use crate::domain::clock::seconds_rounded_up;
use crate::domain::{Caller, SessionId};

/// Keeping and ending sessions.
#[derive(Default)]
pub struct SessionMutation;

#[Object]
impl SessionMutation {
    /// Trades a refresh token for the next pair of tokens. Stale credentials on the request are
    /// ignored.
    ///
    /// ```graphql
    /// mutation ($token: String!) { refreshToken(input: { refreshToken: $token })
    /// { tokens { accessToken refreshToken } userErrors { code message } } }
    /// ```
    ///
    /// The old refresh token keeps giving the same new one for a short while, so that two tabs,
    /// or a retry, do no harm. Shown again later it ends the session: somebody has copied it.
    /// Leave `refreshToken` out in cookie mode.
    async fn refresh_token(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Leave it out in cookie mode.")] input: Option<RefreshTokenInput>,
    ) -> Result<RefreshTokenPayload, ApiError> {
        let Some(token) = input.and_then(|input| input.refresh_token) else {
            return Err(ApiError::Unauthenticated(Reason::CredentialsMissing));
        };
        Ok(ctx.auth().refresh(&token, ctx.client()).await?.into())
    }

    /// Ends the session of the given refresh token, or else of the access token. Idempotent: to
    /// end what has ended is no error.
    async fn logout(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which session. Leave it out to end the one of the access token.")]
        input: Option<LogoutInput>,
    ) -> Result<LogoutPayload, ApiError> {
        let auth = ctx.auth();
        let ended = match (input.and_then(|input| input.refresh_token), ctx.caller()) {
            (Some(token), _) => auth.logout_by_refresh_token(&token, ctx.client()).await?,
            (None, Caller::Bearer { session, .. }) => {
                auth.logout(session, ctx.client()).await?;
                true
            }
            (None, Caller::Stale(stale)) => return Err(ApiError::Unauthenticated(stale.into())),
            (None, Caller::Anonymous) => {
                return Err(ApiError::Unauthenticated(Reason::CredentialsMissing));
            }
        };
        let unknown = || AuthError::new(AuthErrorCode::SessionNotFound, &["input", "refreshToken"]);
        let user_errors = if ended { Vec::new() } else { vec![unknown()] };
        Ok(LogoutPayload { user_errors })
    }

    /// Ends all sessions of the signed-in user, on every device.
    ///
    /// ```graphql
    /// mutation { logoutAll(input: { includeCurrent: false }) { revokedCount } }
    /// ```
    async fn logout_all(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Leave it out to end them all.")] input: Option<LogoutAllInput>,
    ) -> Result<LogoutAllPayload, ApiError> {
        let (session, user) = ctx.signed_in().await?;
        let ends_current = input.is_none_or(|input| input.include_current);
        let keep = (!ends_current).then_some(session.id);
        let revoked = ctx.auth().logout_all(user.id, keep, ctx.client()).await?;
        Ok(LogoutAllPayload {
            revoked_count: Some(i32::try_from(revoked).unwrap_or(i32::MAX)),
            user_errors: Vec::new(),
        })
    }

    /// Ends one session of the signed-in user, such as that of a lost device.
    ///
    /// ```graphql
    /// mutation ($id: ID!) { revokeSession(input: { sessionId: $id })
    /// { revokedSessionId userErrors { code message } } }
    /// ```
    async fn revoke_session(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which session.")] input: RevokeSessionInput,
    ) -> Result<RevokeSessionPayload, ApiError> {
        let (_, user) = ctx.signed_in().await?;
        let found = match input.session_id.parse() {
            Ok(id) => {
                let auth = ctx.auth();
                auth.revoke_session(user.id, SessionId(id), ctx.client())
                    .await?
            }
            Err(_) => false,
        };
        let unknown = || AuthError::new(AuthErrorCode::SessionNotFound, &["input", "sessionId"]);
        Ok(RevokeSessionPayload {
            user_errors: if found { Vec::new() } else { vec![unknown()] },
            revoked_session_id: found.then_some(input.session_id),
        })
    }
}

/// What a client holds of a session. null in cookie mode.
///
/// Lifetimes are in seconds, so that a wrong device clock does no harm. There is no id: a client
/// with a normalised cache would keep the tokens in it.
#[derive(SimpleObject)]
pub struct AuthTokens {
    /// Send it as `Authorization: Bearer …`. A JWT (RFC 9068) that any backend can verify by
    /// `/.well-known/jwks.json`. Keep it in memory.
    access_token: String,
    /// Always `Bearer`.
    token_type: String,
    /// Seconds until the access token expires: `900`.
    expires_in: i32,
    /// For `refreshToken`. Keep it where no other program and no script of another origin can
    /// read it. Opaque; begins with `csr_`.
    refresh_token: String,
    /// Seconds until the refresh token expires, unless it is used: `604800`.
    refresh_expires_in: i32,
}

/// What `refreshToken` needs.
#[derive(InputObject)]
pub struct RefreshTokenInput {
    /// The refresh token. Leave it out in cookie mode.
    refresh_token: Option<String>,
}

/// What became of a `refreshToken`.
#[derive(SimpleObject, Default)]
pub struct RefreshTokenPayload {
    /// The next pair; null when `userErrors` says why there is none.
    tokens: Option<AuthTokens>,
    /// The session that they hold.
    session: Option<SessionObject>,
    /// `SESSION_EXPIRED` when the person must sign in again.
    user_errors: Vec<AuthError>,
}

/// What `logout` takes.
#[derive(InputObject)]
pub struct LogoutInput {
    /// A refresh token of the session to end. Without it, the session of the access token ends.
    refresh_token: Option<String>,
}

/// What became of a `logout`.
#[derive(SimpleObject)]
pub struct LogoutPayload {
    /// `SESSION_NOT_FOUND` when the refresh token is not one of ours.
    user_errors: Vec<AuthError>,
}

/// What `logoutAll` takes.
#[derive(InputObject)]
pub struct LogoutAllInput {
    /// Whether this session ends as well.
    #[graphql(default = true)]
    include_current: bool,
}

/// What became of a `logoutAll`.
#[derive(SimpleObject)]
pub struct LogoutAllPayload {
    /// How many sessions were ended.
    revoked_count: Option<i32>,
    /// Always empty at present.
    user_errors: Vec<AuthError>,
}

/// What `revokeSession` needs.
#[derive(InputObject)]
pub struct RevokeSessionInput {
    /// The session's id, from `me { sessions }`.
    session_id: ID,
}

/// What became of a `revokeSession`.
#[derive(SimpleObject)]
pub struct RevokeSessionPayload {
    /// The session that was ended, for your cache to drop; null when `userErrors` says why none
    /// was.
    revoked_session_id: Option<ID>,
    /// `SESSION_NOT_FOUND` when the user has no such session, or it has ended.
    user_errors: Vec<AuthError>,
}

impl From<Refreshed> for RefreshTokenPayload {
    fn from(refreshed: Refreshed) -> Self {
        match refreshed {
            Refreshed::Renewed(renewed) => {
                let (session, tokens) = *renewed;
                Self {
                    tokens: Some((&tokens).into()),
                    session: Some(SessionObject::asking(session)),
                    user_errors: Vec::new(),
                }
            }
            Refreshed::Refused => Self {
                user_errors: vec![AuthError::new(AuthErrorCode::SessionExpired, &[])],
                ..Self::default()
            },
        }
    }
}

impl From<&TokenPair> for AuthTokens {
    fn from(pair: &TokenPair) -> Self {
        Self {
            access_token: pair.access.reveal().to_owned(),
            token_type: "Bearer".to_owned(),
            expires_in: seconds_rounded_up(pair.access_lifetime),
            refresh_token: pair.refresh.reveal().to_owned(),
            refresh_expires_in: seconds_rounded_up(pair.refresh_lifetime),
        }
    }
}
