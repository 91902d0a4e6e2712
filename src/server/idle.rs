//! How long a connection has gone without a request.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep};

/// The requests of one connection.
pub(super) struct Requests(Mutex<Asked>);

struct Asked {
    /// HTTP/2 has several at once.
    under_way: usize,
    /// When the connection opened, or the last of them was answered.
    quiet_since: Instant,
}

impl Default for Requests {
    fn default() -> Self {
        Self(Mutex::new(Asked {
            under_way: 0,
            quiet_since: Instant::now(),
        }))
    }
}

impl Requests {
    fn asked(&self) -> MutexGuard<'_, Asked> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How much of `patience` is left.
    fn left_of(&self, patience: Duration) -> Duration {
        let asked = self.asked();
        if asked.under_way > 0 {
            return patience;
        }
        patience.saturating_sub(asked.quiet_since.elapsed())
    }
}

/// One request, counted from its head to its answer.
pub(super) struct UnderWay(Arc<Requests>);

impl UnderWay {
    pub(super) fn begin(requests: &Arc<Requests>) -> Self {
        requests.asked().under_way += 1;
        Self(Arc::clone(requests))
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        let mut asked = self.0.asked();
        asked.under_way -= 1;
        asked.quiet_since = Instant::now();
    }
}

/// Waits until nothing has been asked for as long as `patience`. Looks once in that time, and not at
/// each request: setting a timer anew costs more than the rest of this.
pub(super) async fn forsaken(requests: &Requests, patience: Duration) {
    loop {
        let left = requests.left_of(patience);
        if left.is_zero() {
            return;
        }
        sleep(left).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATIENCE: Duration = Duration::from_secs(75);
    const LITTLE: Duration = Duration::from_secs(1);

    /// After how long, from now on, the connection is forsaken.
    async fn end(requests: &Requests) -> Duration {
        let begun = Instant::now();
        forsaken(requests, PATIENCE).await;
        begun.elapsed()
    }

    #[tokio::test(start_paused = true)]
    async fn patience_begins_with_the_connection_and_anew_with_each_answer() {
        let requests = Arc::new(Requests::default());
        assert_eq!(end(&requests).await, PATIENCE);
        drop(UnderWay::begin(&requests));
        assert_eq!(end(&requests).await, PATIENCE);

        let requests = Arc::new(Requests::default());
        let nearly = PATIENCE.saturating_sub(LITTLE);
        let answered = async {
            sleep(nearly).await;
            drop(UnderWay::begin(&requests));
        };
        let (ended, ()) = tokio::join!(end(&requests), answered);
        assert_eq!(ended, nearly + PATIENCE);
    }

    #[tokio::test(start_paused = true)]
    async fn a_request_takes_as_long_as_it_takes() {
        let requests = Arc::new(Requests::default());
        let two = [UnderWay::begin(&requests), UnderWay::begin(&requests)];
        let answered = async {
            for one in two {
                sleep(PATIENCE * 3 + LITTLE).await;
                drop(one);
            }
        };
        let (ended, ()) = tokio::join!(end(&requests), answered);
        assert_eq!(ended, PATIENCE * 7 + LITTLE * 2);
    }
}
