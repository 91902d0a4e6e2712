//! A provider of messages: a real HTTP server on this machine that answers by script and
//! remembers what it was asked.

use std::collections::VecDeque;
use std::fmt::Write;
use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::sleep;

/// What one request meets with.
#[derive(Clone, Debug)]
pub enum Reply {
    /// A status and a body.
    Answer(u16, Vec<u8>),
    /// Another address to ask.
    Redirect(String),
    /// A status, the beginning of a body, and then nothing for ever.
    Stall(u16),
    /// Nothing, for ever.
    Hang,
    /// A status, and then one byte of a body after the other, for ever.
    Drip(u16),
    /// A status, and then as much of a body as is taken, for ever.
    Endless(u16),
    /// Headers, for ever.
    EndlessHead,
    /// A closed connection.
    Cut,
    /// Some time, and then one of the others.
    After(Duration, Box<Reply>),
}

impl Reply {
    pub fn answer(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self::Answer(status, body.into())
    }
}

/// A request as it came.
#[derive(Clone, Debug)]
pub struct Request {
    /// Method and path: `POST /messages`.
    pub line: String,
    headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Request {
    /// The one header of that name, in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut found = self.headers.iter().filter(|(header, _)| header == name);
        let (_, value) = found.next()?;
        assert!(found.next().is_none(), "{name} is there twice");
        Some(value)
    }

    /// The fields of a form, sorted.
    pub fn form(&self) -> Vec<(String, String)> {
        let fields = url::form_urlencoded::parse(&self.body);
        let mut fields: Vec<_> = fields.into_owned().collect();
        fields.sort();
        fields
    }
}

/// The provider.
#[derive(Clone)]
pub struct Provider {
    /// `http://127.0.0.1:` and its port.
    pub url: String,
    script: Arc<Mutex<VecDeque<Reply>>>,
    requests: Arc<Mutex<Vec<Request>>>,
    /// Bytes of endless bodies that were taken.
    taken: Arc<AtomicUsize>,
}

impl Provider {
    /// One that answers everything with 201 and nothing else.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let provider = Self {
            url: format!("http://{address}"),
            script: Arc::default(),
            requests: Arc::default(),
            taken: Arc::default(),
        };
        let ours = provider.clone();
        tokio::spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                let ours = ours.clone();
                tokio::spawn(async move { ours.serve(connection).await });
            }
        });
        provider
    }

    /// What the next requests meet with, in this order.
    pub fn will(&self, replies: impl IntoIterator<Item = Reply>) {
        self.script.lock().unwrap().extend(replies);
    }

    /// All requests so far.
    pub fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap().clone()
    }

    /// How much of its endless bodies was taken, by a client or by the system for it.
    pub fn taken(&self) -> usize {
        self.taken.load(Ordering::Relaxed)
    }

    /// The only request.
    pub fn request(&self) -> Request {
        let requests = self.requests();
        assert_eq!(requests.len(), 1, "{requests:?}");
        requests.into_iter().next().unwrap()
    }

    /// One request on each connection.
    async fn serve(&self, mut connection: TcpStream) -> io::Result<()> {
        let request = read(&mut connection).await?;
        self.requests.lock().unwrap().push(request);
        let mut reply = self.script.lock().unwrap().pop_front();
        while let Some(Reply::After(pause, next)) = reply {
            sleep(pause).await;
            reply = Some(*next);
        }
        match reply.unwrap_or_else(|| Reply::answer(201, "")) {
            Reply::Answer(status, body) => {
                let head = head(status, "", body.len());
                connection.write_all(head.as_bytes()).await?;
                connection.write_all(&body).await?;
            }
            Reply::Redirect(to) => {
                let head = head(307, &format!("location: {to}\r\n"), 0);
                connection.write_all(head.as_bytes()).await?;
            }
            Reply::Stall(status) => {
                let begun = head(status, "", 1_000) + "{";
                connection.write_all(begun.as_bytes()).await?;
                std::future::pending::<()>().await;
            }
            Reply::Drip(status) => {
                let begun = head(status, "", 1_000_000) + "{";
                connection.write_all(begun.as_bytes()).await?;
                loop {
                    sleep(Duration::from_millis(50)).await;
                    connection.write_all(b" ").await?;
                }
            }
            Reply::Endless(status) => {
                let begun = head(status, "", 1 << 40) + "{";
                connection.write_all(begun.as_bytes()).await?;
                loop {
                    connection.write_all(&[b' '; 4096]).await?;
                    self.taken.fetch_add(4096, Ordering::Relaxed);
                }
            }
            Reply::EndlessHead => {
                connection.write_all(b"HTTP/1.1 201 Created\r\n").await?;
                let more = "x-more: and more\r\n".repeat(1_000);
                loop {
                    connection.write_all(more.as_bytes()).await?;
                }
            }
            Reply::Hang => std::future::pending().await,
            Reply::Cut | Reply::After(..) => {}
        }
        connection.shutdown().await
    }
}

fn head(status: u16, more: &str, length: usize) -> String {
    let mut head = format!("HTTP/1.1 {status} Whatever\r\nconnection: close\r\n{more}");
    write!(head, "content-length: {length}\r\n\r\n").unwrap();
    head
}

/// HTTP/1.1 as our client speaks it: a head, and as much body as it says.
async fn read(connection: &mut TcpStream) -> io::Result<Request> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break end;
        }
        if connection.read_buf(&mut bytes).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    };
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let mut lines = head.split("\r\n");
    let line = lines.next().unwrap_or_default();
    let line = line.trim_end_matches(" HTTP/1.1").to_owned();
    let headers: Vec<_> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .collect();
    let length = headers.iter().find(|(name, _)| name == "content-length");
    let length = length.map_or(0, |(_, length)| length.parse().unwrap());
    let mut body = bytes.split_off(end + 4);
    while body.len() < length {
        if connection.read_buf(&mut body).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
    Ok(Request {
        line,
        headers,
        body,
    })
}
