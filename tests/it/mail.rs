//! E-mail, to a real mail server that has its moods.

use std::sync::Arc;
use std::time::Duration;

use countersign::delivery::smtp::{Smtp, SmtpSecurity, SmtpSettings};
use countersign::delivery::{Courier, Receipt, SendError};
use countersign::domain::Channel;
use countersign::domain::targets::Targets;
use lettre::transport::smtp::client::Certificate as Authority;
use secrecy::SecretString;
use tokio::task::JoinSet;

use crate::support::clock::TestClock;
use crate::support::message::{CODE, ID, assert_discreet, code_by};
use crate::support::smtp::{Certificate, Fault, MailServer, Manners, Step, Tls, header};

#[tokio::test]
async fn a_mail_says_who_it_is_from_and_that_no_answer_is_wanted() {
    let server = MailServer::start().await;
    let smtp = Smtp::new(&settings(&server)).unwrap();
    assert_eq!(send(&smtp).await, Ok(Receipt::default()));
    let mail = server.first_mail().await;
    for (name, value) in [
        ("From", "Example <codes@example.com>"),
        ("To", "ada@example.com"),
        ("Subject", "493817 is your code."),
        ("Auto-Submitted", "auto-generated"),
        ("Message-ID", format!("<{ID}@example.com>").as_str()),
    ] {
        let found = header(&mail, name).map(|found| found.replace('"', ""));
        assert_eq!(found.as_deref(), Some(value), "{mail}");
    }
    assert!(mail.contains("multipart/alternative"), "{mail}");
    assert_eq!(
        mail.matches(CODE).count(),
        3,
        "subject, text and HTML: {mail}"
    );
}

#[tokio::test]
async fn only_a_refused_address_is_the_persons_fault() {
    let permanent = |why: &str| SendError::Permanent(why.to_owned());
    let temporary = |why: &str| SendError::Temporary(why.to_owned());
    let unwell = |why: &str| SendError::Unwell(why.to_owned());
    for (step, reply, judged) in [
        (
            Step::RcptTo,
            "550 5.1.1 <ada@example.com> unknown",
            permanent("reply 550 5.1.1"),
        ),
        (
            Step::RcptTo,
            "550 no ada@example.com here",
            permanent("reply 550"),
        ),
        (Step::RcptTo, "553 not allowed", permanent("reply 553")),
        (
            Step::RcptTo,
            "556 5.1.10 null MX",
            permanent("reply 556 5.1.10"),
        ),
        (
            Step::RcptTo,
            "550 5.7.1 relaying denied",
            temporary("reply 550 5.7.1"),
        ),
        (
            Step::RcptTo,
            "550 5.1.8 bad sender",
            temporary("reply 550 5.1.8"),
        ),
        (
            Step::RcptTo,
            "552 5.2.2 mailbox full",
            temporary("reply 552 5.2.2"),
        ),
        (
            Step::RcptTo,
            "450 4.2.0 greylisted",
            temporary("reply 450 4.2.0"),
        ),
        (Step::MailFrom, "550 no such sender", unwell("reply 550")),
        (Step::RcptTo, "421 going down", unwell("reply 421")),
        (Step::Ehlo, "502 what", unwell("reply 502")),
        (
            Step::Data,
            "554 5.5.1 no recipients",
            temporary("reply 554 5.5.1"),
        ),
        (Step::Sent, "554 5.6.0 spam", temporary("reply 554 5.6.0")),
        (Step::Sent, "550 spam", temporary("reply 550")),
        (
            Step::Sent,
            "550 5.1.1 unknown",
            permanent("reply 550 5.1.1"),
        ),
        (Step::Connected, "554 go away", unwell("reply 554")),
        (
            Step::Connected,
            "HTTP/1.1 400 Bad Request",
            unwell("not a mail server's reply"),
        ),
    ] {
        let server = MailServer::scripted(vec![(step, Fault::Reply(reply))]).await;
        let smtp = Smtp::new(&settings(&server)).unwrap();
        let error = send(&smtp).await.unwrap_err();
        assert_discreet(&error, &["unknown", "spam"]);
        assert_eq!(error, judged, "{step:?} {reply}");
        assert_eq!(
            send(&smtp).await,
            Ok(Receipt::default()),
            "the next one goes"
        );
    }
}

#[tokio::test]
async fn a_wrong_password_is_ours_to_mend() {
    let certificate = Certificate::generate();
    let manners = Manners {
        tls: Some((Tls::Implicit, certificate.clone())),
        account: Some(("countersign", "right")),
    };
    let server = MailServer::with(manners, Vec::new()).await;
    for (password, is_right) in [("right", true), ("wrong", false)] {
        let credentials = ("countersign".to_owned(), SecretString::from(password));
        let settings = SmtpSettings {
            credentials: Some(credentials),
            ..over_tls(&server, SmtpSecurity::Tls, &certificate)
        };
        let smtp = Smtp::new(&settings).unwrap();
        assert_eq!(smtp.greet().await.is_ok(), is_right);
        match send(&smtp).await {
            Ok(_) => assert!(is_right),
            Err(error) => {
                assert_eq!(error.to_string(), "unwell: reply 535");
                assert!(!is_right);
            }
        }
        let printed = format!("{settings:?} {smtp:?}");
        assert!(!printed.contains(password), "{printed}");
    }
}

