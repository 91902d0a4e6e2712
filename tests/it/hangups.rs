//! Clients that hang up while they are being answered: what was not committed is rolled back, and
//! nobody else has to do with it.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use countersign::store::Store;
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use tokio::time::{sleep, timeout};

use crate::support::{TestServer, email, phone};

const SOON: Duration = Duration::from_secs(5);
const NUMBER: &str = "+447400123456";

#[tokio::test]
async fn who_hangs_up_in_the_middle_of_a_request_leaves_no_transaction_open() {
    let server = TestServer::start().await;
    let beside = server.database.connect().await;
    let nobody = server.anonymous();
    // One request after the other, each of which gets one turn further.
    let mut turns = 0;
    loop {
        turns += 1;
        let newcomer = email(&format!("ada{turns}@example.com"));
        let code = server.code_for(&newcomer).await;
        let proving = nobody.verify_otp(newcomer, &code.code, Some(&code.token));
        let is_proved = is_done_within(turns, proving).await;
        server.advance(Duration::from_mins(1));
        let is_asked = is_done_within(turns, nobody.request_otp(phone(NUMBER))).await;
        assert_eq!(in_transactions(&beside).await, 0, "after {turns} turns");
        server.assert_open().await;
        if is_proved && is_asked {
            break;
        }
    }
    assert!(turns > 1, "nobody was ever in the middle");
}

/// Lets `request` be answered for so many turns, and then hangs up. Whether it was answered.
async fn is_done_within<T>(turns: usize, request: impl Future<Output = T>) -> bool {
    let mut request = pin!(request);
    let mut taken = 0;
    poll_fn(|context| {
        let is_done = request.as_mut().poll(context).is_ready();
        taken += 1;
        if is_done || taken == turns {
            Poll::Ready(is_done)
        } else {
            Poll::Pending
        }
    })
    .await
}

/// How many connections are still in a transaction, once those had time to come back that are about
/// to. SQLite has one, and shows it by letting nobody else write.
async fn in_transactions(beside: &Store) -> i64 {
    let mut open = 1;
    let come_back = async {
        while open > 0 {
            open = idle_in_transaction(beside).await;
            sleep(Duration::from_millis(1)).await;
        }
    };
    drop(timeout(SOON, come_back).await);
    open
}

async fn idle_in_transaction(beside: &Store) -> i64 {
    let db = beside.pool();
    if db.get_database_backend() == DbBackend::Sqlite {
        let touched = db.execute_unprepared("UPDATE users SET locale = locale");
        return touched.await.is_err().into();
    }
    let sql = "SELECT count(*) AS open FROM pg_stat_activity \
        WHERE datname = current_database() AND state LIKE 'idle in transaction%'";
    let row = db.query_one_raw(Statement::from_string(DbBackend::Postgres, sql));
    let row = row.await.expect("the database answers").expect("a count");
    row.try_get("", "open").expect("a count")
}
