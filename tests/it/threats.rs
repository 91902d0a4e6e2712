//! The threat model in `SECURITY.md`, and the tables in `docs`, name the tests that show them.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

#[test]
fn every_test_that_the_threat_model_names_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let sources = sources(&[root.join("src"), root.join("tests")]);
    let model = fs::read_to_string(root.join("SECURITY.md")).expect("the threat model");
    let attacks: Vec<_> = model
        .lines()
        .filter(|line| line.starts_with("| "))
        .collect();
    // The heading is one of them.
    for attack in &attacks[1..] {
        let shown_by = attack.rsplit('|').nth(1).expect("a column");
        let tests: BTreeSet<_> = shown_by.split('`').skip(1).step_by(2).collect();
        assert!(!tests.is_empty(), "{attack}");
        for test in tests {
            let function = format!("fn {test}(");
            assert!(sources.contains(&function), "there is no test {test}");
        }
    }
}

#[test]
fn every_test_that_the_asvs_table_names_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let sources = sources(&[root.join("src"), root.join("tests")]);
    let table = fs::read_to_string(root.join("docs/asvs.md")).expect("the table");
    let (mut judged, mut last) = (0, String::new());
    for row in table.lines().filter(|line| line.starts_with("| ")) {
        let cells: Vec<_> = row.split(" | ").collect();
        let [number, _, verdict, how] = cells[..] else {
            panic!("not four cells: {row}")
        };
        if number == "| #" {
            continue;
        }
        let tests = names(how);
        let is_shown = !tests.is_empty() || how.contains("](");
        match verdict {
            "met" => assert!(is_shown, "nothing shows {row}"),
            "n/a" | "operator" | "open" => assert!(how.len() > 2, "why? {row}"),
            other => panic!("{other} is no verdict: {row}"),
        }
        for test in tests {
            assert!(sources.contains(&format!("fn {test}(")), "no test {test}");
        }
        assert_ne!(number, last, "twice");
        number.clone_into(&mut last);
        judged += 1;
    }
    assert!(judged > 80, "{judged}");
}

#[test]
fn every_test_that_the_tables_of_limits_name_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let sources = sources(&[root.join("src"), root.join("tests")]);
    let page = fs::read_to_string(root.join("docs/security.md")).expect("the page");
    let mut found = 0;
    for heading in ["## GraphQL abuse", "## What the server asks of others"] {
        let (_, section) = page.split_once(heading).expect("the section");
        let section = section.split("\n## ").next().unwrap_or_default();
        for test in names(section) {
            assert!(sources.contains(&format!("fn {test}(")), "no test {test}");
            found += 1;
        }
    }
    assert!(found > 25, "{found}");
}

/// What is in backticks and could be a test's name: three words or more.
fn names(text: &str) -> BTreeSet<&str> {
    let quoted = text.split('`').skip(1).step_by(2);
    let is_name = |text: &&str| {
        !text.starts_with('_')
            && text.matches('_').count() >= 2
            && text
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
    };
    quoted.filter(is_name).collect()
}

/// Everything in the Rust files below `folders`.
fn sources(folders: &[PathBuf]) -> String {
    let (mut open, mut text) = (folders.to_vec(), String::new());
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                text += &fs::read_to_string(path).expect("a source file");
            }
        }
    }
    text
}
