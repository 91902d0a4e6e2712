//! Questions of many, put to the database in one statement.

use std::fmt;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use sea_orm::DbErr;
use tokio::sync::oneshot::{self, Sender};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;
use tracing::Instrument;

/// How many statements may be under way at once. With one, who comes just after it began would wait
/// for two round trips; with many, each would find few to take along.
const LANES: usize = 2;
/// How long one that is under way keeps others waiting. A connection that says nothing is the
/// trouble of those who have it.
const PATIENCE: Duration = Duration::from_secs(1);

/// Asks the database for all who ask at the moment in one statement: while it answers some, those
/// who come wait, and are asked for together. Who comes alone waits for nobody.
///
/// A statement begins after all have asked that it asks for: what was committed before somebody
/// asked, they see.
pub struct Batches<Q, A> {
    lanes: Arc<Semaphore>,
    waiting: Mutex<Vec<(Q, Sender<Answer<A>>)>>,
}

type Answer<A> = Result<Option<A>, DbErr>;

impl<Q, A> Default for Batches<Q, A> {
    fn default() -> Self {
        Self {
            lanes: Arc::new(Semaphore::new(LANES)),
            waiting: Mutex::default(),
        }
    }
}

impl<Q, A: Send + 'static> Batches<Q, A> {
    /// What the database answers to `question`. `put` puts to it all that wait, and gives their
    /// answers in the same order; or that of somebody else does. What was begun comes to its end,
    /// whoever goes away meanwhile.
    ///
    /// # Errors
    /// When the database fails: the same for all who were asked for together.
    pub async fn ask<F>(&self, question: Q, put: impl FnOnce(Vec<Q>) -> F) -> Answer<A>
    where
        F: Future<Output = Result<Vec<Option<A>>, DbErr>> + Send + 'static,
    {
        let (asker, mut answer) = oneshot::channel();
        self.waiting().push((question, asker));
        let answer = tokio::select! {
            biased;
            answer = &mut answer => answer,
            Ok(lane) = Arc::clone(&self.lanes).acquire_owned() => {
                let all = std::mem::take(&mut *self.waiting());
                // Somebody may have asked for me just now.
                if !all.is_empty() {
                    let (questions, askers): (Vec<_>, Vec<_>) = all.into_iter().unzip();
                    tokio::spawn(tell(askers, put(questions), lane).in_current_span());
                }
                answer.await
            }
        };
        answer.unwrap_or_else(|died| Err(DbErr::Custom(died.to_string())))
    }

    fn waiting(&self) -> MutexGuard<'_, Vec<(Q, Sender<Answer<A>>)>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Who does not wait any more is not told.
async fn tell<A>(
    askers: Vec<Sender<Answer<A>>>,
    answers: impl Future<Output = Result<Vec<Option<A>>, DbErr>>,
    lane: OwnedSemaphorePermit,
) {
    let (mut lane, mut answers) = (Some(lane), pin!(answers));
    let answers = match timeout(PATIENCE, &mut answers).await {
        Ok(answers) => answers,
        Err(_late) => {
            lane.take();
            answers.await
        }
    };
    let answers: Vec<Answer<A>> = match answers {
        Ok(answers) => answers.into_iter().map(Ok).collect(),
        Err(error) => askers.iter().map(|_| Err(error.clone())).collect(),
    };
    for (asker, answer) in askers.into_iter().zip(answers) {
        drop(asker.send(answer));
    }
}

