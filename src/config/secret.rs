//! Secrets: given as a value, or in a file that the value's twin `…_file` names.

use std::path::Path;

use config::Value;
use secrecy::SecretString;
use zeroize::Zeroizing;

use super::key::Key;
use super::reader::{Reader, text, texts};
use super::setting::{REDACTED, Setting};
use crate::file_mode::{Content, exposed};

/// A secret as it was given.
enum Given {
    Here(Value),
    InFile(Zeroizing<String>),
}

impl Reader {
    /// The one secret under `key`. Surrounding white space is not part of it.
    pub fn secret(&mut self, key: &Key, wanted: &str) -> Option<SecretString> {
        let text = match self.given_secret(key, wanted)? {
            Given::Here(value) => text(&value).map(Zeroizing::new).or_else(|| {
                self.refuse(key.name, "is a list", format!("Give {wanted}."));
                None
            })?,
            Given::InFile(text) => text,
        };
        let text = text.trim();
        (!text.is_empty()).then(|| SecretString::from(text))
    }

    /// The secrets under `key`: a list, or a file with one on each line.
    pub fn secrets(&mut self, key: &Key, wanted: &str) -> Vec<SecretString> {
        let texts = match self.given_secret(key, wanted) {
            None => Vec::new(),
            Some(Given::Here(value)) => texts(value).unwrap_or_else(|| {
                self.refuse(key.name, "is a list of lists", format!("Give {wanted}."));
                Vec::new()
            }),
            Some(Given::InFile(text)) => text.lines().map(str::to_owned).collect(),
        };
        let texts = Zeroizing::new(texts);
        let trimmed = texts
            .iter()
            .map(|text| text.trim())
            .filter(|text| !text.is_empty());
        trimmed.map(SecretString::from).collect()
    }

    fn given_secret(&mut self, key: &Key, wanted: &str) -> Option<Given> {
        let file_key = format!("{}_file", key.name);
        let here = self.given.remove(key.name);
        let file = self.given.remove(&file_key);
        let path = file.as_ref().and_then(text);
        if file.is_some() && path.is_none() {
            self.refuse(&file_key, "is a list", "Give the path of one file.");
        }

        let in_force = (here.is_some() || file.is_some()).then_some(REDACTED);
        self.settings
            .push(Setting::scalar(key, wanted, in_force, None));
        self.settings.push(Setting::file_of(key, path.as_deref()));

        match (here, path) {
            (Some(_), Some(_)) => {
                let remedy = format!("Keep `{}` or `{file_key}`, and remove the other.", key.name);
                self.refuse(
                    key.name,
                    format!("is given twice, here and as `{file_key}`"),
                    remedy,
                );
                None
            }
            (here, None) => here.map(Given::Here),
            (None, Some(path)) => self
                .read_secret_file(&file_key, Path::new(&path))
                .map(Given::InFile),
        }
    }

    fn read_secret_file(&mut self, key: &str, path: &Path) -> Option<Zeroizing<String>> {
        let shown = path.display();
        match std::fs::read_to_string(path).map(Zeroizing::new) {
            Ok(secret) if secret.trim().is_empty() => {
                let remedy = "Write the secret into it, or leave this key out.";
                self.refuse(key, format!("{shown} is empty"), remedy);
                None
            }
            Ok(secret) => {
                self.judge_mode(key, path);
                Some(secret)
            }
            Err(error) => {
                let problem = format!("{shown} cannot be read: {error}");
                self.refuse(key, problem, "Name a text file that this user can read.");
                None
            }
        }
    }

    /// A secret that everybody on the machine can read is none.
    fn judge_mode(&mut self, key: &str, path: &Path) {
        let Some(file) = exposed(path, Content::Secret) else {
            return;
        };
        if self.env.is_production() {
            self.refuse(key, file.to_string(), file.remedy());
        } else {
            self.exposed.push(file);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::config::tests::{SECRET, file, load, refused};

    #[test]
    fn secrets_come_from_files_too_but_not_twice() {
        let newest_first = file(&format!("{SECRET}\n{}\n", SECRET.replace('0', "f")));
        let path = newest_first.path().display().to_string();
        let secrets = load("", &[("COUNTERSIGN__SECRET_FILE", &path)])
            .unwrap()
            .secrets
            .unwrap();
        assert_eq!(secrets.iter().count(), 2);

        let both = [
            ("COUNTERSIGN__SECRET_FILE", path.as_str()),
            ("COUNTERSIGN__SECRET", SECRET),
        ];
        assert_eq!(refused("", &both), ["secret"]);
        let empty = file("\n");
        for path in ["/nowhere/at/all", empty.path().to_str().unwrap()] {
            let variable = ("COUNTERSIGN__SECRET_FILE", path);
            assert_eq!(refused("", &[variable]), ["secret_file"], "{path}");
        }
    }

    #[test]
    fn no_message_shows_a_secret() {
        let marker = "hunter2";
        for toml in [
            "secret = 'hunter2'",
            "secret = [['hunter2']]",
            "secret = 'hunter2",
            "database.url = 'mysql://hunter2'",
            "smtp = { password = 'hunter2', password_file = 'x' }",
            "smtp.pasword = 'hunter2'",
            "= hunter2",
        ] {
            let problems = load(toml, &[]).unwrap_err();
            assert!(
                !format!("{problems} {problems:?}").contains(marker),
                "{toml}: {problems}"
            );
        }
    }
}
