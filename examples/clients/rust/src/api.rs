//! What this client knows of the schema: the fields that it asks for, and no more.

#[cynic::schema("countersign")]
mod schema {}

/// Exactly one of the two, as `@oneOf` asks.
#[derive(Clone, cynic::InputObject)]
pub enum OtpRecipientInput {
    Email(String),
    #[allow(dead_code)]
    Phone(String),
}

#[derive(cynic::InputObject)]
pub struct RequestOtpInput {
    pub recipient: OtpRecipientInput,
}

#[derive(cynic::InputObject)]
pub struct VerifyOtpInput {
    pub recipient: OtpRecipientInput,
    pub code: String,
    pub challenge_token: Option<String>,
}

#[derive(cynic::InputObject)]
pub struct RefreshTokenInput {
    pub refresh_token: Option<String>,
}

#[derive(cynic::QueryVariables)]
pub struct RequestVariables {
    pub input: RequestOtpInput,
}

#[derive(cynic::QueryVariables)]
pub struct VerifyVariables {
    pub input: VerifyOtpInput,
}

#[derive(cynic::QueryVariables)]
pub struct RefreshVariables {
    pub input: Option<RefreshTokenInput>,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "RequestVariables")]
pub struct RequestOtp {
    #[arguments(input: $input)]
    pub request_otp: RequestOtpPayload,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "VerifyVariables")]
pub struct VerifyOtp {
    #[arguments(input: $input)]
    pub verify_otp: VerifyOtpPayload,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "RefreshVariables")]
pub struct RefreshToken {
    #[arguments(input: $input)]
    pub refresh_token: RefreshTokenPayload,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation")]
pub struct Logout {
    pub logout: LogoutPayload,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query")]
pub struct Me {
    pub me: Option<User>,
}

#[derive(cynic::QueryFragment)]
pub struct RequestOtpPayload {
    pub challenge: Option<OtpChallenge>,
    pub user_errors: Vec<AuthError>,
}

#[derive(cynic::QueryFragment)]
pub struct VerifyOtpPayload {
    pub tokens: Option<AuthTokens>,
    pub user_errors: Vec<AuthError>,
}

#[derive(cynic::QueryFragment)]
pub struct RefreshTokenPayload {
    pub tokens: Option<AuthTokens>,
    pub user_errors: Vec<AuthError>,
}

#[derive(cynic::QueryFragment)]
pub struct LogoutPayload {
    pub user_errors: Vec<AuthError>,
}

#[derive(cynic::QueryFragment)]
pub struct OtpChallenge {
    pub challenge_token: String,
    pub masked_recipient: String,
    pub code_length: i32,
}

#[derive(cynic::QueryFragment)]
pub struct AuthTokens {
    pub access_token: String,
    pub refresh_token: String,
}

#[derive(cynic::QueryFragment)]
pub struct User {
    pub email: Option<EmailAddress>,
}

#[derive(cynic::QueryFragment)]
pub struct AuthError {
    pub code: AuthErrorCode,
    pub message: String,
}

/// The codes that this client acts on. Whatever a later server adds is one of the `Other`.
#[derive(Debug, cynic::Enum)]
#[cynic(non_exhaustive)]
pub enum AuthErrorCode {
    OtpInvalid,
    RateLimited,
    #[cynic(fallback)]
    Other(String),
}

#[derive(cynic::Scalar)]
pub struct EmailAddress(pub String);
