//! `countersign sms report`: the binary, on the database of a server that runs.

use serde_json::json;
use tempfile::tempdir;

use super::{gb, zw};
use crate::support::SECRET;
use crate::support::database::TestDatabase;
use crate::support::process::{Process, command};

const ASK: &str = "mutation($phone: String!) { requestOtp(input: { recipient: { phone: $phone } }) \
                   { userErrors { code } } }";

#[tokio::test(flavor = "multi_thread")]
async fn the_report_tells_what_went_where_and_what_is_paused() {
    let (database, folder) = (TestDatabase::create().await, tempdir().unwrap());
    let url = database.url();
    let environment = [
        ("DATABASE_URL", url.as_str()),
        ("COUNTERSIGN__SECRET", SECRET),
        ("COUNTERSIGN__TOLL__COUNTRIES", "ZW,GB"),
        ("COUNTERSIGN__TOLL__SAMPLE", "5"),
    ];
    let server = Process::start(folder.path(), &environment).await;
    for number in (0..8).map(zw).chain([gb(0), "+12025550123".to_owned()]) {
        server.graphql(ASK, json!({ "phone": number }), None).await;
    }
    let run = |arguments: &[&str]| {
        let output = command(folder.path(), &environment)
            .args(arguments)
            .output();
        let output = output.expect("the binary runs");
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout).unwrap()
    };
    let table = run(&["sms", "report", "--since", "2h"]);
    let wanted = "\
Messages to telephones in the last 2h:

channel   country       sent  verified  conversion  refused
sms       GB               1         0        0.0%        0
sms       US               0         0           –        1
sms       ZW               5         0        0.0%        3
          all              6         0        0.0%        4

Paused now, for what came back in the last 1h:

sms       ZW       +263771…       5 sent, answered by 0
";
    assert_eq!(table, wanted);
    assert!(run(&["sms", "report"]).starts_with("Messages to telephones in the last 1day:"));
}