impl<Q, A> fmt::Debug for Batches<Q, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Batches").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use futures_util::future::join_all;
    use tokio::sync::Notify;
    use tokio::task::{JoinHandle, yield_now};
    use tokio::time::sleep;

    use super::*;

    /// Knows twice each even number, and says so once it is let go.
    #[derive(Default)]
    struct Slow {
        batches: Batches<u32, u32>,
        put: AtomicUsize,
        go: Notify,
    }

    impl Slow {
        async fn ask(self: Arc<Self>, question: u32) -> Answer<u32> {
            let slow = Arc::clone(&self);
            let put = |all: Vec<u32>| async move {
                slow.put.fetch_add(1, Ordering::Relaxed);
                slow.go.notified().await;
                Ok(all.into_iter().map(twice).collect())
            };
            self.batches.ask(question, put).await
        }

        /// Asked, and as far as it goes.
        async fn asked(self: &Arc<Self>, question: u32) -> JoinHandle<Answer<u32>> {
            let asked = tokio::spawn(Arc::clone(self).ask(question));
            settled().await;
            asked
        }

        async fn let_go(&self) {
            self.go.notify_waiters();
            settled().await;
        }

        fn put(&self) -> usize {
            self.put.load(Ordering::Relaxed)
        }
    }

    fn twice(number: u32) -> Option<u32> {
        number.is_multiple_of(2).then_some(number * 2)
    }

    /// On one thread: all others have had their turns.
    async fn settled() {
        for _ in 0..10 {
            yield_now().await;
        }
    }

    #[tokio::test]
    async fn fifty_at_once_are_asked_for_in_three() {
        let slow = Arc::new(Slow::default());
        let all = join_all((0..50).map(|at| slow.asked(at))).await;
        // The first two go alone; who comes while they are under way waits.
        assert_eq!(slow.put(), LANES);
        slow.let_go().await;
        assert_eq!(slow.put(), LANES + 1);
        slow.let_go().await;
        for (at, answer) in (0..).zip(all) {
            assert_eq!(answer.await.unwrap(), Ok(twice(at)), "{at}");
        }
        assert_eq!(slow.put(), LANES + 1);
    }

    #[tokio::test]
    async fn what_was_begun_comes_to_its_end_whoever_goes_away() {
        let slow = Arc::new(Slow::default());
        let both = [slow.asked(0).await, slow.asked(0).await];
        let (going, staying) = (slow.asked(2).await, slow.asked(4).await);
        slow.let_go().await;
        assert_eq!(slow.put(), LANES + 1);
        // Whichever of them asked for both.
        going.abort();
        slow.let_go().await;
        assert_eq!(staying.await.unwrap(), Ok(Some(8)));
        assert_eq!(slow.put(), LANES + 1);
        drop(both);
    }

    #[tokio::test]
    async fn who_goes_away_before_it_was_begun_keeps_nobody_waiting() {
        let slow = Arc::new(Slow::default());
        let both = [slow.asked(0).await, slow.asked(0).await];
        let (going, staying) = (slow.asked(2).await, slow.asked(4).await);
        going.abort();
        settled().await;
        slow.let_go().await;
        slow.let_go().await;
        assert_eq!(staying.await.unwrap(), Ok(Some(8)));
        drop(both);
    }

    #[tokio::test]
    async fn all_who_were_asked_for_together_hear_of_a_failure() {
        let batches = Batches::<u32, u32>::default();
        let fail = |_| async { Err(DbErr::Custom("away".to_owned())) };
        let all = join_all((0..50).map(|at| batches.ask(at, fail))).await;
        assert!(all.iter().all(Result::is_err));
    }

    #[tokio::test(start_paused = true)]
    async fn a_connection_that_says_nothing_keeps_others_waiting_for_a_second() {
        let slow = Arc::new(Slow::default());
        let silent = [slow.asked(0).await, slow.asked(2).await];
        let other = slow.asked(4).await;
        let moment = Duration::from_millis(1);
        sleep(PATIENCE.saturating_sub(moment)).await;
        assert_eq!(slow.put(), LANES);
        sleep(moment * 2).await;
        assert_eq!(slow.put(), LANES + 1);
        slow.let_go().await;
        assert_eq!(other.await.unwrap(), Ok(Some(8)));
        for one in silent {
            assert!(one.await.unwrap().is_ok());
        }
    }
}
