//! `countersign limits`: the binary, on the database of a server that runs.

use tempfile::tempdir;

use crate::support::SECRET;
use crate::support::database::TestDatabase;
use crate::support::process::{self, Process};

#[tokio::test(flavor = "multi_thread")]
async fn the_command_shows_what_is_left_and_makes_it_whole() {
    let (database, folder) = (TestDatabase::create().await, tempdir().unwrap());
    let url = database.url();
    let environment = [
        ("DATABASE_URL", url.as_str()),
        ("COUNTERSIGN__SECRET", SECRET),
        ("COUNTERSIGN__OTP__RESEND_INTERVAL", "15m"),
        ("COUNTERSIGN__LIMITS__ADDRESS_GUESSES_PER_HOUR", "0"),
    ];
    let server = Process::start(folder.path(), &environment).await;
    server.request_otp("ada@example.com").await;
    let run = |arguments: &[&str]| process::run(folder.path(), &environment, arguments);
    let left = |who: &str| {
        let (code, table) = run(&["limits", "show", who]);
        assert_eq!(code, Some(0), "{table}");
        let words = |line: &str| {
            let mut words = line.split_whitespace().map(str::to_owned);
            (words.next(), words.next(), words.next())
        };
        let rows = table.lines().skip(3).map(words);
        let row = |(name, left, of): (Option<String>, Option<String>, Option<String>)| {
            format!("{} {}/{}", name.unwrap(), left.unwrap(), of.unwrap())
        };
        (table.clone(), rows.map(row).collect::<Vec<_>>())
    };

    let (table, rows) = left("Ada@Example.com");
    assert!(
        table.starts_with("Budgets of ada@example.com:\n"),
        "{table}"
    );
    let wanted = [
        "send 0/1",
        "send-hour 4/5",
        "send-day 9/10",
        "guess 10/10",
        "open-guess 10/10",
    ];
    assert_eq!(rows, wanted);
    assert!(
        ["  in 15m\n", "  in 14m "]
            .iter()
            .any(|wait| table.contains(wait)),
        "{table}"
    );
    let (table, rows) = left("127.0.0.1");
    let wanted = [
        "address-send-hour 29/30",
        "address-send-day 99/100",
        "address-guess –/–",
        "address-account 20/20",
    ];
    assert_eq!(rows, wanted);
    assert!(
        table.contains("off") && table.contains("  now\n"),
        "{table}"
    );

    let cleared = "Cleared of ada@example.com: send, send-hour, send-day.\n".to_owned();
    assert_eq!(
        run(&["limits", "clear", "ada@example.com"]),
        (Some(0), cleared)
    );
    server.request_otp("ada@example.com").await;
    let nothing = "Nothing was charged to +447911123456.\n".to_owned();
    assert_eq!(
        run(&["limits", "clear", "+44 7911 123456"]),
        (Some(0), nothing)
    );

    for wrong in ["ada", "07911 123456", "203.0.113", "2001:db8::/48"] {
        for verb in ["show", "clear"] {
            let (code, said) = run(&["limits", verb, wrong]);
            assert_eq!(code, Some(2), "{said}");
            assert!(
                said.contains(wrong) && said.contains("IP address"),
                "{said}"
            );
        }
    }
}
