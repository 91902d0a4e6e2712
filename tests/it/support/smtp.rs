//! A mail server, as far as a courier needs one.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{sleep, timeout};

/// Takes every message, or lets every client wait.
#[derive(Clone)]
pub struct MailServer {
    port: u16,
    mails: Arc<Mutex<Vec<String>>>,
    visits: Arc<Mutex<usize>>,
}

impl MailServer {
    /// One that takes every message.
    pub async fn start() -> Self {
        Self::listen(false).await
    }

    /// One that accepts connections and never says a word.
    pub async fn silent() -> Self {
        Self::listen(true).await
    }

    async fn listen(silent: bool) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let server = Self {
            port,
            mails: Arc::default(),
            visits: Arc::default(),
        };
        let ours = server.clone();
        tokio::spawn(async move {
            let mut held = Vec::new();
            while let Ok((connection, _)) = listener.accept().await {
                *ours.visits.lock().unwrap() += 1;
                if silent {
                    held.push(connection);
                } else {
                    tokio::spawn(converse(connection, Arc::clone(&ours.mails)));
                }
            }
        });
        server
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// Waits until somebody has connected.
    pub async fn visited(&self) {
        self.wait(|| (*self.visits.lock().unwrap() > 0).then_some(()))
            .await;
    }

    /// The messages so far, headers and all.
    pub fn mails(&self) -> Vec<String> {
        self.mails.lock().unwrap().clone()
    }

    /// Waits for the first message.
    pub async fn first_mail(&self) -> String {
        self.wait(|| self.mails().into_iter().next()).await
    }

    async fn wait<T>(&self, look: impl Fn() -> Option<T>) -> T {
        let looking = async {
            loop {
                if let Some(found) = look() {
                    return found;
                }
                sleep(Duration::from_millis(20)).await;
            }
        };
        timeout(Duration::from_mins(1), looking)
            .await
            .expect("within a minute")
    }
}

/// The code in a message: its subject begins with it.
pub fn code_in(mail: &str) -> String {
    let subject = mail
        .lines()
        .find_map(|line| line.strip_prefix("Subject: "))
        .expect("a subject");
    subject.chars().take_while(char::is_ascii_digit).collect()
}

/// RFC 5321, as far as section 4.5.1 asks of everybody.
async fn converse(connection: TcpStream, mails: Arc<Mutex<Vec<String>>>) -> std::io::Result<()> {
    let mut connection = BufReader::new(connection);
    connection.write_all(b"220 mail.test\r\n").await?;
    loop {
        let mut line = String::new();
        if connection.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        let reply = match line.trim_end().to_ascii_uppercase().split(' ').next() {
            Some("DATA") => {
                connection.write_all(b"354 go on\r\n").await?;
                let mut mail = String::new();
                while !mail.ends_with("\r\n.\r\n") {
                    if connection.read_line(&mut mail).await? == 0 {
                        return Ok(());
                    }
                }
                mails.lock().unwrap().push(mail);
                "250 taken\r\n"
            }
            Some("QUIT") => return connection.write_all(b"221 bye\r\n").await,
            _ => "250 ok\r\n",
        };
        connection.write_all(reply.as_bytes()).await?;
    }
}
