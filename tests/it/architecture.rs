//! The house plan: which room may know which. Read from the sources, so that an arrow that runs
//! back up fails here and not in a review.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Every room, and the rooms it may know beside itself. `*`: all of them.
const ROOMS: [(&str, &[&str]); 15] = [
    ("app", &["*"]),
    (
        "auth",
        &["delivery", "domain", "store", "tokens", "trace_context"],
    ),
    ("cli", &["*"]),
    // It hands each room a type of that room's own, and no more.
    (
        "config",
        &[
            "delivery",
            "domain",
            "file_mode",
            "graphql",
            "store",
            "tokens",
        ],
    ),
    ("delivery", &["domain", "store", "trace_context"]),
    ("domain", &[]),
    ("file_mode", &[]),
    ("graphql", &["auth", "domain"]),
    (
        "http",
        &["auth", "domain", "graphql", "tokens", "trace_context"],
    ),
    ("secret_file", &["domain"]),
    ("server", &["*"]),
    ("store", &["domain"]),
    ("telemetry", &["config", "trace_context"]),
    ("tokens", &["domain"]),
    ("trace_context", &[]),
];

/// The arrows that one file has and its room has not. `/readyz` asks the database how it is, and
/// there is no use case in that; nor in `/dev/messages`, which shows what the console has printed.
const EXCEPTIONS: [(&str, &str); 2] = [
    ("http/health.rs", "store"),
    ("http/messages.rs", "delivery"),
];

/// Crates, and the only rooms that may know them. `app` puts everything together and `cli doctor`
/// asks each part how it is, but neither of them needs one of these either.
const CRATES: [(&str, &[&str]); 11] = [
    ("axum", &["app", "http", "server"]),
    ("async_graphql", &["graphql", "http"]),
    ("cookie", &["http"]),
    ("entity", &["store"]),
    ("migration", &["store"]),
    ("opentelemetry", &["telemetry", "trace_context"]),
    ("opentelemetry_http", &["trace_context"]),
    ("opentelemetry_otlp", &["telemetry"]),
    ("opentelemetry_sdk", &["telemetry"]),
    (
        "tracing_opentelemetry",
        &["http", "telemetry", "trace_context"],
    ),
    ("sea_orm", &["auth", "cli", "delivery", "server", "store"]),
];

/// Rooms without a runtime: nothing in them waits for anything.
const WITHOUT_TOKIO: [&str; 3] = ["domain", "graphql", "tokens"];

/// Names that say nothing about what is in a file.
const NAMELESS: [&str; 6] = ["common", "helper", "helpers", "misc", "util", "utils"];

const LONGEST_FILE: usize = 300;

#[test]
fn every_room_knows_only_the_rooms_below_it() {
    for file in files("src") {
        let allowed = rooms_below(&file.room);
        for known in file.rooms_known() {
            let is_fine = known == file.room
                || allowed.contains(&"*")
                || allowed.contains(&known.as_str())
                || EXCEPTIONS.contains(&(file.path.as_str(), known.as_str()));
            assert!(is_fine, "src/{} knows `{known}`", file.path);
        }
    }
}

#[test]
fn no_room_is_left_through_the_back_door() {
    for file in files("src") {
        assert!(
            !file.climbs_out(),
            "src/{} names another room by `super`",
            file.path
        );
    }
}

#[test]
fn every_framework_stays_in_its_rooms() {
    for file in files("src") {
        for (name, rooms) in CRATES {
            let is_fine = rooms.contains(&file.room.as_str()) || !file.uses(name);
            assert!(is_fine, "src/{} uses `{name}`", file.path);
        }
        let is_fine = !WITHOUT_TOKIO.contains(&file.room.as_str()) || !file.uses("tokio");
        assert!(is_fine, "src/{} uses `tokio`", file.path);
    }
}

#[test]
fn every_room_is_on_the_plan() {
    let found: BTreeSet<String> = files("src").into_iter().map(|file| file.room).collect();
    let planned = ROOMS.map(|(room, _)| room.to_owned());
    let entrances = ["lib".to_owned(), "main".to_owned()];
    assert_eq!(found, planned.into_iter().chain(entrances).collect());
}

