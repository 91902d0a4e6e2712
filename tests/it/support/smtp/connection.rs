//! One client's conversation.

use std::io;
use std::net::IpAddr;
use std::sync::Arc;

use mailin::response::{AUTH_OK, INVALID_CREDENTIALS};
use mailin::{Action, AuthMechanism, Handler, Response, Session, SessionBuilder};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::time::sleep;

use super::{Fault, State, Step, Tls};

pub struct Connection {
    state: Arc<State>,
    fault: Option<(Step, Fault)>,
    session: Session<Desk>,
}

/// How a conversation goes on.
enum Next {
    /// Over TLS.
    Secure,
    /// Not at all.
    Over,
}

/// What the script did to a step.
enum Befallen {
    Nothing,
    Answered,
    HungUp,
}

trait Socket: AsyncRead + AsyncWrite + Unpin + Send {}
impl<S: AsyncRead + AsyncWrite + Unpin + Send> Socket for S {}

impl Connection {
    pub fn new(state: Arc<State>, client: IpAddr, fault: Option<(Step, Fault)>) -> Self {
        let mut builder = SessionBuilder::new("mail.test");
        if matches!(state.manners.tls, Some((Tls::StartTls, _))) {
            builder.enable_start_tls();
        }
        if state.manners.account.is_some() {
            builder.enable_auth(AuthMechanism::Plain);
        }
        let desk = Desk(state.manners.account);
        let session = builder.build(client, desk);
        Self {
            state,
            fault,
            session,
        }
    }

    /// Talks until one of the two hangs up.
    pub async fn serve(mut self, socket: TcpStream) -> io::Result<()> {
        let tls = self.state.manners.tls.clone();
        match tls {
            None => self.converse(socket, true).await.map(drop),
            Some((Tls::Implicit, certificate)) => {
                let secure = certificate.acceptor.accept(socket).await?;
                self.session.tls_active();
                self.converse(secure, true).await.map(drop)
            }
            Some((Tls::StartTls, certificate)) => {
                let mut socket = socket;
                if let Next::Secure = self.converse(&mut socket, true).await? {
                    let secure = certificate.acceptor.accept(socket).await?;
                    self.session.tls_active();
                    self.converse(secure, false).await?;
                }
                Ok(())
            }
        }
    }

    async fn converse(&mut self, socket: impl Socket, greet: bool) -> io::Result<Next> {
        let mut socket = BufReader::new(socket);
        if greet {
            if let Befallen::Answered | Befallen::HungUp =
                self.come_to(Step::Connected, &mut socket).await?
            {
                return Ok(Next::Over);
            }
            answer(&mut socket, &self.session.greeting()).await?;
        }
        let (mut in_body, mut mail) = (false, String::new());
        loop {
            let mut line = String::new();
            if socket.read_line(&mut line).await? == 0 {
                return Ok(Next::Over);
            }
            let ends = in_body && line == ".\r\n";
            let step = match (in_body, ends) {
                (true, true) => Some(Step::Sent),
                (true, false) => mail.is_empty().then_some(Step::Body),
                (false, _) => command(&line),
            };
            if in_body {
                mail.push_str(&line);
            }
            if ends && !matches!(self.fault, Some((Step::Sent, Fault::Reply(_)))) {
                let mail = std::mem::take(&mut mail);
                self.state.mails.send_modify(|mails| mails.push(mail));
            }
            let befallen = match step {
                Some(step) => self.come_to(step, &mut socket).await?,
                None => Befallen::Nothing,
            };
            if let Befallen::HungUp = befallen {
                return Ok(Next::Over);
            }
            if let (Befallen::Answered, false) = (&befallen, ends) {
                continue;
            }
            let response = self.session.process(line.as_bytes());
            in_body = if in_body { !ends } else { response.code == 354 };
            if let Befallen::Answered = befallen {
                continue;
            }
            match response.action {
                Action::NoReply => {}
                Action::Reply => answer(&mut socket, &response).await?,
                Action::Close => {
                    answer(&mut socket, &response).await?;
                    return Ok(Next::Over);
                }
                Action::UpgradeTls => {
                    answer(&mut socket, &response).await?;
                    return Ok(Next::Secure);
                }
            }
            if ends && let Befallen::HungUp = self.come_to(Step::Taken, &mut socket).await? {
                return Ok(Next::Over);
            }
        }
    }

    /// Notes that the conversation is at `step`, and lets happen what the script has for it.
    async fn come_to(&self, step: Step, socket: &mut impl Socket) -> io::Result<Befallen> {
        self.state.steps.send_modify(|steps| steps.push(step));
        let fault = self.fault.filter(|(at, _)| *at == step);
        match fault.map(|(_, fault)| fault) {
            None => Ok(Befallen::Nothing),
            Some(Fault::Slow(span)) => {
                sleep(span).await;
                Ok(Befallen::Nothing)
            }
            Some(Fault::Reply(line)) => {
                socket.write_all(format!("{line}\r\n").as_bytes()).await?;
                socket.flush().await?;
                Ok(Befallen::Answered)
            }
            Some(Fault::Cut) => Ok(Befallen::HungUp),
            Some(Fault::Hold) => std::future::pending().await,
            Some(Fault::Endless) => {
                let code = match step {
                    Step::Connected => 220,
                    Step::Data => 354,
                    _ => 250,
                };
                let reply = format!("{code}-{}\r\n", "more ".repeat(150));
                loop {
                    socket.write_all(reply.as_bytes()).await?;
                    socket.flush().await?;
                }
            }
        }
    }
}

/// What the server decides: who may send.
struct Desk(Option<(&'static str, &'static str)>);

impl Handler for Desk {
    fn auth_plain(&mut self, _: &str, user: &str, password: &str) -> Response {
        if self.0 == Some((user, password)) {
            AUTH_OK
        } else {
            INVALID_CREDENTIALS
        }
    }
}

fn command(line: &str) -> Option<Step> {
    let verb = line.trim_end().to_ascii_uppercase();
    match verb.split([' ', ':']).next()? {
        "EHLO" => Some(Step::Ehlo),
        "AUTH" => Some(Step::Auth),
        "MAIL" => Some(Step::MailFrom),
        "RCPT" => Some(Step::RcptTo),
        "DATA" => Some(Step::Data),
        _ => None,
    }
}

async fn answer(socket: &mut impl Socket, response: &Response) -> io::Result<()> {
    let mut bytes = Vec::new();
    response.write_to(&mut bytes)?;
    socket.write_all(&bytes).await?;
    socket.flush().await
}
