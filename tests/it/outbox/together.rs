//! Several messages at once.

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn messages_that_end_at_once_are_settled_together_each_as_it_ended() {
    let server = TestServer::start().await;
    for at in 0..30 {
        let somebody = email(&format!("ada{at}@example.com"));
        server.anonymous().request_otp(somebody).await;
    }
    server.mailbox.fail_next(vec![unknown(); 10]);
    let before = server.statements();
    assert_eq!(server.deliver().await, 30);
    let statements = server.statements_after(before);
    let settled = |sql: &str| sql.starts_with(r#"UPDATE "deliveries" SET "settled_at""#);
    let settled = statements.iter().filter(|it| settled(&it.sql)).count();
    assert!(settled < 20, "{settled} statements");
    let refused = &server.mailbox.tries()[..10];
    for row in server.deliveries().await {
        let ended = (row.outcome.as_deref(), row.failure.as_deref());
        let expected = if refused.contains(&row.id) {
            (Some("failed"), Some("reply 550"))
        } else {
            (Some("sent"), None)
        };
        assert_eq!(ended, expected);
        assert_eq!(row.courier.as_deref(), Some("mailbox"));
        assert_eq!(row.settled_at, Some(server.now().as_micros()));
    }
}
