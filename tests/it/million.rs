//! A million dead rows do not slow a login.

use std::time::{Duration, Instant};

use sea_orm::{ConnectionTrait, Statement};

use crate::support::{TestServer, email};

#[tokio::test]
async fn a_million_dead_challenges_and_sessions_do_not_slow_a_login() {
    let server = TestServer::start().await;
    // The first few pay for connections and prepared statements.
    logins(&server, "warm", 5).await;
    let before = median(logins(&server, "before", 20).await);
    server.bury(1_000_000).await;
    let after = median(logins(&server, "after", 20).await);
    println!("a login: {before:?} with empty tables, {after:?} with full ones");
    assert!(
        after <= 3 * before + Duration::from_millis(5),
        "{before:?} with empty tables, {after:?} with full ones"
    );
    assert_plans_use_indexes(&server).await;
}

/// How long each of `count` logins took, from the request for a code to `me`.
async fn logins(server: &TestServer, name: &str, count: usize) -> Vec<Duration> {
    let mut took = Vec::new();
    for at in 0..count {
        let start = Instant::now();
        log_in(server, &format!("{name}{at}@example.com")).await;
        took.push(start.elapsed());
    }
    took
}

async fn log_in(server: &TestServer, address: &str) {
    let (person, tokens) = server.signed_in(address).await;
    assert_eq!(person.me().await.data("me/email"), address);
    server.anonymous().refresh(&tokens.refresh).await;
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
        let is_scan = |line: &&String| {
            line.contains("Seq Scan") || (line.starts_with("SCAN") && !line.contains("USING"))
        };
        assert_eq!(
            plan.iter().find(is_scan),
            None,
            "{}\n{plan:#?}",
            statement.sql
        );
    }
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
