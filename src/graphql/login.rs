//! Signing in: `requestOtp` and `verifyOtp`.

use async_graphql::{Context, Enum, InputObject, Object, SimpleObject};

use super::context::ContextExt;
use super::error::ApiError;
use super::recipient::OtpRecipientInput;
use super::session::AuthTokens;
use super::sessions::SessionObject;
use super::user::UserObject;
use super::user_error::{AuthError, AuthErrorCode};
use crate::auth::request_otp::{Issued, Request, Requested};
use crate::auth::verify_otp::{Answer, Shown, Verdict};
use crate::domain::clock::seconds_rounded_up;
use crate::domain::device::{Label, Locale};
use crate::domain::{ChallengeToken, Channel};

/// Signing in.
#[derive(Default)]
pub struct LoginMutation;

#[Object]
impl LoginMutation {
    /// Sends a one-time code to an e-mail address or a telephone number.
    ///
    /// ```graphql
    /// mutation { requestOtp(input: { recipient: { email: "ada@example.com" } })
    /// { challenge { challengeToken } userErrors { code message field retryAfter } } }
    /// ```
    ///
    /// Keep `challenge.challengeToken` and show it to `verifyOtp`. The answer is the same whether
    /// or not the recipient has an account; the first `verifyOtp` opens one.
    async fn request_otp(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whom to send it to.")] input: RequestOtpInput,
    ) -> Result<RequestOtpPayload, ApiError> {
        let contact = match input.recipient.contact(ctx.auth()) {
            Ok(contact) => contact,
            Err(error) => return Ok(error.into()),
        };
        let request = Request {
            contact,
            channel: input.channel.map(Channel::from),
            locale: input.locale.as_deref().and_then(Locale::parse),
            client: ctx.client().clone(),
        };
        Ok(ctx.auth().request_otp(request).await?.into())
    }

    /// Answers a challenge with the code that the person received, and signs them in.
    ///
    /// ```graphql
    /// mutation ($input: VerifyOtpInput!) { verifyOtp(input: $input)
    /// { user { id } tokens { accessToken refreshToken } userErrors { code message field } } }
    /// ```
    ///
    /// Spaces and dashes in the code do no harm. Stale credentials on the request are ignored.
    async fn verify_otp(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The answer, and whose it is.")] input: VerifyOtpInput,
    ) -> Result<VerifyOtpPayload, ApiError> {
        let by_cookie = input.delivery == TokenDelivery::Cookie;
        // Before the guess is charged: a page that may not sign anybody in tries no codes either.
        if let (true, Some(doubt)) = (by_cookie, ctx.browser().doubt()) {
            return Err(ApiError::CsrfRejected(doubt));
        }
        let contact = match input.recipient.contact(ctx.auth()) {
            Ok(contact) => contact,
            Err(error) => return Ok(error.into()),
        };
        let shown = input.challenge_token.map_or(Shown::Nothing, |text| {
            ChallengeToken::parse(&text).map_or(Shown::Garbage, Shown::Token)
        });
        let answer = Answer {
            contact,
            code: input.code,
            token: shown,
            device_name: input.device_name.as_deref().and_then(Label::clean),
            client: ctx.client().clone(),
        };
        let mut payload = VerifyOtpPayload::from(ctx.auth().verify_otp(answer).await?);
        if by_cookie && let Some(tokens) = payload.tokens.take() {
            tokens.into_cookies(ctx.browser());
        }
        Ok(payload)
    }
}

/// What `requestOtp` needs.
#[derive(InputObject)]
pub struct RequestOtpInput {
    /// Whom the code is for.
    recipient: OtpRecipientInput,
    /// How to send it, where there is a choice: a telephone takes `SMS` and `WHATSAPP`. Leave it
    /// out for the first that this server offers.
    channel: Option<OtpChannel>,
    /// The person's language as a BCP 47 tag, such as `pt-BR`. Without it, or when it is none, the
    /// request's `Accept-Language` is heard.
    locale: Option<String>,
}

/// What became of a `requestOtp`.
#[derive(SimpleObject, Default)]
pub struct RequestOtpPayload {
    /// The challenge that was sent; null when `userErrors` says why none was.
    challenge: Option<OtpChallenge>,
    /// What the person can put right; empty when a code is on its way.
    user_errors: Vec<AuthError>,
}

/// A code on its way to a person.
#[derive(SimpleObject)]
pub struct OtpChallenge {
    /// Show it to `verifyOtp`: it proves that you asked, so that nobody else can use up your
    /// guesses. Keep it in memory, for as long as the code lives. Opaque; begins with `csc_`.
    challenge_token: String,
    /// How the code is sent.
    channel: OtpChannel,
    /// Where it is sent, for display: `a•••@example.com`.
    masked_recipient: String,
    /// Digits in the code, for the input that takes it: `6`.
    code_length: i32,
    /// Seconds until the code expires: `600`.
    expires_in: i32,
    /// Seconds until another code may be asked for: `60`.
    resend_in: i32,
}

/// A way to send a code.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
pub enum OtpChannel {
    /// E-mail.
    Email,
    /// Text message.
    Sms,
    /// `WhatsApp` message.
    Whatsapp,
}

