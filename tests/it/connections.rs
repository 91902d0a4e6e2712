//! Connections that nobody asks anything on, and what becomes of them.

use std::process::Command;
use std::time::Duration;

use serde_json::Value;
use tempfile::tempdir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

use crate::support::process::{Process, command};

const HASTY: [(&str, &str); 1] = [("COUNTERSIGN__HTTP__IDLE_TIMEOUT", "1s")];
const ASKS: &str = "POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n\
                    Content-Length: 26\r\n\r\n{\"query\":\"{ __typename }\"}";

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_without_a_whole_request_is_closed() {
    let folder = tempdir().unwrap();
    let server = Process::start(folder.path(), &HASTY).await;
    for begun in [
        "",
        "POST /graphql HTTP/1.1\r\nHost: x\r\nX-Slow: ",
        "PRI * HTTP/2.0\r\n\r\nS",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ] {
        let mut connection = connect(&server).await;
        connection.write_all(begun.as_bytes()).await.unwrap();
        let said = last_words(&mut connection).await;
        assert!(!said.contains("HTTP/1.1 200"), "{begun:?}: {said}");
    }
    let mut connection = connect(&server).await;
    connection.write_all(ASKS.as_bytes()).await.unwrap();
    let said = last_words(&mut connection).await;
    assert!(said.starts_with("HTTP/1.1 200"), "closed after it: {said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_takes_too_long_is_refused() {
    let folder = tempdir().unwrap();
    let server = Process::start(folder.path(), &HASTY).await;
    let mut connection = connect(&server).await;
    connection
        .write_all(&ASKS.as_bytes()[..ASKS.len() - 1])
        .await
        .unwrap();
    let said = last_words(&mut connection).await;
    assert!(said.starts_with("HTTP/1.1 408"), "{said}");
    assert!(said.contains("BODY_TOO_SLOW"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_crosses_the_signal_to_stop_is_answered() {
    let folder = tempdir().unwrap();
    let server = Process::start(folder.path(), &[]).await;
    let mut idle = connect(&server).await;
    server.graphql("{ __typename }", Value::Null, None).await;
    server.terminate();
    while TcpStream::connect(("127.0.0.1", server.port()))
        .await
        .is_ok()
    {
        sleep(Duration::from_millis(20)).await;
    }
    idle.write_all(ASKS.as_bytes()).await.unwrap();
    let said = last_words(&mut idle).await;
    assert!(said.starts_with("HTTP/1.1 200"), "{said:?}");
    assert!(said.contains("connection: close"), "{said}");
    assert!(server.ended().await.success());
}

#[tokio::test(flavor = "multi_thread")]
async fn who_says_nothing_on_a_hundred_connections_keeps_nobody_out() {
    let folder = tempdir().unwrap();
    let offered = command(folder.path(), &[]);
    let mut shell = Command::new("sh");
    shell
        .args(["-c", "ulimit -Sn 64 && exec \"$0\""])
        .arg(offered.get_program())
        .current_dir(folder.path())
        .env_clear();
    let server = Process::start_by(shell, folder.path()).await;
    let mut silent = Vec::new();
    for _ in 0..100 {
        silent.push(connect(&server).await);
    }
    let mut connection = connect(&server).await;
    connection.write_all(ASKS.as_bytes()).await.unwrap();
    let mut answer = [0; 12];
    let read = connection.read_exact(&mut answer);
    timeout(Duration::from_secs(20), read)
        .await
        .expect("an answer")
        .unwrap();
    assert_eq!(&answer, b"HTTP/1.1 200");
}

async fn connect(server: &Process) -> TcpStream {
    TcpStream::connect(("127.0.0.1", server.port()))
        .await
        .unwrap()
}

/// All that the server says before it closes the connection.
async fn last_words(connection: &mut TcpStream) -> String {
    let mut said = Vec::new();
    timeout(Duration::from_secs(20), connection.read_to_end(&mut said))
        .await
        .expect("an end")
        .unwrap();
    String::from_utf8_lossy(&said).into_owned()
}
