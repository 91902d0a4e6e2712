//! Trying again what a database turns down for the moment.

use std::time::Duration;

/// Does what `attempt` does. When that fails and it `may_pass`, once more after each of `pauses`.
///
/// # Errors
/// That of the last attempt.
pub(super) async fn again<T, E, F>(
    pauses: impl IntoIterator<Item = Duration>,
    may_pass: impl Fn(&E) -> bool,
    attempt: impl Fn() -> F,
) -> Result<T, E>
where
    F: Future<Output = Result<T, E>>,
{
    for pause in pauses {
        match attempt().await {
            Err(error) if may_pass(&error) => tokio::time::sleep(pause).await,
            done => return done,
        }
    }
    attempt().await
}
