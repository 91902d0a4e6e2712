//! Reading a request's body: never more of it than allowed, and not for ever.

use std::time::Duration;

use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, header::CONTENT_LENGTH},
};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use tokio::time::timeout;

use super::refusal::Refusal;

/// The largest body, in bytes. A real one has about two thousand.
pub const MAX_BODY_BYTES: usize = 64 * 1024;

/// Reads the whole body, which may take as long as `patience`.
///
/// # Errors
///
/// [`Refusal::BodyTooLarge`], by the declared length before a byte is read, and otherwise as soon
/// as the limit is passed; [`Refusal::BodyTooSlow`]; [`Refusal::BadRequest`] if the body breaks off.
pub async fn read(headers: &HeaderMap, body: Body, patience: Duration) -> Result<Bytes, Refusal> {
    if declared_length(headers).is_some_and(|length| length > MAX_BODY_BYTES as u64) {
        return Err(Refusal::BodyTooLarge);
    }
    let whole = Limited::new(body, MAX_BODY_BYTES).collect();
    let Ok(read) = timeout(patience, whole).await else {
        return Err(Refusal::BodyTooSlow);
    };
    match read {
        Ok(body) => Ok(body.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(Refusal::BodyTooLarge),
        Err(_) => Err(Refusal::BadRequest("The request's body broke off.")),
    }
}

fn declared_length(headers: &HeaderMap) -> Option<u64> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use std::{
        convert::Infallible,
        sync::{
            Arc,
            atomic::{AtomicUsize, Ordering},
        },
    };

    use async_graphql::futures_util::stream;

    use super::*;

    const CHUNK: usize = 1000;
    const PATIENCE: Duration = Duration::from_secs(30);

    /// A body of unknown length that never ends, and the count of what was taken from it.
    fn endless() -> (Body, Arc<AtomicUsize>) {
        let taken = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&taken);
        let chunks = stream::repeat_with(move || {
            count.fetch_add(CHUNK, Ordering::Relaxed);
            Ok::<_, Infallible>(Bytes::from_static(&[b' '; CHUNK]))
        });
        (Body::from_stream(chunks), taken)
    }

    #[tokio::test]
    async fn an_endless_body_is_left_as_soon_as_it_is_too_large() {
        let (body, taken) = endless();
        assert_eq!(
            read(&HeaderMap::new(), body, PATIENCE).await,
            Err(Refusal::BodyTooLarge)
        );
        assert!(taken.load(Ordering::Relaxed) <= MAX_BODY_BYTES + CHUNK);
    }

    #[tokio::test]
    async fn a_body_declared_too_large_is_not_read() {
        let (body, taken) = endless();
        let headers = HeaderMap::from_iter([(CONTENT_LENGTH, (MAX_BODY_BYTES + 1).into())]);
        assert_eq!(
            read(&headers, body, PATIENCE).await,
            Err(Refusal::BodyTooLarge)
        );
        assert_eq!(taken.load(Ordering::Relaxed), 0);
    }

    #[tokio::test]
    async fn the_limit_itself_is_allowed() {
        let body = |size| Body::from(vec![b' '; size]);
        let headers = HeaderMap::new();
        assert!(read(&headers, body(MAX_BODY_BYTES), PATIENCE).await.is_ok());
        assert!(
            read(&headers, body(MAX_BODY_BYTES + 1), PATIENCE)
                .await
                .is_err()
        );
    }
}