#[tokio::test]
async fn a_conversation_that_breaks_off_or_dies_down_harms_no_other() {
    let steps = [
        Step::Connected,
        Step::MailFrom,
        Step::RcptTo,
        Step::Data,
        Step::Body,
    ];
    let cases = steps.map(|step| [(step, Fault::Cut), (step, Fault::Hold)]);
    let one = |(step, fault)| async move {
        let server = MailServer::scripted(vec![(step, fault)]).await;
        let impatient = SmtpSettings {
            timeout: Duration::from_millis(300),
            ..settings(&server)
        };
        let smtp = Smtp::new(&impatient).unwrap();
        let error = send(&smtp).await.unwrap_err();
        let is_unwell = matches!(error, SendError::Unwell(_));
        assert!(is_unwell, "{step:?} {fault:?}: {error}");
        assert_eq!(send(&smtp).await, Ok(Receipt::default()));
        assert_eq!(server.mails_from(1).await.len(), 1, "{step:?} {fault:?}");
    };
    let cases = cases.into_iter().flatten().map(one);
    cases.collect::<JoinSet<_>>().join_all().await;
}

#[tokio::test]
async fn a_server_that_takes_its_time_is_waited_for() {
    let slow = Fault::Slow(Duration::from_millis(500));
    let server = MailServer::scripted(vec![(Step::Sent, slow)]).await;
    let smtp = Smtp::new(&settings(&server)).unwrap();
    assert_eq!(send(&smtp).await, Ok(Receipt::default()));
}

#[tokio::test]
async fn a_connection_is_used_again_while_its_other_end_is_there() {
    let server = MailServer::start().await;
    let smtp = Smtp::new(&settings(&server)).unwrap();
    for _ in 0..3 {
        send(&smtp).await.unwrap();
    }
    assert_eq!(server.visits(), 1);

    let forgetful = MailServer::scripted(vec![(Step::Taken, Fault::Cut)]).await;
    let smtp = Smtp::new(&settings(&forgetful)).unwrap();
    for _ in 0..3 {
        send(&smtp).await.unwrap();
    }
    assert_eq!((forgetful.visits(), forgetful.mails().len()), (2, 3));
}

#[tokio::test]
async fn there_are_never_more_connections_than_are_allowed() {
    let server = MailServer::start().await;
    let settings = SmtpSettings {
        max_connections: 2,
        ..settings(&server)
    };
    let smtp = Arc::new(Smtp::new(&settings).unwrap());
    let one = |_| {
        let smtp = Arc::clone(&smtp);
        async move { send(&smtp).await }
    };
    let sent = (0..20).map(one).collect::<JoinSet<_>>().join_all().await;
    assert!(sent.iter().all(Result::is_ok), "{sent:?}");
    assert_eq!(server.mails().len(), 20);
    assert!(server.visits() <= 2, "{}", server.visits());
}

#[tokio::test]
async fn a_private_authority_is_believed_once_it_is_configured() {
    let certificate = Certificate::generate();
    for (tls, security) in [
        (Tls::Implicit, SmtpSecurity::Tls),
        (Tls::StartTls, SmtpSecurity::StartTls),
    ] {
        let manners = Manners {
            tls: Some((tls, certificate.clone())),
            ..Manners::default()
        };
        let server = MailServer::with(manners, Vec::new()).await;
        let believing = over_tls(&server, security, &certificate);
        let doubting = SmtpSettings {
            extra_authorities: Vec::new(),
            ..believing.clone()
        };
        let error = send(&Smtp::new(&doubting).unwrap()).await.unwrap_err();
        let doubt = SendError::Unwell("no secure connection".to_owned());
        assert_eq!(error, doubt, "{tls:?}");
        let smtp = Smtp::new(&believing).unwrap();
        assert_eq!(send(&smtp).await, Ok(Receipt::default()));
        assert_eq!(server.mails().len(), 1);
    }
}

#[tokio::test]
async fn a_server_without_starttls_is_told_nothing() {
    let server = MailServer::start().await;
    let settings = SmtpSettings {
        security: SmtpSecurity::StartTls,
        ..settings(&server)
    };
    let error = send(&Smtp::new(&settings).unwrap()).await.unwrap_err();
    let lacks = SendError::Unwell("the server lacks what is configured".to_owned());
    assert_eq!((error, server.mails().len()), (lacks, 0));
}

async fn send(smtp: &Smtp) -> Result<Receipt, SendError> {
    smtp.send(&code_by(Channel::Email, &TestClock::default()))
        .await
}

fn settings(server: &MailServer) -> SmtpSettings {
    SmtpSettings {
        host: "127.0.0.1".to_owned(),
        port: server.port(),
        security: SmtpSecurity::None,
        extra_authorities: Vec::new(),
        credentials: None,
        from: "Example <codes@example.com>".parse().unwrap(),
        timeout: Duration::from_secs(2),
        max_connections: 8,
        targets: Targets::Anywhere,
    }
}

fn over_tls(
    server: &MailServer,
    security: SmtpSecurity,
    certificate: &Certificate,
) -> SmtpSettings {
    SmtpSettings {
        host: "localhost".to_owned(),
        security,
        extra_authorities: vec![Authority::from_pem(certificate.pem.as_bytes()).unwrap()],
        ..settings(server)
    }
}
