//! Signs somebody in with cynic, and out again: `cargo run -- ada@example.com`

mod api;

use std::env;
use std::io::{self, Write};

use anyhow::{Context, Result, anyhow, bail};
use cynic::{GraphQlResponse, MutationBuilder, Operation, QueryBuilder};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use api::{
    AuthError, Logout, Me, OtpRecipientInput, RefreshToken, RefreshTokenInput, RefreshVariables,
    RequestOtp, RequestOtpInput, RequestVariables, VerifyOtp, VerifyOtpInput, VerifyVariables,
};

fn main() -> Result<()> {
    let email = env::args().nth(1).context("whom? Give an address")?;
    let recipient = OtpRecipientInput::Email(email);
    let mut client = Client::new();

    let input = RequestOtpInput {
        recipient: recipient.clone(),
    };
    let asked = client
        .run(RequestOtp::build(RequestVariables { input }))?
        .request_otp;
    refuse(&asked.user_errors)?;
    let challenge = asked.challenge.context("no challenge")?;
    println!("A code is on its way to {}.", challenge.masked_recipient);
    let code = ask(&format!("Its {} digits: ", challenge.code_length))?;

    let challenge_token = Some(challenge.challenge_token);
    let input = VerifyOtpInput {
        recipient,
        code,
        challenge_token,
    };
    let verified = client
        .run(VerifyOtp::build(VerifyVariables { input }))?
        .verify_otp;
    refuse(&verified.user_errors)?;
    let tokens = verified.tokens.context("no tokens")?;
    client.access_token = Some(tokens.access_token);
    println!("Signed in as {}.", client.me()?);

    let input = Some(RefreshTokenInput {
        refresh_token: Some(tokens.refresh_token),
    });
    let refreshed = client
        .run(RefreshToken::build(RefreshVariables { input }))?
        .refresh_token;
    refuse(&refreshed.user_errors)?;
    client.access_token = refreshed.tokens.map(|tokens| tokens.access_token);
    println!("Refreshed, and still {}.", client.me()?);

    refuse(&client.run(Logout::build(()))?.logout.user_errors)?;
    let reason = client.me().err().context("still signed in")?;
    println!("Signed out: {reason}.");
    Ok(())
}

struct Client {
    url: String,
    http: reqwest::blocking::Client,
    access_token: Option<String>,
}

impl Client {
    fn new() -> Self {
        let server = env::var("COUNTERSIGN_URL");
        let server = server.unwrap_or_else(|_| "http://127.0.0.1:8000".to_owned());
        Self {
            url: format!("{server}/graphql"),
            http: reqwest::blocking::Client::new(),
            access_token: None,
        }
    }

    fn run<T, V>(&self, operation: Operation<T, V>) -> Result<T>
    where
        T: DeserializeOwned,
        V: Serialize,
    {
        let mut request = self.http.post(&self.url).json(&operation);
        if let Some(token) = &self.access_token {
            request = request.bearer_auth(token);
        }
        let response: GraphQlResponse<T, Extensions> = request.send()?.json()?;
        if let Some(error) = response.errors.into_iter().flatten().next() {
            let reason = error.extensions.and_then(|extensions| extensions.reason);
            return Err(anyhow!(reason.unwrap_or(error.message)));
        }
        response.data.context("no data")
    }

    fn me(&self) -> Result<String> {
        let user = self.run(Me::build(()))?.me.context("nobody is signed in")?;
        Ok(user.email.context("no address")?.0)
    }
}

/// What the server says to a program, beside the message.
#[derive(Deserialize)]
struct Extensions {
    reason: Option<String>,
}

/// What the person can put right comes as data, for your form; here it ends the program.
fn refuse(errors: &[AuthError]) -> Result<()> {
    match errors {
        [] => Ok(()),
        [AuthError { code, message }, ..] => bail!("{code:?}: {message}"),
    }
}

fn ask(question: &str) -> Result<String> {
    print!("{question}");
    io::stdout().flush()?;
    let mut answer = String::new();
    io::stdin().read_line(&mut answer)?;
    Ok(answer.trim().to_owned())
}
