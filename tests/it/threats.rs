//! The threat model in `SECURITY.md` names the tests that show it.

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
