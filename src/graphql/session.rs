//! Keeping and ending sessions: `refreshToken`, `logout`, `logoutAll`, `revokeSession`.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};

use super::browser::Browser;
use super::context::ContextExt;
use super::error::{ApiError, Reason};
use super::sessions::SessionObject;
use super::user_error::{AuthError, AuthErrorCode};
use crate::auth::current::Errand;
use crate::auth::open::TokenPair;
use crate::auth::refresh::Refreshed;
use crate::domain::clock::seconds_rounded_up;
use crate::domain::{Caller, SessionId, Stale};

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
    /// In cookie mode leave `refreshToken` out: the cookie is used, and the next ones are set.
    async fn refresh_token(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Leave it out in cookie mode.")] input: Option<RefreshTokenInput>,
    ) -> Result<RefreshTokenPayload, ApiError> {
        if let Some(token) = input.and_then(|input| input.refresh_token) {
            return Ok(ctx.auth().refresh(&token, ctx.client()).await?.into());
        }
        let browser = ctx.browser();
        let refreshed = match browser.refresh_token() {
            Some(token) => ctx.auth().refresh(token, ctx.client()).await?,
            None => Refreshed::Refused,
        };
        let mut payload = RefreshTokenPayload::from(refreshed);
        match payload.tokens.take() {
            Some(tokens) => tokens.into_cookies(browser),
            None => browser.forget(),
        }
        Ok(payload)
    }

    /// Ends the session of the given refresh token, or else of the access token or the cookies,
    /// which the browser then forgets. Idempotent: to end what has ended is no error.
    async fn logout(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which session. Leave it out to end the one that asks.")] input: Option<
            LogoutInput,
        >,
    ) -> Result<LogoutPayload, ApiError> {
        let (auth, browser, client) = (ctx.auth(), ctx.browser(), ctx.client());
        if let Some(token) = input.and_then(|input| input.refresh_token) {
            let ended = auth.logout_by_refresh_token(&token, client).await?;
            return Ok(LogoutPayload::of(ended, &["input", "refreshToken"]));
        }
        // The refresh cookie first: it counts also when the access token has expired.
        let ended_by_cookie = match browser.refresh_token() {
            Some(token) => auth.logout_by_refresh_token(token, client).await?,
            None => false,
        };
        let ended = ended_by_cookie
            || match ctx.caller() {
                Caller::Bearer { session, kid, .. }
                    if auth.logout_by_access_token(session, kid, client).await? =>
                {
                    true
                }
                _ if browser.has_cookies() => false,
                Caller::Bearer { .. } => {
                    return Err(ApiError::Unauthenticated(Stale::Invalid.into()));
                }
                Caller::Stale(stale) => return Err(ApiError::Unauthenticated(stale.into())),
                Caller::Anonymous => {
                    return Err(ApiError::Unauthenticated(Reason::CredentialsMissing));
                }
            };
        browser.forget();
        Ok(LogoutPayload::of(ended, &[]))
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
        let (session, user) = ctx.signed_in(Errand::Change).await?;
        let ends_current = input.is_none_or(|input| input.include_current);
        let keep = (!ends_current).then_some(session.id);
        let revoked = ctx.auth().logout_all(user.id, keep, ctx.client()).await?;
        if ends_current {
            ctx.browser().forget();
        }
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
        let (current, user) = ctx.signed_in(Errand::Change).await?;
        let found = match input.session_id.parse().map(SessionId) {
            Ok(id) => {
                let auth = ctx.auth();
                let found = auth.revoke_session(user.id, id, ctx.client()).await?;
                if found && id == current.id {
                    ctx.browser().forget();
                }
                found
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
    /// The refresh token. It is used rather than a cookie, and answered in the payload.
    refresh_token: Option<String>,
}

/// What became of a `refreshToken`.
#[derive(SimpleObject, Default)]
pub struct RefreshTokenPayload {
    /// The next pair; null in cookie mode, and when `userErrors` says why there is none.
    tokens: Option<AuthTokens>,
    /// The session that they hold: present when it worked, in cookie mode too.
    session: Option<SessionObject>,
    /// `SESSION_EXPIRED` when the person must sign in again.
    user_errors: Vec<AuthError>,
}

/// What `logout` takes.
#[derive(InputObject)]
pub struct LogoutInput {
    /// A refresh token of the session to end. Without it, the session that asks ends.
    refresh_token: Option<String>,
}

/// What became of a `logout`.
#[derive(SimpleObject)]
pub struct LogoutPayload {
    /// `SESSION_NOT_FOUND` when the refresh token, or the cookies, are not ours.
    user_errors: Vec<AuthError>,
}

impl LogoutPayload {
    fn of(ended: bool, field: &'static [&'static str]) -> Self {
        let unknown = || AuthError::new(AuthErrorCode::SessionNotFound, field);
        Self {
            user_errors: if ended { Vec::new() } else { vec![unknown()] },
        }
    }
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

impl AuthTokens {
    /// For the browser to keep, and for no script to read.
    pub fn into_cookies(self, browser: &Browser) {
        browser.keep(
            self.access_token,
            self.refresh_token,
            self.refresh_expires_in,
        );
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
