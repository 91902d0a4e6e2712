//! Reads settings one by one and remembers everything that is wrong.

use std::collections::BTreeMap;

use config::{Value, ValueKind};

use super::env::Env;
use super::form::Form;
use super::key::{Default, Key};
use super::nearest::nearest;
use super::problem::{Problem, Problems};
use super::setting::Setting;
use crate::domain::Timestamp;
use crate::file_mode::Exposed;

/// Hands out typed values. A value that is refused is remembered as a [`Problem`] and reads as
/// its default, so that all other keys are read and judged too; [`finish`](Self::finish) then
/// refuses the whole. Each key that is read is thereby declared: the reference, the list that
/// typos are compared with and the printed configuration all come from here.
pub(super) struct Reader {
    pub(super) env: Env,
    pub(super) now: Timestamp,
    pub(super) given: BTreeMap<String, Value>,
    pub(super) settings: Vec<Setting>,
    pub(super) problems: Vec<Problem>,
    /// Secret files that others may open, where that is no problem.
    pub(super) exposed: Vec<Exposed>,
}

const ENV: Key = Key {
    name: "env",
    default: Default::Is("development"),
    doc: "Chooses the defaults; `production` refuses what is only safe on a developer's machine.",
};

impl Reader {
    /// Reads `env` at once, since other defaults follow from it.
    pub fn new(given: BTreeMap<String, Value>, now: Timestamp) -> Self {
        let mut reader = Self {
            env: Env::Development,
            now,
            given,
            settings: Vec::new(),
            problems: Vec::new(),
            exposed: Vec::new(),
        };
        let form = Form::choice([
            ("development", Env::Development),
            ("production", Env::Production),
        ]);
        reader.env = reader.value(&ENV, &form);
        reader
    }

    /// The value of a key that has a default.
    pub fn value<T: 'static>(&mut self, key: &Key, form: &Form<T>) -> T {
        let default = key.default.value(self.env).expect("the key has a default");
        self.value_or(key, default, form)
    }

    /// The value of a key whose default is worked out by the caller.
    pub fn value_or<T: 'static>(&mut self, key: &Key, default: &str, form: &Form<T>) -> T {
        let given = self.scalar(key, Some(default), form);
        given.unwrap_or_else(|| form.read(default).expect("a default is of its key's form"))
    }

    /// The value of a key that may be left out.
    pub fn optional<T: 'static>(&mut self, key: &Key, form: &Form<T>) -> Option<T> {
        self.scalar(key, None, form)
    }

    /// The values of a key that takes a list: an array, or text with commas.
    pub fn list<T: 'static>(&mut self, key: &Key, form: &Form<T>) -> Vec<T> {
        let default = key.default.value(self.env).unwrap_or_default();
        let given = self.given.remove(key.name);
        let texts = given.map_or_else(|| Some(split(default)), texts);
        if texts.is_none() {
            self.refuse_form(key, "a list of lists", None, &form.wanted);
        }
        let texts = texts.unwrap_or_default();
        self.settings.push(Setting::list(key, &form.wanted, &texts));

        let mut values = Vec::with_capacity(texts.len());
        for text in &texts {
            match form.read(text) {
                Some(value) => values.push(value),
                None => self.refuse_form(key, &format!("`{text}`"), None, &form.wanted),
            }
        }
        values
    }

    /// Shows `text` as the value in force of a key that was just read.
    pub fn show(&mut self, key: &Key, text: &str) {
        let settings = self.settings.iter_mut();
        settings
            .filter(|setting| setting.name == key.name)
            .for_each(|setting| setting.show(text));
    }

    /// Remembers a problem.
    pub fn refuse(&mut self, key: &str, problem: impl Into<String>, remedy: impl Into<String>) {
        self.problems.push(Problem {
            key: key.to_owned(),
            problem: problem.into(),
            remedy: remedy.into(),
        });
    }

    /// Remembers that a key is missing, unless it was given and refused.
    pub fn missing(&mut self, key: &Key, because: &str, remedy: impl Into<String>) {
        if !self.is_refused(key) {
            self.refuse(key.name, format!("is missing: {because}"), remedy);
        }
    }

    /// Whether what was given for a key, or for its file, is refused already.
    pub fn is_refused(&self, key: &Key) -> bool {
        let file = format!("{}_file", key.name);
        let of_key = |problem: &Problem| problem.key == key.name || problem.key == file;
        self.problems.iter().any(of_key)
    }

    /// Every setting that was read, the top level first, once every section has read its own.
    pub fn finish(mut self) -> (Vec<Setting>, Result<(), Problems>) {
        for unknown in std::mem::take(&mut self.given).into_keys() {
            let known = || self.settings.iter().map(|setting| setting.name.as_str());
            let within = format!("{unknown}.");
            let remedy = if let Some(key) = known().find(|key| key.starts_with(&within)) {
                format!("It is a section: set what is in it, such as `{key}`.")
            } else if let Some(key) = nearest(&unknown, known()) {
                format!("Did you mean `{key}`?")
            } else {
                "Remove it; countersign.example.toml lists every key.".to_owned()
            };
            self.refuse(&unknown, "is not a setting", remedy);
        }
        // The top level first, and each section in one piece, whoever has read its keys.
        let mut sections = vec![String::new()];
        for setting in &self.settings {
            let (section, _) = setting.path();
            if !sections.iter().any(|known| known == section) {
                sections.push(section.to_owned());
            }
        }
        self.settings
            .sort_by_key(|setting| sections.iter().position(|known| known == setting.path().0));
        let verdict = if self.problems.is_empty() {
            Ok(())
        } else {
            Err(Problems(self.problems))
        };
        (self.settings, verdict)
    }

    fn scalar<T: 'static>(
        &mut self,
        key: &Key,
        default: Option<&str>,
        form: &Form<T>,
    ) -> Option<T> {
        let given = self.given.remove(key.name);
        let text = given.as_ref().and_then(text);
        let in_force = text.as_deref().or(default);
        self.settings
            .push(Setting::scalar(key, &form.wanted, in_force, default));
        let value = text.as_deref().and_then(|text| form.read(text));
        if given.is_some() && value.is_none() {
            let shown = text.map_or_else(|| "a list".to_owned(), |text| format!("`{text}`"));
            self.refuse_form(key, &shown, default, &form.wanted);
        }
        value
    }

    fn refuse_form(&mut self, key: &Key, shown: &str, default: Option<&str>, wanted: &str) {
        let or_default = default.map_or_else(String::new, |default| {
            format!(", or leave it out for `{default}`")
        });
        self.refuse(
            key.name,
            format!("{shown} is not {wanted}"),
            format!("Give {wanted}{or_default}."),
        );
    }
}

/// One value as text: what a file types, an environment spells.
pub(super) fn text(value: &Value) -> Option<String> {
    match &value.kind {
        ValueKind::Array(_) | ValueKind::Table(_) | ValueKind::Nil => None,
        ValueKind::String(text) => Some(text.trim().to_owned()),
        number_or_flag => Some(number_or_flag.to_string()),
    }
}

/// Several values as text; `None` when one of them is a list again.
pub(super) fn texts(value: Value) -> Option<Vec<String>> {
    match value.kind {
        ValueKind::Array(items) => items.iter().map(text).collect(),
        _ => text(&value).map(|text| split(&text)),
    }
}

fn split(text: &str) -> Vec<String> {
    text.split(',')
        .map(str::trim)
        .filter(|item| !item.is_empty())
        .map(str::to_owned)
        .collect()
}
