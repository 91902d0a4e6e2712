//! What the server itself asks of others: bounded in time and size, sent nowhere else, and not to
//! addresses that are nobody's business.

use std::sync::Arc;
use std::time::{Duration, Instant};

use countersign::delivery::smtp::{Smtp, SmtpSecurity, SmtpSettings};
use countersign::delivery::targets::PRIVATE;
use countersign::delivery::twilio::{Sender, TwilioSettings, TwilioSms};
use countersign::delivery::webhook::{Webhook, WebhookSecret, WebhookSettings};
use countersign::delivery::{Courier, Receipt, SendError};
use countersign::domain::Channel;
use countersign::domain::proxies::Block;
use countersign::domain::targets::Targets;
use secrecy::SecretString;

use crate::support::clock::TestClock;
use crate::support::message::code_by;
use crate::support::process::command;
use crate::support::provider::{Provider, Reply};
use crate::support::smtp::{Fault, MailServer, Step};

/// As much as one request may take here.
const TIMEOUT: Duration = Duration::from_secs(1);
/// More than that, and much less than a provider could go on for.
const BOUND: Duration = Duration::from_secs(10);

#[tokio::test]
async fn an_answer_that_drips_or_never_ends_is_left() {
    let provider = Provider::start().await;
    for courier in couriers(&provider.url, &Targets::Anywhere) {
        for (reply, outcome) in [
            // The status is there, and says that the message was taken: it must not go out twice.
            (Reply::Drip(201), Ok(())),
            (Reply::Endless(201), Ok(())),
            (Reply::Drip(500), Err("status 500")),
            (Reply::Endless(500), Err("status 500")),
            (Reply::EndlessHead, Err("the connection broke")),
            (Reply::Hang, Err("timed out")),
        ] {
            let (name, shown) = (courier.name(), format!("{reply:?}"));
            provider.will([reply]);
            let begun = Instant::now();
            let sent = send(&*courier).await.map(drop);
            assert!(begun.elapsed() < BOUND, "{name} {shown}: {sent:?}");
            let outcome = outcome.map_err(|why| SendError::Unwell(why.to_owned()));
            assert_eq!(sent, outcome, "{name} {shown}");
        }
    }
    // Four of them: 64 KiB each, and what the system holds for a socket.
    assert!(provider.taken() < 40 << 20, "{}", provider.taken());
}

#[tokio::test]
async fn a_redirect_is_followed_nowhere() {
    let (provider, other) = (Provider::start().await, Provider::start().await);
    for courier in couriers(&provider.url, &Targets::Anywhere) {
        let elsewhere = other.url.replace("127.0.0.1", "localhost");
        for to in [other.url.clone(), elsewhere, format!("{}/x", provider.url)] {
            let before = provider.requests().len();
            provider.will([Reply::Redirect(to)]);
            let refused = SendError::Unwell("status 307".to_owned());
            assert_eq!(send(&*courier).await, Err(refused));
            assert_eq!(provider.requests().len(), before + 1);
        }
    }
    assert_eq!(other.requests().len(), 0);
}

#[tokio::test]
async fn a_name_that_leads_into_private_is_not_connected_to() {
    let (provider, mail) = (Provider::start().await, MailServer::start().await);
    let url = provider.url.replace("127.0.0.1", "localhost");
    let public = Targets::Public { and: Vec::new() };
    let refused = Err(SendError::Unwell(PRIVATE.to_owned()));
    for courier in couriers(&url, &public) {
        assert_eq!(send(&*courier).await, refused, "{}", courier.name());
    }
    assert_eq!(send(&smtp(&mail, &public)).await, refused);
    assert_eq!((provider.requests().len(), mail.visits()), (0, 0));

    let and = vec![Block::parse("127.0.0.1").expect("a block")];
    let allowed = Targets::Public { and };
    for courier in couriers(&url, &allowed) {
        assert_eq!(send(&*courier).await, Ok(Receipt::default()));
    }
    assert_eq!(send(&smtp(&mail, &allowed)).await, Ok(Receipt::default()));
    assert_eq!((provider.requests().len(), mail.visits()), (2, 1));
}

#[tokio::test]
async fn a_mail_server_that_goes_on_talking_is_left() {
    let endless = [Step::Connected, Step::Ehlo, Step::MailFrom, Step::Data];
    for step in endless {
        let mail = MailServer::scripted(vec![(step, Fault::Endless)]).await;
        let begun = Instant::now();
        let sent = send(&smtp(&mail, &Targets::Anywhere)).await;
        assert!(begun.elapsed() < BOUND, "{step:?}: {sent:?}");
        assert!(
            matches!(sent, Err(SendError::Unwell(_))),
            "{step:?}: {sent:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_healthcheck_believes_nobody_else() {
    let (ours, other, folder) = (
        Provider::start().await,
        Provider::start().await,
        tempfile::tempdir().unwrap(),
    );
    let port = ours.url.rsplit(':').next().unwrap().to_owned();
    let ask = || {
        let output = command(folder.path(), &[("PORT", &port)])
            .arg("healthcheck")
            .output();
        output.unwrap().status.code()
    };
    for (reply, code) in [
        (Reply::answer(200, "ok"), 0),
        (Reply::Endless(200), 0),
        (Reply::answer(503, ""), 1),
        (Reply::Redirect(other.url.clone()), 1),
        (Reply::Cut, 1),
        (Reply::Hang, 1),
    ] {
        let shown = format!("{reply:?}");
        ours.will([reply]);
        assert_eq!(ask(), Some(code), "{shown}");
    }
    assert_eq!(other.requests().len(), 0);
}

async fn send(courier: &dyn Courier) -> Result<Receipt, SendError> {
    let channel = match courier.name() {
        "smtp" => Channel::Email,
        _ => Channel::Sms,
    };
    courier.send(&code_by(channel, &TestClock::default())).await
}

fn couriers(url: &str, targets: &Targets) -> [Box<dyn Courier>; 2] {
    let clock = Arc::new(TestClock::default());
    let webhook = WebhookSettings {
        url: url.parse().unwrap(),
        secrets: WebhookSecret::parse("whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD")
            .into_iter()
            .collect(),
        timeout: TIMEOUT,
        targets: targets.clone(),
    };
    let twilio = TwilioSettings {
        api_url: url.parse().unwrap(),
        account_sid: "AC0123456789abcdef0123456789abcdef".to_owned(),
        auth_token: Some(SecretString::from("token")),
        api_key: None,
        sender: Some(Sender::From("Example".to_owned())),
        timeout: TIMEOUT,
        targets: targets.clone(),
    };
    [
        Box::new(Webhook::new(&webhook, clock.clone()).unwrap()),
        Box::new(TwilioSms::new(&twilio, None, clock).unwrap()),
    ]
}

fn smtp(server: &MailServer, targets: &Targets) -> Smtp {
    let settings = SmtpSettings {
        host: "localhost".to_owned(),
        port: server.port(),
        security: SmtpSecurity::None,
        extra_authorities: Vec::new(),
        credentials: None,
        from: "Example <codes@example.com>".parse().unwrap(),
        timeout: TIMEOUT,
        max_connections: 1,
        targets: targets.clone(),
    };
    Smtp::new(&settings).unwrap()
}
