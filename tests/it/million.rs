//! A million dead rows do not slow a login.

use std::time::{Duration, Instant};

use sea_orm::{ConnectionTrait, Statement};

use crate::support::{TestServer, email};

/// Challenges, deliveries and sessions, each.
const DEAD: usize = 350_000;

#[tokio::test]
async fn a_million_dead_challenges_deliveries_and_sessions_do_not_slow_a_login() {
    let (full, empty) = (TestServer::start().await, TestServer::start().await);
    full.bury(DEAD).await;
    let (mut with, mut without) = (Vec::new(), Vec::new());
    // In turns, so that a busy machine is busy for both. The first few are not counted: they pay
    // for connections, prepared statements and cold caches.
    for at in 0..25 {
        let address = format!("ada{at}@example.com");
        with.push(log_in(&full, &address).await);
        without.push(log_in(&empty, &address).await);
    }
    let (with, without) = (median(with.split_off(5)), median(without.split_off(5)));
    assert!(
        with <= 3 * without + Duration::from_millis(5),
        "a login takes {without:?} with empty tables, {with:?} with full ones"
    );
    assert_plans_use_indexes(&full).await;
}

/// How long it takes from the request for a code to `me` and the first refresh.
async fn log_in(server: &TestServer, address: &str) -> Duration {
    let start = Instant::now();
    let (person, tokens) = server.signed_in(address).await;
    assert_eq!(person.me().await.data("me/email"), address);
    server.anonymous().refresh(&tokens.refresh).await;
    start.elapsed()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

/// No statement of a login, of a session's life or of the sweep reads a table from end to end.
async fn assert_plans_use_indexes(server: &TestServer) {
    server.execute("ANALYZE").await;
    let seen = server.statements();
    let code = server.code_for(&email("planned@example.com")).await;
    let nobody = server.anonymous();
    nobody
        .verify_otp(email("planned@example.com"), &code.wrong(), None)
        .await;
    nobody
        .verify_otp(email("planned@example.com"), &code.code, Some(&code.token))
        .await;
    let (person, tokens) = server.signed_in("planner@example.com").await;
    person.sessions(20, None).await;
    person.security_events(20, None).await;
    nobody.refresh(&tokens.refresh).await;
    nobody.refresh(&tokens.refresh).await;
    person.logout_all(true).await;
    server
        .app
        .sweeper
        .sweep_once()
        .await
        .expect("the database answers");

    let statements = server.statements_after(seen);
    assert!(statements.len() > 20, "only {}", statements.len());
    for statement in statements {
        let plan = explain(server, &statement).await;
        assert!(
            plan.iter().all(|line| is_cheap(line)),
            "{}\n{plan:#?}",
            statement.sql
        );
    }
}

/// PostgreSQL reads a small table from end to end however good its index, so there it counts how
/// much that takes: thousands of pages for any of the full ones. SQLite says `SCAN` and no more, also
/// of the signing keys, of which there is a handful however many people there are, and of the rows
/// that a statement has in itself.
fn is_cheap(line: &str) -> bool {
    const SHORT: [&str; 5] = [
        "signing_keys",
        "asked",
        "settled",
        "CONSTANT ROW",
        "VALUES CLAUSE",
    ];
    let Some((_, scan)) = line.split_once("Seq Scan") else {
        let is_short = SHORT.iter().any(|short| line.contains(short));
        return !line.starts_with("SCAN") || is_short || line.contains("USING");
    };
    let total = scan
        .split_once("..")
        .and_then(|(_, rest)| rest.split_once(' '));
    total.expect("a cost").0.parse::<f64>().expect("a number") < 1_000.0
}

async fn explain(server: &TestServer, statement: &Statement) -> Vec<String> {
    let (verb, column) = if server.database.is_postgres() {
        ("EXPLAIN", "QUERY PLAN")
    } else {
        ("EXPLAIN QUERY PLAN", "detail")
    };
    let explained = Statement {
        sql: format!("{verb} {}", statement.sql),
        ..statement.clone()
    };
    let rows = server
        .app
        .store
        .pool()
        .query_all_raw(explained)
        .await
        .expect("a plan");
    rows.iter()
        .map(|row| row.try_get("", column).expect("a line"))
        .collect()
}
