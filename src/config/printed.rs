//! The configuration on paper: the reference of all keys, and the values in force.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::reader::Reader;
use super::{Config, Problems, Setting, Sources};
use crate::domain::Timestamp;

/// All keys, with their defaults and what they are for.
#[must_use]
pub fn reference() -> Vec<Setting> {
    settings(Reader::new(BTreeMap::new(), Timestamp::default()))
}

/// The values in force as TOML, secrets redacted; whether they are sound is not asked.
///
/// # Errors
/// When the file cannot be read at all.
pub fn show(sources: Sources) -> Result<String, Problems> {
    let now = sources.now;
    let settings = settings(Reader::new(sources.merge()?, now));
    Ok(in_sections(&settings, |setting| match &setting.in_force {
        Some(value) => format!("{} = {value}\n", setting.path().1),
        None => format!("# {} is not set\n", setting.path().1),
    }))
}

/// Settings as TOML, each written by `write` under the heading of its section.
pub(super) fn in_sections(settings: &[Setting], write: impl Fn(&Setting) -> String) -> String {
    let mut toml = String::new();
    let mut section = "";
    for setting in settings {
        let (heading, _) = setting.path();
        if heading != section {
            section = heading;
            writeln!(toml, "\n[{section}]").expect("a String takes everything");
        }
        toml.push_str(&write(setting));
    }
    toml
}

fn settings(mut reader: Reader) -> Vec<Setting> {
    Config::read(&mut reader);
    reader.finish().0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::tests::{SECRET, refused, sources};

    #[test]
    fn what_is_shown_is_toml_that_reads_back_and_holds_no_secret() {
        let toml = format!(
            "secret = '{SECRET}'\ndatabase.url = 'postgres://ada:hunter2@db/auth'\nsmtp.password = 'hunter2'"
        );
        let (sources, _file) = sources(&toml, &[("COUNTERSIGN__GRAPHQL__PLAYGROUND", "no")]);
        let shown = show(sources).unwrap();
        for line in [
            "secret = \"[redacted]\"",
            "password = \"[redacted]\"",
            "url = \"postgres://ada:[redacted]@db/auth\"",
        ] {
            assert!(
                shown.lines().any(|shown| shown == line),
                "{line} in {shown}"
            );
        }
        assert!(
            !shown.contains(SECRET) && !shown.contains("hunter2"),
            "{shown}"
        );
        assert_eq!(
            refused(&shown, &[]),
            ["secret"],
            "only the redaction is no secret"
        );
    }

    /// `countersign.example.toml` is this reference; `UPDATE_EXAMPLE=1` writes it anew.
    #[test]
    fn the_example_is_the_reference() {
        let head = "# Every setting with its default. Remove the `#` before a key to change it.\n\
                    # In the environment `smtp.host` is COUNTERSIGN__SMTP__HOST, and a list has commas.\n";
        let example = in_sections(&reference(), |setting| {
            let value = setting.in_force.as_deref().unwrap_or("\"\"");
            let Setting {
                doc,
                wanted,
                default,
                ..
            } = setting;
            format!(
                "\n# {doc}\n# Takes {wanted}. Default: {default}.\n#{} = {value}\n",
                setting.path().1
            )
        });
        let expected = format!("{head}{example}");
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/countersign.example.toml");
        if std::env::var_os("UPDATE_EXAMPLE").is_some() {
            std::fs::write(path, &expected).unwrap();
        }
        assert_eq!(std::fs::read_to_string(path).unwrap_or_default(), expected);
    }

    #[test]
    fn the_readme_has_a_row_for_every_key() {
        let readme = include_str!("../../README.md");
        for Setting {
            name, doc, wanted, ..
        } in reference()
        {
            let begins = format!("| `{name}` |");
            let row = readme.lines().find(|line| line.starts_with(&begins));
            let row = row.unwrap_or_else(|| panic!("no row for {name}"));
            assert!(
                row.contains(&wanted) && row.ends_with(&format!("| {doc} |")),
                "{row}"
            );
        }
    }
}
