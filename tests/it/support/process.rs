//! The server as its users run it: the binary, in a folder of its own.

use std::fs::File;
use std::net::TcpListener;
use std::path::Path;
use std::process::{self, Child, Command, ExitStatus};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::{sleep, timeout};

/// A running server, killed when dropped.
pub struct Process {
    child: Child,
    port: u16,
    client: reqwest::Client,
    folder: std::path::PathBuf,
}

impl Process {
    /// Starts the server in `folder` and waits until it answers.
    pub async fn start(folder: &Path, environment: &[(&str, &str)]) -> Self {
        Self::start_by(command(folder, environment), folder).await
    }

    /// Starts it by a command of the test's own.
    pub async fn start_by(mut command: Command, folder: &Path) -> Self {
        let port = free_port();
        let output = |name: &str| {
            File::options()
                .append(true)
                .create(true)
                .open(folder.join(name))
                .expect("a log file")
        };
        let child = command
            .env("PORT", port.to_string())
            .stdout(output("out.log"))
            .stderr(output("err.log"))
            .spawn()
            .expect("the binary runs");
        let client = reqwest::Client::new();
        let mut process = Self {
            child,
            port,
            client,
            folder: folder.to_owned(),
        };
        let started = timeout(Duration::from_mins(1), process.answers()).await;
        assert!(
            started == Ok(true),
            "the server does not start: {}",
            process.output()
        );
        process
    }

    /// Waits until it answers: whether it does, and has not ended instead.
    async fn answers(&mut self) -> bool {
        let readiness = self.url("/readyz");
        while self.child.try_wait().expect("a child").is_none() {
            if self.client.get(&readiness).send().await.is_ok() {
                return true;
            }
            sleep(Duration::from_millis(20)).await;
        }
        false
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// Everything that it has printed, on either stream, since the folder is there.
    pub fn output(&self) -> String {
        let read = |name: &str| std::fs::read_to_string(self.folder.join(name)).unwrap_or_default();
        read("out.log") + &read("err.log")
    }

    /// The word that it has printed, or is about to print, behind `label`.
    pub async fn printed(&self, label: &str) -> String {
        let found = async {
            loop {
                let output = self.output();
                let line = output.lines().find_map(|line| line.split_once(label));
                if let Some(word) = line.and_then(|(_, rest)| rest.split_whitespace().next()) {
                    return word.to_owned();
                }
                sleep(Duration::from_millis(20)).await;
            }
        };
        timeout(Duration::from_secs(30), found)
            .await
            .unwrap_or_else(|_| panic!("no {label} in {}", self.output()))
    }

    /// Posts a GraphQL request, with `bearer` if there is one.
    pub async fn graphql(&self, query: &str, variables: Value, bearer: Option<&str>) -> Value {
        let mut request = self
            .client
            .post(self.url("/graphql"))
            .header("content-type", "application/json")
            .body(json!({ "query": query, "variables": variables }).to_string());
        if let Some(bearer) = bearer {
            request = request.bearer_auth(bearer);
        }
        let text = request
            .send()
            .await
            .expect("an answer")
            .text()
            .await
            .expect("a body");
        serde_json::from_str(&text).expect("JSON")
    }

    /// Asks for a code for `email`, and returns the challenge's token.
    pub async fn request_otp(&self, email: &str) -> String {
        let query = "mutation($email: String!) { requestOtp(input: { recipient: { email: $email } }) \
                     { challenge { challengeToken } } }";
        let answer = self.graphql(query, json!({ "email": email }), None).await;
        let token = answer["data"]["requestOtp"]["challenge"]["challengeToken"].as_str();
        token
            .unwrap_or_else(|| panic!("no challenge in {answer}"))
            .to_owned()
    }

    /// Answers a challenge.
    pub async fn verify_otp(&self, email: &str, code: &str, token: &str) -> Value {
        let query = "mutation($email: String!, $code: String!, $token: String) { verifyOtp(input: { \
                     recipient: { email: $email }, code: $code, challengeToken: $token }) \
                     { tokens { accessToken refreshToken } userErrors { code } } }";
        let variables = json!({ "email": email, "code": code, "token": token });
        self.graphql(query, variables, None).await["data"]["verifyOtp"].clone()
    }

    /// SIGKILL: no time to tidy up.
    pub fn kill(mut self) {
        self.child.kill().expect("a process to kill");
        self.child.wait().expect("an end");
    }

    /// SIGTERM, as service managers send it.
    pub fn terminate(&self) {
        let pid = self.child.id().to_string();
        let sent = Command::new("kill")
            .args(["-TERM", &pid])
            .status()
            .expect("kill runs");
        assert!(sent.success());
    }

    /// Waits for its end.
    pub async fn ended(mut self) -> ExitStatus {
        let ending = async {
            loop {
                if let Some(status) = self.child.try_wait().expect("a child") {
                    return status;
                }
                sleep(Duration::from_millis(20)).await;
            }
        };
        timeout(Duration::from_secs(30), ending)
            .await
            .expect("an end within 30 s")
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The settings of a server whose mail goes out by the mail server at `port`, in clear.
pub fn with_mail<'a>(url: &'a str, port: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("DATABASE_URL", url),
        ("COUNTERSIGN__SECRET", super::SECRET),
        ("COUNTERSIGN__EMAIL__CHAIN", "smtp"),
        ("COUNTERSIGN__SMTP__HOST", "127.0.0.1"),
        ("COUNTERSIGN__SMTP__PORT", port),
        ("COUNTERSIGN__SMTP__SECURITY", "none"),
        ("COUNTERSIGN__SMTP__FROM", "Countersign <codes@example.com>"),
    ]
}

/// The binary, in `folder`, with nothing in its environment but `environment`.
pub fn command(folder: &Path, environment: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_countersign"));
    command
        .current_dir(folder)
        .env_clear()
        .envs(environment.iter().copied());
    command
}

/// The code that the binary exits with, and all that it says.
pub fn run(
    folder: &Path,
    environment: &[(&str, &str)],
    arguments: &[&str],
) -> (Option<i32>, String) {
    let output = command(folder, environment)
        .args(arguments)
        .output()
        .expect("the binary runs");
    let text = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8(text).unwrap())
}

/// A port that nobody listens on, and that nobody else is given before it is used: two callers get
/// two, two runs at once begin far apart, and the system hands out none below 32768 by itself.
pub fn free_port() -> u16 {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let begin = process::id().wrapping_mul(1_000);
    loop {
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let port = 10_000 + begin.wrapping_add(count) % 20_000;
        let port = u16::try_from(port).expect("a port is below 65536");
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}
