//! kill -9 at ten points around commit and send: no code that was promised is lost, and none is
//! sent more often than twice.

use std::time::Duration;

use entity::{challenge, delivery};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use tempfile::tempdir;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use crate::support::database::TestDatabase;
use crate::support::process::{Process, with_mail};
use crate::support::smtp::{Fault, MailServer, Step, header};

/// When the server is killed.
#[derive(Clone, Copy, Debug)]
enum Point {
    /// This long after `requestOtp` was sent, answered or not.
    InFlight(Duration),
    /// As soon as `requestOtp` was answered.
    Answered,
    /// As soon as the conversation with the mail server has come so far.
    Sending(Step),
}

/// What became of the code.
struct Count {
    challenges: u64,
    mails: usize,
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_killed_at_any_point_sends_every_code_once_or_in_mid_send_twice() {
    let points = [
        Point::InFlight(Duration::from_millis(5)),
        Point::InFlight(Duration::from_millis(40)),
        Point::Answered,
        Point::Sending(Step::Connected),
        Point::Sending(Step::Ehlo),
        Point::Sending(Step::RcptTo),
        Point::Sending(Step::Data),
        Point::Sending(Step::Body),
        Point::Sending(Step::Sent),
        Point::Sending(Step::Taken),
    ];
    let mut killings = JoinSet::new();
    for (at, point) in points.into_iter().enumerate() {
        killings.spawn(async move { (at, point, kill_at(point).await) });
    }
    let mut counts = killings.join_all().await;
    counts.sort_unstable_by_key(|(at, ..)| *at);
    println!("killed                        challenges  mails");
    for (_, point, Count { challenges, mails }) in &counts {
        println!("{:<30}{challenges:>10}{mails:>7}", format!("{point:?}"));
    }
    for (_, point, Count { challenges, mails }) in counts {
        let promised = usize::from(challenges == 1);
        let most = match point {
            Point::Sending(step) if step < Step::Sent => promised,
            // It may have been sent already.
            _ => promised * 2,
        };
        assert!(
            (promised..=most).contains(&mails),
            "{point:?}: {mails} mails"
        );
    }
}

async fn kill_at(point: Point) -> Count {
    let (database, folder) = (TestDatabase::create().await, tempdir().unwrap());
    let script = match point {
        Point::Sending(step) => vec![(step, Fault::Hold)],
        Point::InFlight(_) | Point::Answered => Vec::new(),
    };
    let mail = MailServer::scripted(script).await;
    let (url, port) = (database.url(), mail.port().to_string());
    let server = Process::start(folder.path(), &with_mail(&url, &port)).await;
    match point {
        Point::InFlight(span) => {
            let _ = timeout(span, server.request_otp("ada@example.com")).await;
        }
        Point::Answered => drop(server.request_otp("ada@example.com").await),
        Point::Sending(step) => {
            server.request_otp("ada@example.com").await;
            mail.reached(step).await;
        }
    }
    server.kill();

    let _server = Process::start(folder.path(), &with_mail(&url, &port)).await;
    let store = database.connect().await;
    let owed = || {
        delivery::Entity::find()
            .filter(delivery::Column::SettledAt.is_null())
            .count(store.pool())
    };
    let settled = timeout(Duration::from_mins(1), async {
        while owed().await.expect("the database answers") > 0 {
            sleep(Duration::from_millis(100)).await;
        }
    });
    settled.await.expect("the outbox empties");
    let challenges = challenge::Entity::find().count(store.pool()).await;
    let mails = mail.mails();
    let ids: Vec<_> = mails
        .iter()
        .map(|mail| header(mail, "Message-ID"))
        .collect();
    assert!(ids.windows(2).all(|two| two[0] == two[1]), "{ids:?}");
    Count {
        challenges: challenges.expect("the database answers"),
        mails: mails.len(),
    }
}
