//! The folder that messages are dropped into.

use super::form::Form;
use super::key::{Default, Key};
use super::reader::Reader;
use crate::delivery::maildir::MaildirSettings;

const DIRECTORY: Key = Key {
    name: "maildir.directory",
    default: Default::Unset,
    doc: "A folder that `maildir` drops each message into, for tests; refused in production.",
};

/// Reads the key even when nothing is dropped; `needed` says that something is, and a missing
/// folder is then a problem. That production drops nothing is for the chains to see to.
pub(super) fn read(reader: &mut Reader, needed: bool) -> Option<MaildirSettings> {
    let directory = reader.optional(&DIRECTORY, &Form::text("the path of a folder"));
    if needed && directory.is_none() {
        let remedy = "Name a folder; it is made when it is needed.";
        reader.missing(&DIRECTORY, "messages are dropped into a maildir", remedy);
    }
    Some(MaildirSettings {
        directory: directory?.into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::tests::section;

    #[test]
    fn a_maildir_is_a_folder() {
        let keys = |toml, needed| section(toml, |reader| read(reader, needed)).1;
        assert_eq!(keys("", false), [""; 0]);
        assert_eq!(keys("", true), ["maildir.directory"]);
        assert_eq!(keys("maildir.directory = 'mail'", true), [""; 0]);
    }
}
