//! Where values come from, and which wins.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use config::builder::DefaultState;
use config::{ConfigBuilder, ConfigError, Environment, File, FileFormat, Source, Value, ValueKind};

use super::problem::{Problem, Problems};
use crate::domain::Timestamp;

/// The layers of a configuration, lowest first; the defaults are below them all.
///
/// Everything is passed in and nothing looked up, so that a test sees only what it gives.
#[derive(Default)]
pub struct Sources {
    /// A TOML file.
    pub file: Option<PathBuf>,
    /// The environment: `COUNTERSIGN__SMTP__HOST` for `smtp.host` and so on, and the names that
    /// hosting platforms use, below those. An empty variable counts as absent.
    pub environment: HashMap<String, String>,
    /// Flags of the command line, by the key that each one sets.
    pub flags: Vec<(&'static str, String)>,
    /// The present moment: some settings expire.
    pub now: Timestamp,
}

/// What hosting platforms call some of our settings.
const USUAL_NAMES: [(&str, &str); 3] = [
    ("DATABASE_URL", "database.url"),
    ("PORT", "http.port"),
    ("RUST_LOG", "log.filter"),
];

impl Sources {
    /// What was given, by key, after the layers are laid over each other.
    pub(super) fn merge(self) -> Result<BTreeMap<String, Value>, Problems> {
        let mut layers = config::Config::builder();
        if let Some(path) = &self.file {
            layers = layers.add_source(File::from_str(&read(path)?, FileFormat::Toml));
        }
        for (variable, key) in USUAL_NAMES {
            let value = self
                .environment
                .get(variable)
                .filter(|value| !value.is_empty());
            layers = layers.add_source(single(key, value));
        }
        layers = layers.add_source(
            Environment::with_prefix("COUNTERSIGN")
                .prefix_separator("__")
                .separator("__")
                .ignore_empty(true)
                .source(Some(self.environment)),
        );
        for (key, value) in self.flags {
            layers = layers.add_source(single(key, Some(&value)));
        }
        let merged = build(layers).map_err(|error| malformed(self.file.as_deref(), &error))?;
        let mut by_key = BTreeMap::new();
        flatten(String::new(), merged, &mut by_key);
        Ok(by_key)
    }
}

fn read(path: &Path) -> Result<String, Problems> {
    std::fs::read_to_string(path).map_err(|error| {
        Problems(vec![Problem {
            key: path.display().to_string(),
            problem: format!("the configuration file cannot be read: {error}"),
            remedy: "Name a file that this user can read, or leave `--config` and COUNTERSIGN_CONFIG out.".to_owned(),
        }])
    })
}

/// A layer of one value, or of none.
fn single(key: &str, value: Option<&String>) -> config::Config {
    config::Config::builder()
        .set_override_option(key, value.cloned())
        .and_then(ConfigBuilder::<DefaultState>::build)
        .expect("our own keys are well-formed paths")
}

fn build(layers: ConfigBuilder<DefaultState>) -> Result<Value, ConfigError> {
    layers.build()?.collect().map(Into::into)
}

/// The parser's message quotes the line it stumbled over, which may hold a secret: only the
/// position is passed on.
fn malformed(file: Option<&Path>, error: &ConfigError) -> Problems {
    let message = match error {
        ConfigError::FileParse { cause, .. } => cause.to_string(),
        _ => String::new(),
    };
    let position = message
        .lines()
        .next()
        .and_then(|line| line.strip_prefix("TOML parse error "))
        .map_or_else(String::new, |position| format!(" {position}"));
    Problems(vec![Problem {
        key: file
            .unwrap_or(Path::new("the environment"))
            .display()
            .to_string(),
        problem: format!("is not well-formed TOML{position}"),
        remedy: "Mend it there; countersign.example.toml shows how every key is written."
            .to_owned(),
    }])
}

fn flatten(key: String, value: Value, into: &mut BTreeMap<String, Value>) {
    match value.kind {
        ValueKind::Table(table) => {
            for (name, value) in table {
                let key = if key.is_empty() {
                    name
                } else {
                    format!("{key}.{name}")
                };
                flatten(key, value, into);
            }
        }
        ValueKind::Nil => {}
        _ => {
            into.insert(key, value);
        }
    }
}
