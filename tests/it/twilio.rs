//! Twilio, through the real HTTP client.

mod answers;

use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use countersign::delivery::twilio::{
    Callbacks, Sender, TwilioSettings, TwilioSms, TwilioWhatsapp, WhatsappSettings,
};
use countersign::delivery::{Courier, Message, Purpose, Wording};
use countersign::domain::targets::Targets;
use countersign::domain::{Channel, Clock};
use secrecy::SecretString;

use crate::support::clock::TestClock;
use crate::support::message::{CODE, ID, PHONE, code_by};
use crate::support::provider::{Provider, Reply};

const ACCOUNT: &str = "AC0123456789abcdef0123456789abcdef";
const KEY: &str = "SK0123456789abcdef0123456789abcdef";
const SID: &str = "SM0123456789abcdef0123456789abcdef";
const TOKEN: &str = "hunter2";

#[tokio::test]
async fn a_text_message_is_a_form_with_everything_twilio_needs() {
    let (provider, clock) = (Provider::start().await, TestClock::default());
    provider.will([Reply::answer(201, format!(r#"{{"sid":"{SID}"}}"#))]);
    let url = "https://id.example.com".parse().unwrap();
    let callbacks = Callbacks::new(&SecretString::from(TOKEN), &url);
    let settings = settings(&provider);
    let twilio = TwilioSms::new(&settings, Some(callbacks), Arc::new(clock.clone())).unwrap();

    let receipt = twilio.send(&code_by(Channel::Sms, &clock)).await.unwrap();
    assert_eq!(receipt.reference.as_deref(), Some(SID));
    let request = provider.request();
    let path = format!("POST /2010-04-01/Accounts/{ACCOUNT}/Messages.json");
    assert_eq!(request.line, path);
    assert_eq!(
        request.header("authorization"),
        Some(basic(ACCOUNT, TOKEN).as_str())
    );
    let agent = request.header("user-agent").unwrap();
    assert!(agent.starts_with("countersign/"), "{agent}");
    let callback = format!("https://id.example.com/callbacks/twilio/{ID}");
    let wanted = [
        ("Body", format!("{CODE} is your code.")),
        ("From", "Example".to_owned()),
        ("StatusCallback", callback),
        ("To", PHONE.to_owned()),
        ("ValidityPeriod", "300".to_owned()),
    ];
    assert_eq!(
        request.form(),
        wanted.map(|(name, value)| (name.to_owned(), value))
    );
}

#[tokio::test]
async fn an_api_key_signs_in_and_a_messaging_service_chooses_the_sender() {
    let (provider, clock) = (Provider::start().await, TestClock::default());
    let service = "MG0123456789abcdef0123456789abcdef".to_owned();
    let settings = TwilioSettings {
        api_key: Some((KEY.to_owned(), SecretString::from("key secret"))),
        sender: Some(Sender::Service(service.clone())),
        ..settings(&provider)
    };
    let twilio = TwilioSms::new(&settings, None, Arc::new(clock.clone())).unwrap();
    let mut late = code_by(Channel::Sms, &clock);
    late.expires_at = clock.now();
    twilio.send(&late).await.unwrap();

    let request = provider.request();
    assert_eq!(
        request.header("authorization"),
        Some(basic(KEY, "key secret").as_str())
    );
    let form = request.form();
    let field = |wanted: &str| form.iter().find(|(name, _)| name == wanted);
    assert_eq!(field("MessagingServiceSid").unwrap().1, service);
    assert_eq!(field("ValidityPeriod").unwrap().1, "1", "Twilio's least");
    assert!(field("From").is_none() && field("StatusCallback").is_none());
}

#[tokio::test]
async fn whatsapp_takes_a_template_for_codes_and_plain_words_for_news() {
    let (provider, clock) = (Provider::start().await, TestClock::default());
    let template = "HX0123456789abcdef0123456789abcdef";
    let whatsapp = whatsapp(&provider, Some(template), &clock);
    let code = code_by(Channel::Whatsapp, &clock);
    let news = Message {
        purpose: Purpose::TokenReuse,
        wording: Wording::Text("A session was ended.".to_owned()),
        ..code.clone()
    };
    whatsapp.send(&code).await.unwrap();
    whatsapp.send(&news).await.unwrap();

    let addressed = [
        ("From", "whatsapp:+15005550006"),
        ("To", "whatsapp:+4915112345678"),
    ];
    let with_code = [
        ("ContentSid", template),
        ("ContentVariables", r#"{"1":"493817"}"#),
        addressed[0],
        addressed[1],
        ("ValidityPeriod", "300"),
    ];
    let with_news = [
        ("Body", "A session was ended."),
        addressed[0],
        addressed[1],
        ("ValidityPeriod", "300"),
    ];
    let requests = provider.requests();
    assert_eq!(requests[0].form(), owned(&with_code));
    assert_eq!(requests[1].form(), owned(&with_news));
}

#[tokio::test]
async fn whatsapp_without_a_template_brings_the_words_themselves() {
    let (provider, clock) = (Provider::start().await, TestClock::default());
    let whatsapp = whatsapp(&provider, None, &clock);
    whatsapp
        .send(&code_by(Channel::Whatsapp, &clock))
        .await
        .unwrap();
    let words = ("Body".to_owned(), format!("{CODE} is your code."));
    assert!(provider.request().form().contains(&words));
}

#[test]
fn nothing_that_is_printed_shows_the_credentials() {
    let settings = TwilioSettings {
        api_key: Some((KEY.to_owned(), SecretString::from(TOKEN))),
        api_url: "https://api.twilio.com".parse().unwrap(),
        account_sid: ACCOUNT.to_owned(),
        auth_token: Some(SecretString::from(TOKEN)),
        sender: None,
        timeout: Duration::from_secs(1),
        targets: Targets::Anywhere,
    };
    let callbacks = Callbacks::new(&SecretString::from(TOKEN), &settings.api_url);
    let clock = Arc::new(TestClock::default());
    let twilio = TwilioSms::new(&settings, Some(callbacks.clone()), clock).unwrap();
    let printed = format!("{settings:?} {callbacks:?} {twilio:?}");
    assert!(!printed.contains(TOKEN), "{printed}");
}

fn settings(provider: &Provider) -> TwilioSettings {
    TwilioSettings {
        api_url: provider.url.parse().unwrap(),
        account_sid: ACCOUNT.to_owned(),
        auth_token: Some(SecretString::from(TOKEN)),
        api_key: None,
        sender: Some(Sender::From("Example".to_owned())),
        timeout: Duration::from_secs(1),
        targets: Targets::Anywhere,
    }
}

fn twilio(provider: &Provider, clock: &TestClock) -> TwilioSms {
    TwilioSms::new(&settings(provider), None, Arc::new(clock.clone())).unwrap()
}

fn whatsapp(provider: &Provider, content: Option<&str>, clock: &TestClock) -> TwilioWhatsapp {
    let from = WhatsappSettings {
        from: "+15005550006".to_owned(),
        content_sid: content.map(str::to_owned),
    };
    TwilioWhatsapp::new(&settings(provider), &from, None, Arc::new(clock.clone())).unwrap()
}

fn basic(user: &str, password: &str) -> String {
    let encoded = STANDARD.encode(format!("{user}:{password}"));
    format!("Basic {encoded}")
}

fn owned(fields: &[(&str, &str)]) -> Vec<(String, String)> {
    let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    fields.iter().map(owned).collect()
}
