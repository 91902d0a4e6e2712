//! Rows that are looked up together.

use std::collections::HashMap;
use std::fmt;
use std::hash::Hash;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use sea_orm::DbErr;
use tokio::sync::Semaphore;
use tokio::sync::oneshot::{self, Receiver, Sender};
use tokio::time::timeout;

/// How long to wait for others. Who has waited so long asks alone, and if the database is silent is
/// told so by the pool, as everybody is.
const PATIENCE: Duration = Duration::from_secs(1);
/// How many may be under way at once. With one, who comes just after it began would wait for two
/// round trips; with many, each would find few to take along.
const LANES: usize = 2;

/// Looks up rows by their key, for all who ask at the moment in one statement: while the database
/// answers some, those who come wait, and are asked for together. Who comes alone waits for nobody.
///
/// A statement begins after all have asked that it asks for: what was committed before somebody
/// asked, they see.
pub struct Lookups<K, V> {
    lanes: Semaphore,
    waiting: Mutex<Vec<Waiting<K, V>>>,
}

type Found<V> = Result<Option<V>, DbErr>;

struct Waiting<K, V> {
    key: K,
    found: Sender<Found<V>>,
}

impl<K, V> Default for Lookups<K, V> {
    fn default() -> Self {
        Self {
            lanes: Semaphore::new(LANES),
            waiting: Mutex::default(),
        }
    }
}

impl<K: Copy + Eq + Hash, V: Clone> Lookups<K, V> {
    /// What there is under `key`. `find` finds it, for whoever else waits as well; or somebody else
    /// does.
    ///
    /// # Errors
    /// That of whoever has asked the database.
    pub async fn find<F>(&self, key: K, find: impl Fn(Vec<K>) -> F) -> Found<V>
    where
        F: Future<Output = Result<HashMap<K, V>, DbErr>>,
    {
        loop {
            let mut mine = self.join(key);
            let lane = tokio::select! {
                biased;
                found = &mut mine => match found {
                    Ok(found) => return found,
                    Err(_gone) => continue,
                },
                lane = timeout(PATIENCE, self.lanes.acquire()) => lane,
            };
            let Ok(lane) = lane else {
                return alone(key, &find).await;
            };
            let all = std::mem::take(&mut *self.waiting());
            if !all.is_empty() {
                let found = find(all.iter().map(|one| one.key).collect()).await;
                tell(all, &found);
            }
            drop(lane);
            // Told just now; or somebody was faster, and asks for us. Who asks may go away in the
            // middle of it, as their client does.
            match timeout(PATIENCE, mine).await {
                Ok(Ok(found)) => return found,
                Ok(Err(_gone)) => {}
                Err(_late) => return alone(key, &find).await,
            }
        }
    }

    fn join(&self, key: K) -> Receiver<Found<V>> {
        let (found, mine) = oneshot::channel();
        self.waiting().push(Waiting { key, found });
        mine
    }

    fn waiting(&self) -> MutexGuard<'_, Vec<Waiting<K, V>>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn alone<K, V, F>(key: K, find: impl Fn(Vec<K>) -> F) -> Found<V>
where
    K: Copy + Eq + Hash,
    F: Future<Output = Result<HashMap<K, V>, DbErr>>,
{
    Ok(find(vec![key]).await?.remove(&key))
}

/// Who does not wait any more is not told.
fn tell<K: Eq + Hash, V: Clone>(all: Vec<Waiting<K, V>>, found: &Result<HashMap<K, V>, DbErr>) {
    for one in all {
        let its = match found {
            Ok(found) => Ok(found.get(&one.key).cloned()),
            Err(error) => Err(error.clone()),
        };
        drop(one.found.send(its));
    }
}

impl<K, V> fmt::Debug for Lookups<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lookups").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use futures_util::FutureExt;
    use futures_util::future::join_all;
    use tokio::sync::Notify;

    use super::*;

    /// Finds twice each even key, once it is let go.
    #[derive(Default)]
    struct Slow {
        asked: AtomicUsize,
        go: Notify,
    }

    impl Slow {
        async fn find(&self, keys: Vec<u32>) -> Result<HashMap<u32, u32>, DbErr> {
            self.asked.fetch_add(1, Ordering::Relaxed);
            self.go.notified().await;
            let even = keys.into_iter().filter(|key| key % 2 == 0);
            Ok(even.map(|key| (key, key * 2)).collect())
        }

        fn asked(&self) -> usize {
            self.asked.load(Ordering::Relaxed)
        }
    }

    #[tokio::test]
    async fn fifty_at_once_are_asked_for_in_three() {
        let (lookups, slow) = (Lookups::default(), Slow::default());
        let all = (0..50).map(|key| lookups.find(key, |keys| slow.find(keys)));
        let mut all = Box::pin(join_all(all));
        // The first two go alone; who comes while they are under way waits.
        assert_eq!((&mut all).now_or_never(), None);
        assert_eq!(slow.asked(), LANES);
        slow.go.notify_waiters();
        assert_eq!((&mut all).now_or_never(), None);
        assert_eq!(slow.asked(), LANES + 1);
        slow.go.notify_waiters();
        for (key, found) in (0..).zip(all.await) {
            assert_eq!(found, Ok((key % 2 == 0).then_some(key * 2)), "{key}");
        }
        assert_eq!(slow.asked(), LANES + 1);
    }

    #[tokio::test]
    async fn who_is_asked_for_by_somebody_who_goes_away_is_asked_for_again() {
        let (lookups, slow) = (Lookups::default(), Slow::default());
        let ask = |key| Box::pin(lookups.find(key, |keys| slow.find(keys)));
        let mut both = [ask(0), ask(0)];
        for one in &mut both {
            assert_eq!(one.now_or_never(), None);
        }
        let (mut going, mut staying) = (ask(2), ask(4));
        assert_eq!((&mut going).now_or_never(), None);
        assert_eq!((&mut staying).now_or_never(), None);
        // One that was first goes, and its lane is free.
        drop(both);
        assert_eq!((&mut going).now_or_never(), None);
        assert_eq!(slow.asked(), LANES + 1);
        drop(going);
        assert_eq!((&mut staying).now_or_never(), None);
        assert_eq!(slow.asked(), LANES + 2);
        slow.go.notify_waiters();
        assert_eq!(staying.await, Ok(Some(8)));
    }

    #[tokio::test]
    async fn all_who_were_asked_for_together_hear_of_a_failure() {
        let lookups: Lookups<u32, u32> = Lookups::default();
        let go = Notify::new();
        let fail = |_: Vec<u32>| async {
            go.notified().await;
            Err(DbErr::Custom("away".to_owned()))
        };
        let mut all = Box::pin(join_all((0..50).map(|key| lookups.find(key, fail))));
        for _ in 0..2 {
            assert!((&mut all).now_or_never().is_none());
            go.notify_waiters();
        }
        assert!(all.await.iter().all(Result::is_err));
    }

    #[tokio::test]
    async fn who_waits_for_those_that_a_silent_database_keeps_waiting_asks_alone() {
        let (lookups, slow) = (Lookups::default(), Slow::default());
        let ask = |key| Box::pin(lookups.find(key, |keys| slow.find(keys)));
        let mut kept_waiting = [ask(0), ask(2)];
        for one in &mut kept_waiting {
            assert_eq!(one.now_or_never(), None);
        }
        let answered = lookups.find(4, |keys| async {
            Ok(keys.into_iter().map(|key| (key, 8)).collect())
        });
        assert_eq!(answered.await, Ok(Some(8)));
    }
}
