//! Nobody notices a rotation: tokens from before it work through it, while many come and go.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use countersign::auth::keys::Begins;
use tokio::task::JoinSet;

use super::*;

const PEOPLE: usize = 12;

#[tokio::test(flavor = "multi_thread")]
async fn a_token_works_through_rotations_under_load() {
    let servers = two_with_a_waiting_key().await;
    let people = sign_in(&servers).await;
    let first = kid(&people[0].access);
    let (is_over, answers) = (
        Arc::new(AtomicBool::new(false)),
        Arc::new(AtomicUsize::new(0)),
    );
    let mut crowd = JoinSet::new();
    for (at, tokens) in people.iter().enumerate() {
        crowd.spawn(live(
            servers.clone(),
            at,
            tokens.clone(),
            Arc::clone(&is_over),
            Arc::clone(&answers),
        ));
    }
    let enough = async |more: usize| {
        let wanted = answers.load(Ordering::SeqCst) + more;
        while answers.load(Ordering::SeqCst) < wanted {
            tokio::time::sleep(Duration::from_millis(1)).await;
            assert!(crowd_is_well(&answers), "somebody was refused");
        }
    };

    enough(2 * PEOPLE).await;
    // By the clock: the key that waits begins, on both at once.
    servers[0].advance(Duration::from_mins(2));
    enough(4 * PEOPLE).await;
    // By command: one instance hears of it in its own time, the other by the first token.
    for _ in 0..3 {
        vault(&servers[0]).rotate(Begins::Now).await.expect("a key");
        keep(&servers[0]).await;
        servers[0].advance(Duration::from_secs(2));
        enough(4 * PEOPLE).await;
    }
    is_over.store(true, Ordering::SeqCst);
    let last: BTreeSet<String> = crowd.join_all().await.into_iter().collect();
    assert!(!last.contains(&first), "they are on newer keys");
    assert_eq!(
        kids(&servers[0]).await.len(),
        5,
        "none of which is gone yet"
    );
}

/// Two instances, a minute before a second key begins.
async fn two_with_a_waiting_key() -> [Arc<TestServer>; 2] {
    let one = TestServer::start().await;
    let other = one.another().await;
    one.advance(29 * DAY);
    for server in [&one, &other] {
        keep(server).await;
    }
    one.advance(Duration::from_mins(24 * 60 - 1));
    [Arc::new(one), Arc::new(other)]
}

async fn sign_in(servers: &[Arc<TestServer>; 2]) -> Vec<Tokens> {
    let mut people = Vec::new();
    for at in 0..PEOPLE {
        let (_, tokens) = servers[at % 2].signed_in(&address(at)).await;
        people.push(tokens);
    }
    people
}

/// Shows the first token and the newest to both instances, and refreshes, until it is over. Gives
/// the key of the newest.
async fn live(
    servers: [Arc<TestServer>; 2],
    at: usize,
    first: Tokens,
    is_over: Arc<AtomicBool>,
    answers: Arc<AtomicUsize>,
) -> String {
    // Whatever ends this early is seen by who waits for answers.
    let guard = Told(Arc::clone(&answers));
    let mut newest = first.clone();
    for turn in at.. {
        let server = &servers[turn % 2];
        for token in [&first.access, &newest.access] {
            assert_eq!(shown(server, token).await, address(at));
        }
        let refreshed = server.anonymous().refresh(&newest.refresh).await;
        newest = Tokens::of(&refreshed, "refreshToken");
        answers.fetch_add(1, Ordering::SeqCst);
        if is_over.load(Ordering::SeqCst) {
            break;
        }
    }
    std::mem::forget(guard);
    kid(&newest.access)
}

fn address(at: usize) -> String {
    format!("person{at}@example.com")
}

/// Has the count of answers tell that there will be no more.
struct Told(Arc<AtomicUsize>);

const REFUSED: usize = usize::MAX / 2;

impl Drop for Told {
    fn drop(&mut self) {
        self.0.store(REFUSED, Ordering::SeqCst);
    }
}

fn crowd_is_well(answers: &AtomicUsize) -> bool {
    answers.load(Ordering::SeqCst) < REFUSED
}
