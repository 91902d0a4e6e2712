//! A real mail server, on this machine: TLS, authentication, and faults by script.
//!
//! The conversation is `mailin`'s, an SMTP server's state machine; the socket is ours, so that a
//! test can cut it, hold it or answer otherwise at any step.

mod connection;
mod tls;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::time::timeout;

use self::connection::Connection;
pub use self::tls::{Certificate, Tls};

/// A step of the conversation, named by what the client has just sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// Nothing yet: it has connected.
    Connected,
    Ehlo,
    Auth,
    MailFrom,
    RcptTo,
    Data,
    /// Some of the message.
    Body,
    /// The whole message, which the server has now; the client does not know yet.
    Sent,
    /// Nothing: the server has said that it took the message.
    Taken,
}

/// What happens at a step instead of the usual.
#[derive(Clone, Copy, Debug)]
pub enum Fault {
    /// The server takes its time, and goes on.
    Slow(Duration),
    /// It answers this.
    Reply(&'static str),
    /// It hangs up.
    Cut,
    /// It says nothing more.
    Hold,
    /// It says one line after the other, for ever.
    Endless,
}

/// How the server is to be spoken to.
#[derive(Clone, Default)]
pub struct Manners {
    /// Whether, and when, it speaks TLS.
    pub tls: Option<(Tls, Certificate)>,
    /// Who may send. Without it anybody may.
    pub account: Option<(&'static str, &'static str)>,
}

/// A mail server.
#[derive(Clone)]
pub struct MailServer {
    port: u16,
    state: Arc<State>,
}

struct State {
    manners: Manners,
    /// What befalls the next connections, one each.
    script: Mutex<Vec<(Step, Fault)>>,
    mails: watch::Sender<Vec<String>>,
    /// Each step that any connection has come to.
    steps: watch::Sender<Vec<Step>>,
}

impl MailServer {
    /// One that takes every message.
    pub async fn start() -> Self {
        Self::scripted(Vec::new()).await
    }

    /// One that accepts connections and never says a word.
    pub async fn silent() -> Self {
        Self::scripted(vec![(Step::Connected, Fault::Hold); 100]).await
    }

    /// One that lets these befall its next connections, one each.
    pub async fn scripted(faults: Vec<(Step, Fault)>) -> Self {
        Self::with(Manners::default(), faults).await
    }

    /// One with these manners.
    pub async fn with(manners: Manners, mut faults: Vec<(Step, Fault)>) -> Self {
        faults.reverse();
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let server = Self {
            port: listener.local_addr().expect("an address").port(),
            state: Arc::new(State {
                manners,
                script: Mutex::new(faults),
                mails: watch::Sender::default(),
                steps: watch::Sender::default(),
            }),
        };
        let state = Arc::clone(&server.state);
        tokio::spawn(async move {
            while let Ok((socket, peer)) = listener.accept().await {
                let fault = state.script.lock().unwrap().pop();
                let connection = Connection::new(Arc::clone(&state), peer.ip(), fault);
                tokio::spawn(connection.serve(socket));
            }
        });
        server
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// Waits until somebody has connected.
    pub async fn visited(&self) {
        self.reached(Step::Connected).await;
    }

    /// Waits until some connection has come to `step`.
    pub async fn reached(&self, step: Step) {
        let mut steps = self.state.steps.subscribe();
        within_a_minute(steps.wait_for(|steps| steps.contains(&step))).await;
    }

    /// How many connections there were.
    pub fn visits(&self) -> usize {
        let steps = self.state.steps.borrow();
        steps
            .iter()
            .filter(|step| **step == Step::Connected)
            .count()
    }

    /// The messages so far, headers and all.
    pub fn mails(&self) -> Vec<String> {
        self.state.mails.borrow().clone()
    }

    /// Waits for the first message.
    pub async fn first_mail(&self) -> String {
        self.mails_from(1).await.remove(0)
    }

    /// Waits until there are this many messages, or more.
    pub async fn mails_from(&self, count: usize) -> Vec<String> {
        let mut mails = self.state.mails.subscribe();
        within_a_minute(mails.wait_for(|mails| mails.len() >= count)).await;
        self.mails()
    }
}

/// The code in a message: its subject begins with it.
pub fn code_in(mail: &str) -> String {
    let subject = header(mail, "Subject").expect("a subject");
    subject.chars().take_while(char::is_ascii_digit).collect()
}

/// The first line of the header `name`.
pub fn header<'a>(mail: &'a str, name: &str) -> Option<&'a str> {
    let head = mail.split("\r\n\r\n").next().unwrap_or_default();
    head.lines().find_map(|line| {
        let (found, value) = line.split_once(": ")?;
        found.eq_ignore_ascii_case(name).then_some(value)
    })
}

async fn within_a_minute<T>(waiting: impl Future<Output = T>) {
    let waited = timeout(Duration::from_mins(1), waiting).await;
    drop(waited.expect("it happens within a minute"));
}
