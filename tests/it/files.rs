//! Files that hold secrets or people's data are for the server's own user.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use tempfile::tempdir;

use crate::support::SECRET;
use crate::support::process::{Process, command};

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).expect("a file of ours");
}

fn mode(path: &Path) -> u32 {
    path.metadata().expect("a file").permissions().mode() & 0o777
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_database_and_its_secret_are_their_owners_alone() {
    let folder = tempdir().unwrap();
    let server = Process::start(folder.path(), &[]).await;
    for name in ["db", "db-wal", "db-shm", "secret"] {
        let path = folder.path().join(format!("countersign.{name}"));
        assert_eq!(mode(&path), 0o600, "{name}");
    }
    assert!(!server.output().contains("chmod"), "{}", server.output());
}

#[tokio::test(flavor = "multi_thread")]
async fn development_warns_of_files_that_others_may_open() {
    let folder = tempdir().unwrap();
    let secret = folder.path().join("server.secret");
    fs::write(&secret, SECRET).unwrap();
    set_mode(&secret, 0o644);
    fs::write(folder.path().join("countersign.db"), "").unwrap();
    set_mode(&folder.path().join("countersign.db"), 0o666);
    let environment = [("COUNTERSIGN__SECRET_FILE", secret.to_str().unwrap())];
    let server = Process::start(folder.path(), &environment).await;
    for said in ["server.secret", "countersign.db", "chmod 600"] {
        assert!(server.output().contains(said), "{}", server.output());
    }
    let doctor = command(folder.path(), &environment).arg("doctor").output();
    let doctor = doctor.unwrap();
    let said = String::from_utf8(doctor.stdout).unwrap();
    assert_eq!(doctor.status.code(), Some(0), "{said}");
    assert!(
        said.contains("! files: ") && said.contains("(mode 0644)"),
        "{said}"
    );
}

#[test]
fn production_does_not_start_with_files_that_others_may_open() {
    let folder = tempdir().unwrap();
    let (secret, database) = (
        folder.path().join("server.secret"),
        folder.path().join("countersign.db"),
    );
    fs::write(&secret, SECRET).unwrap();
    fs::write(&database, "").unwrap();
    let environment = [
        ("COUNTERSIGN__ENV", "production"),
        ("COUNTERSIGN__PUBLIC_URL", "https://id.example.com"),
        ("COUNTERSIGN__SECRET_FILE", secret.to_str().unwrap()),
        ("COUNTERSIGN__SMTP__HOST", "mail.example.com"),
        ("COUNTERSIGN__SMTP__FROM", "codes@example.com"),
    ];
    let run = |argument: &str| {
        let output = command(folder.path(), &environment).arg(argument).output();
        let output = output.unwrap();
        let said = [output.stdout, output.stderr].concat();
        (output.status.code(), String::from_utf8(said).unwrap())
    };

    set_mode(&secret, 0o644);
    set_mode(&database, 0o600);
    for argument in ["serve", "config"] {
        let (code, said) = match argument {
            "config" => {
                let check = command(folder.path(), &environment)
                    .args(["config", "check"])
                    .output()
                    .unwrap();
                (
                    check.status.code(),
                    String::from_utf8(check.stderr).unwrap(),
                )
            }
            other => run(other),
        };
        assert_eq!(code, Some(2), "{said}");
        assert!(
            said.contains("secret_file: ") && said.contains("chmod 600"),
            "{said}"
        );
        assert!(!said.contains(SECRET), "{said}");
    }

    // For a group to read, as an orchestrator mounts it.
    set_mode(&secret, 0o440);
    set_mode(&database, 0o644);
    let (code, said) = run("serve");
    assert_eq!(code, Some(1), "{said}");
    assert!(
        said.contains("countersign.db is open to others (mode 0644)"),
        "{said}"
    );
    let (code, said) = run("doctor");
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("✗ files: "), "{said}");

    set_mode(&database, 0o600);
    let (_, said) = run("serve");
    assert!(said.contains("migrations are pending"), "{said}");
}
