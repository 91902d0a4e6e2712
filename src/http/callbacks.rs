//! `/callbacks/twilio/{delivery}`: where Twilio reports what became of a message.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use url::form_urlencoded;
use uuid::Uuid;

use super::body;
use super::refusal::Refusal;
use crate::auth::Auth;

/// What Twilio signs its requests by.
const SIGNATURE: &str = "X-Twilio-Signature";

/// 204 when the report was heard, news or not; 403 when it is not Twilio's.
pub async fn twilio(
    State((auth, patience)): State<(Arc<Auth>, Duration)>,
    Path(delivery): Path<Uuid>,
    request: Request,
) -> StatusCode {
    let (parts, body) = request.into_parts();
    let signature = parts.headers.get(SIGNATURE);
    let Some(signature) = signature.and_then(|value| value.to_str().ok()) else {
        return StatusCode::FORBIDDEN;
    };
    let body = match body::read(&parts.headers, body, patience).await {
        Ok(body) => body,
        Err(Refusal::BodyTooSlow) => return StatusCode::REQUEST_TIMEOUT,
        Err(_) => return StatusCode::PAYLOAD_TOO_LARGE,
    };
    let form: Vec<_> = form_urlencoded::parse(&body).into_owned().collect();
    match auth.note_twilio_report(delivery, signature, &form).await {
        Ok(true) => StatusCode::NO_CONTENT,
        Ok(false) => StatusCode::FORBIDDEN,
        Err(fault) => {
            tracing::error!(%fault, "a report on a message could not be noted");
            StatusCode::INTERNAL_SERVER_ERROR
        }
    }
}
