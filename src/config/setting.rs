//! A setting after it was read: what the reference tells and `config show` prints.

use super::key::Key;

/// One setting and the value in force.
#[derive(Clone, Debug)]
pub struct Setting {
    /// Its key, such as `smtp.host`.
    pub name: String,
    /// What it is for, in a line.
    pub doc: String,
    /// What it defaults to, in words.
    pub default: String,
    /// What values it takes, in words.
    pub wanted: String,
    /// The value in force as TOML, secrets redacted; `None` when there is none.
    pub in_force: Option<String>,
}

/// What stands for a secret wherever one would be shown.
pub(super) const REDACTED: &str = "[redacted]";

impl Setting {
    pub(super) fn scalar(
        key: &Key,
        wanted: &str,
        in_force: Option<&str>,
        default: Option<&str>,
    ) -> Self {
        Self::new(key, wanted, default, in_force.map(literal))
    }

    pub(super) fn list(key: &Key, wanted: &str, in_force: &[String]) -> Self {
        let items: Vec<_> = in_force.iter().map(|item| literal(item)).collect();
        Self::new(
            key,
            &format!("a list, each {wanted}"),
            None,
            Some(format!("[{}]", items.join(", "))),
        )
    }

    /// The twin of a secret that names the file it is in.
    pub(super) fn file_of(key: &Key, in_force: Option<&str>) -> Self {
        Self {
            name: format!("{}_file", key.name),
            doc: format!(
                "A file to read `{}` from, instead of giving it here.",
                key.name
            ),
            default: "nothing".to_owned(),
            wanted: "a path".to_owned(),
            in_force: in_force.map(literal),
        }
    }

    fn new(key: &Key, wanted: &str, default: Option<&str>, in_force: Option<String>) -> Self {
        Self {
            name: key.name.to_owned(),
            doc: key.doc.to_owned(),
            default: key.default.words(default),
            wanted: wanted.to_owned(),
            in_force,
        }
    }

    pub(super) fn show(&mut self, text: &str) {
        self.in_force = Some(literal(text));
    }

    /// The section and the name in it; the top level has no name.
    #[must_use]
    pub fn path(&self) -> (&str, &str) {
        self.name.split_once('.').unwrap_or(("", &self.name))
    }
}

/// As TOML: numbers and flags bare, all else quoted. JSON's strings are TOML's basic strings.
fn literal(text: &str) -> String {
    let is_number = text
        .parse::<i64>()
        .is_ok_and(|number| number.to_string() == text);
    if is_number || text == "true" || text == "false" {
        return text.to_owned();
    }
    serde_json::Value::from(text).to_string()
}
