//! Writing down what happened, in the background.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures_util::FutureExt;
use tokio::sync::Mutex;
use tokio::sync::mpsc::{self, Receiver, Sender};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::domain::audit::Event;
use crate::store::{Store, audit};

/// Events that wait to be written. When there are more, use cases wait: none is ever dropped.
const DESK: usize = 4096;
/// Events in one statement, a power of two: some thousand parameters, of which SQLite takes 32,766.
const BATCH: usize = 256;
/// How long an event waits for others, to go in one statement with them: a statement for each would
/// cost as much as what it tells of.
const COMPANY: Duration = Duration::from_millis(20);
/// A pause before a batch is tried again.
const PAUSE: Duration = Duration::from_millis(500);

/// Writes events, a batch in each statement.
pub struct Scribe {
    store: Store,
    /// Of a lock, so that a test may write without owning the scribe.
    inbox: Mutex<Receiver<Event>>,
}

impl Scribe {
    /// A scribe for `store`, and where to hand in events.
    #[must_use]
    pub fn new(store: Store) -> (Self, Sender<Event>) {
        let (desk, inbox) = mpsc::channel(DESK);
        let inbox = Mutex::new(inbox);
        (Self { store, inbox }, desk)
    }

    /// Writes whatever comes, a moment after it comes, until `stop`; then what is still on the desk.
    pub async fn run(self, stop: CancellationToken) {
        let mut inbox = self.inbox.into_inner();
        let mut batch = Vec::with_capacity(BATCH);
        loop {
            let taken = tokio::select! {
                biased;
                taken = inbox.recv_many(&mut batch, BATCH) => taken,
                // What is on the desk can still be taken from it; then nothing is.
                () = stop.cancelled(), if !inbox.is_closed() => {
                    inbox.close();
                    continue;
                }
            };
            if taken == 0 {
                return;
            }
            if batch.len() < BATCH {
                tokio::select! {
                    () = sleep(COMPANY) => {}
                    () = stop.cancelled() => {}
                }
                top_up(&mut batch, &mut inbox);
            }
            write_all(&self.store, &mut batch).await;
        }
    }

    /// Writes all that is on the desk, and tells how many events it was.
    pub async fn write_due(&self) -> usize {
        let mut inbox = self.inbox.lock().await;
        let (mut batch, mut written) = (Vec::with_capacity(BATCH), 0);
        loop {
            top_up(&mut batch, &mut inbox);
            if batch.is_empty() {
                return written;
            }
            written += batch.len();
            write_all(&self.store, &mut batch).await;
        }
    }
}

/// Takes what is on the desk by now, until there are enough.
fn top_up(batch: &mut Vec<Event>, inbox: &mut Receiver<Event>) {
    while batch.len() < BATCH
        && let Ok(event) = inbox.try_recv()
    {
        batch.push(event);
    }
}

/// Writes `batch`, and empties it: in statements of a power of two, so that there are nine texts,
/// and not one for each size. Each connection keeps the last hundred texts that it has sent.
async fn write_all(store: &Store, batch: &mut Vec<Event>) {
    while !batch.is_empty() {
        let some = 1 << batch.len().ilog2();
        write(store, &batch[..some]).await;
        batch.drain(..some);
    }
}

/// Tries until it works, and says once that it does not.
async fn write(store: &Store, batch: &[Event]) {
    let mut is_told = false;
    loop {
        let insert = audit::insert(store.pool(), batch);
        // A panic is no reason either to leave the desk, with what is on it.
        let why = match AssertUnwindSafe(insert).catch_unwind().await {
            Ok(Ok(())) => return,
            Ok(Err(error)) => error.to_string(),
            Err(_) => "a panic".to_owned(),
        };
        if !is_told {
            tracing::error!(error = why, "events cannot be written, and wait");
            is_told = true;
        }
        sleep(PAUSE).await;
    }
}
