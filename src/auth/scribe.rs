//! Writing down what happened, in the background.

use std::future::ready;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures_util::FutureExt;
use tokio::sync::Mutex;
use tokio::sync::mpsc::{self, Receiver, Sender};
use tokio_util::sync::CancellationToken;

use crate::domain::audit::Event;
use crate::store::{Store, audit};

/// Events that wait to be written. When there are more, use cases wait: none is ever dropped.
const DESK: usize = 4096;
/// Events in one statement, a power of two: some thousand parameters, of which SQLite takes 32,766.
const BATCH: usize = 256;
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

    /// Writes whatever comes as soon as it comes, until `stop`; then what is still on the desk.
    pub async fn run(self, stop: CancellationToken) {
        let mut inbox = self.inbox.into_inner();
        let mut batch = Vec::with_capacity(BATCH);
        loop {
            let more = BATCH - batch.len();
            let taken = tokio::select! {
                biased;
                taken = inbox.recv_many(&mut batch, more) => taken,
                // What is left of the last batch is not to wait.
                () = ready(()), if !batch.is_empty() => 0,
                // What is on the desk can still be taken from it; then nothing is.
                () = stop.cancelled(), if !inbox.is_closed() => {
                    inbox.close();
                    continue;
                }
            };
            if taken == 0 && batch.is_empty() {
                return;
            }
            write_some(&self.store, &mut batch).await;
        }
    }

    /// Writes all that is on the desk, and tells how many events it was.
    pub async fn write_due(&self) -> usize {
        let mut inbox = self.inbox.lock().await;
        let (mut batch, mut written) = (Vec::with_capacity(BATCH), 0);
        while !inbox.is_empty() || !batch.is_empty() {
            if !inbox.is_empty() {
                let more = BATCH - batch.len();
                written += inbox.recv_many(&mut batch, more).await;
            }
            write_some(&self.store, &mut batch).await;
        }
        written
    }
}

/// Writes the first of `batch`, which is not empty, and takes them out of it: as many as the largest
/// power of two, so that there are nine texts of this statement, and not one for each size. Each
/// connection keeps the last hundred texts that it has sent.
async fn write_some(store: &Store, batch: &mut Vec<Event>) {
    let some = 1 << batch.len().ilog2();
    write(store, &batch[..some]).await;
    batch.drain(..some);
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
        tokio::time::sleep(PAUSE).await;
    }
}