/// What `verifyOtp` needs.
#[derive(InputObject)]
pub struct VerifyOtpInput {
    /// Whom the code was for: the same as in `requestOtp`.
    recipient: OtpRecipientInput,
    /// The code as the person typed it: `042719`, or `042 719`.
    code: String,
    /// What `requestOtp` gave you. Without it a code still works, but whatever is wrong with it is
    /// `OTP_INVALID`, and guesses come out of a budget that is shared with strangers.
    challenge_token: Option<String>,
    /// How you want the tokens.
    #[graphql(default_with = "TokenDelivery::Body")]
    delivery: TokenDelivery,
    /// What the person would call this device, for their list of sessions: `Ada's phone`.
    device_name: Option<String>,
}

/// How tokens reach the client.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
pub enum TokenDelivery {
    /// In the payload, for the client to keep: `Authorization: Bearer …`.
    Body,
    /// In two `HttpOnly` cookies, for the browser to keep. This request, and all that come with
    /// the cookies, must have a header `graphql-require-preflight`, `apollo-require-preflight` or
    /// `x-apollo-operation-name` and come from an allowed origin; else they are `CSRF_REJECTED`.
    Cookie,
}

/// What became of a `verifyOtp`.
#[derive(SimpleObject, Default)]
pub struct VerifyOtpPayload {
    /// Who signed in; null when `userErrors` says why nobody did.
    user: Option<UserObject>,
    /// The session that was opened.
    session: Option<SessionObject>,
    /// What it is held by; null with `delivery: COOKIE`, where the browser has them.
    tokens: Option<AuthTokens>,
    /// Whether the account was opened just now: the moment to welcome somebody.
    is_new_user: Option<bool>,
    /// What the person can put right; empty when they are signed in.
    user_errors: Vec<AuthError>,
}

impl From<AuthError> for RequestOtpPayload {
    fn from(error: AuthError) -> Self {
        Self {
            user_errors: vec![error],
            ..Self::default()
        }
    }
}

impl From<Requested> for RequestOtpPayload {
    fn from(requested: Requested) -> Self {
        match requested {
            Requested::Challenged(issued) => Self {
                challenge: Some(issued.into()),
                ..Self::default()
            },
            Requested::TooSoon(wait) => AuthError::new(AuthErrorCode::RateLimited, &[])
                .after(wait)
                .into(),
            Requested::NotAllowed => AuthError::new(
                AuthErrorCode::RecipientNotAllowed,
                &["input", "recipient", "phone"],
            )
            .into(),
            Requested::ChannelUnavailable => {
                AuthError::new(AuthErrorCode::ChannelUnavailable, &["input", "recipient"]).into()
            }
        }
    }
}

impl From<Issued> for OtpChallenge {
    fn from(issued: Issued) -> Self {
        Self {
            challenge_token: issued.token.reveal(),
            channel: issued.channel.into(),
            masked_recipient: issued.masked_recipient,
            code_length: issued.digits.into(),
            expires_in: seconds_rounded_up(issued.expires_in),
            resend_in: seconds_rounded_up(issued.resend_in),
        }
    }
}

impl From<Channel> for OtpChannel {
    fn from(channel: Channel) -> Self {
        match channel {
            Channel::Email => Self::Email,
            Channel::Sms => Self::Sms,
            Channel::Whatsapp => Self::Whatsapp,
        }
    }
}

impl From<OtpChannel> for Channel {
    fn from(channel: OtpChannel) -> Self {
        match channel {
            OtpChannel::Email => Self::Email,
            OtpChannel::Sms => Self::Sms,
            OtpChannel::Whatsapp => Self::Whatsapp,
        }
    }
}

impl From<AuthError> for VerifyOtpPayload {
    fn from(error: AuthError) -> Self {
        Self {
            user_errors: vec![error],
            ..Self::default()
        }
    }
}

impl From<Verdict> for VerifyOtpPayload {
    fn from(verdict: Verdict) -> Self {
        let about_code = |code| AuthError::new(code, &["input", "code"]);
        match verdict {
            Verdict::SignedIn(signed_in) => Self {
                is_new_user: Some(signed_in.is_new_user),
                tokens: Some((&signed_in.tokens).into()),
                user: Some(UserObject::new(signed_in.user, Some(signed_in.session.id))),
                session: Some(SessionObject::asking(signed_in.session)),
                user_errors: Vec::new(),
            },
            Verdict::Invalid { attempts_remaining } => about_code(AuthErrorCode::OtpInvalid)
                .with_attempts(attempts_remaining)
                .into(),
            Verdict::Expired => about_code(AuthErrorCode::OtpExpired).into(),
            Verdict::AttemptsExceeded => about_code(AuthErrorCode::OtpAttemptsExceeded)
                .with_attempts(Some(0))
                .into(),
            Verdict::TooManyGuesses(wait)
            | Verdict::TooManyGuessesFromHere(wait)
            | Verdict::TooManyAccounts(wait) => AuthError::new(AuthErrorCode::RateLimited, &[])
                .after(wait)
                .into(),
            Verdict::SignupClosed => {
                AuthError::new(AuthErrorCode::RecipientNotAllowed, &["input", "recipient"]).into()
            }
        }
    }
}