#[test]
fn every_exception_is_still_needed() {
    let files = files("src");
    for (path, room) in EXCEPTIONS {
        let file = files.iter().find(|file| file.path == path);
        let rooms = file.map(Source::rooms_known).unwrap_or_default();
        assert!(rooms.contains(room), "src/{path} does without `{room}`");
    }
}

#[test]
fn no_file_is_long_or_named_after_nothing() {
    for folder in ["src", "entity/src", "migration/src", "tests"] {
        for file in files(folder) {
            let lines = file.text.lines().count();
            let stem = Path::new(&file.path).file_stem().unwrap().to_string_lossy();
            assert!(
                lines <= LONGEST_FILE,
                "{folder}/{} has {lines} lines",
                file.path
            );
            assert!(
                !NAMELESS.contains(&stem.as_ref()),
                "{folder}/{}: what is in it?",
                file.path
            );
        }
    }
}

fn rooms_below(room: &str) -> &'static [&'static str] {
    let planned = ROOMS.iter().find(|(name, _)| *name == room);
    // The entrances, `lib` and `main`, have no plan of their own: they lead to every room.
    planned.map_or(&["*"], |(_, rooms)| rooms)
}

/// A source file, without its comments.
struct Source {
    /// Below the folder that was asked for.
    path: String,
    /// The first part of the path.
    room: String,
    text: String,
}

impl Source {
    /// The `room`s of `crate::room` and of `use crate::{room, …}`.
    fn rooms_known(&self) -> BTreeSet<String> {
        let mut rooms = BTreeSet::new();
        for (at, start) in self.text.match_indices("crate::") {
            let rest = &self.text[at + start.len()..];
            match rest.strip_prefix('{') {
                Some(group) => rooms.extend(first_names(group)),
                None => rooms.extend(Some(name(rest).to_owned())),
            }
        }
        rooms
    }

    /// Whether a chain of `super`s in it leads to the root of the crate, where every room is.
    fn climbs_out(&self) -> bool {
        let parts = self.path.trim_end_matches(".rs").split('/');
        let depth = parts
            .filter(|part| !["mod", "lib", "main"].contains(part))
            .count();
        self.text.match_indices("super::").any(|(at, _)| {
            let chain = self.text[at..].split("super::").skip(1);
            let steps = 1 + chain.take_while(|between| between.is_empty()).count();
            // The tests at the end of a file are a module inside it.
            let is_inside = self.text[..at].contains("mod tests {");
            steps >= depth + usize::from(is_inside)
        })
    }

    /// Whether a path in it begins with the crate `name`.
    fn uses(&self, name: &str) -> bool {
        let path = format!("{name}::");
        self.text.match_indices(&path).any(|(at, _)| {
            let before = self.text[..at].chars().next_back();
            before.is_none_or(|c| !c.is_alphanumeric() && !matches!(c, '_' | ':'))
        })
    }
}

/// The names that stand first in each item of the group that `text` is inside of.
fn first_names(text: &str) -> Vec<String> {
    let (mut names, mut depth, mut is_first) = (Vec::new(), 0, true);
    for (at, c) in text.char_indices() {
        match c {
            '}' if depth == 0 => break,
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => is_first = true,
            c if is_first && !c.is_whitespace() => {
                names.push(name(&text[at..]).to_owned());
                is_first = false;
            }
            _ => {}
        }
    }
    names
}

fn name(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_');
    &text[..end.unwrap_or(text.len())]
}

fn files(folder: &str) -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut found = Vec::new();
    let mut open = vec![root.clone()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(read(&root, &path));
            }
        }
    }
    assert!(!found.is_empty(), "{folder} has no sources");
    found
}

fn read(folder: &Path, path: &Path) -> Source {
    let text = fs::read_to_string(path).expect("a source file");
    // Blank, not gone, so that lines still count.
    let uncommented = |line: &str| match line.trim_start() {
        comment if comment.starts_with("//") => String::new(),
        _ => line.to_owned(),
    };
    let path = path.strip_prefix(folder).expect("a path below the root");
    let path = path.to_str().expect("UTF-8").to_owned();
    let room = path.split(['/', '.']).next().unwrap_or_default().to_owned();
    let text = text.lines().map(uncommented).collect::<Vec<_>>().join("\n");
    Source { path, room, text }
}
