//! Messages as files, for tests and for a look at what people would read.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use async_trait::async_trait;
use lettre::message::Mailbox;

use super::{Courier, Message, Receipt, SendError, Wording, mime};

/// Where the files go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MaildirSettings {
    /// A maildir: its `tmp` and `new` are made when they are needed.
    pub directory: PathBuf,
}

/// Drops each message into a maildir, as one file that is named after its delivery and has all of
/// the message from the moment it is there. A repetition takes the place of what it repeats.
#[derive(Clone, Debug)]
pub struct Maildir {
    directory: PathBuf,
}

impl Maildir {
    /// Touches nothing before the first message.
    #[must_use]
    pub fn new(settings: &MaildirSettings) -> Self {
        Self {
            directory: settings.directory.clone(),
        }
    }
}

#[async_trait]
impl Courier for Maildir {
    fn name(&self) -> &'static str {
        "maildir"
    }

    async fn send(&self, message: &Message) -> Result<Receipt, SendError> {
        let unsendable = || SendError::Permanent("not an address for mail".to_owned());
        let content = content(message).ok_or_else(unsendable)?;
        let (directory, name) = (self.directory.clone(), message.id.to_string());
        let written = tokio::task::spawn_blocking(move || drop_in(&directory, &name, &content));
        match written.await {
            Ok(Ok(())) => Ok(Receipt::default()),
            Ok(Err(error)) => Err(SendError::Unwell(error.kind().to_string())),
            Err(_) => Err(SendError::Unwell("interrupted".to_owned())),
        }
    }
}

/// An e-mail as it would go out; a text under two headers of its own.
fn content(message: &Message) -> Option<Vec<u8>> {
    match &message.wording {
        Wording::Mail { .. } => mime::mail(message, &sender()).map(|mail| mail.formatted()),
        Wording::Text(text) => {
            let (to, channel) = (message.contact.deliverable(), message.channel.as_str());
            Some(format!("To: {to}\nChannel: {channel}\n\n{text}\n").into_bytes())
        }
    }
}

/// These mails come from nowhere else.
fn sender() -> Mailbox {
    let address = "countersign@localhost".parse();
    Mailbox::new(None, address.expect("an address"))
}

/// Written where nobody looks, and then moved to where everybody does.
fn drop_in(directory: &Path, name: &str, content: &[u8]) -> io::Result<()> {
    let (unfinished, finished) = (directory.join("tmp"), directory.join("new"));
    fs::create_dir_all(&unfinished)?;
    fs::create_dir_all(&finished)?;
    let unfinished = unfinished.join(name);
    let mut file = OpenOptions::new()
        .create(true)
        .truncate(true)
        .write(true)
        .mode(0o600)
        .open(&unfinished)?;
    file.write_all(content)?;
    fs::rename(&unfinished, finished.join(name))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;
    use std::time::Duration;

    use uuid::Uuid;

    use super::*;
    use crate::delivery::Purpose;
    use crate::domain::{Channel, Contact, EmailAddress, OtpCode, PhoneNumber, Timestamp};

    fn message(channel: Channel, contact: Contact, wording: Wording) -> Message {
        Message {
            id: Uuid::from_u128(7),
            channel,
            contact,
            purpose: Purpose::Code {
                code: OtpCode::parse("123456", 6).unwrap(),
                lifetime: Duration::from_mins(5),
            },
            wording,
            expires_at: Timestamp::from_micros(0),
        }
    }

    fn text(words: &str) -> Message {
        let phone = PhoneNumber::parse("+4915112345678", None).unwrap();
        let wording = Wording::Text(words.to_owned());
        message(Channel::Sms, Contact::Phone(phone), wording)
    }

    #[tokio::test]
    async fn a_repetition_takes_the_place_of_what_it_repeats() {
        let folder = tempfile::tempdir().unwrap();
        let settings = MaildirSettings {
            directory: folder.path().join("mail"),
        };
        let maildir = Maildir::new(&settings);
        for words in ["a rather long first try", "123456"] {
            maildir.send(&text(words)).await.unwrap();
        }
        let files: Vec<_> = fs::read_dir(settings.directory.join("new"))
            .unwrap()
            .map(|entry| entry.unwrap())
            .collect();
        let [file] = files.as_slice() else {
            panic!("{files:?}")
        };
        assert_eq!(file.file_name(), Uuid::from_u128(7).to_string().as_str());
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(
            fs::read_to_string(file.path()).unwrap(),
            "To: +4915112345678\nChannel: sms\n\n123456\n"
        );
        let left = fs::read_dir(settings.directory.join("tmp")).unwrap();
        assert_eq!(left.count(), 0);
    }

    #[test]
    fn a_mail_is_one_that_a_reader_of_mail_can_open() {
        let email = EmailAddress::parse("ada@example.com").unwrap();
        let wording = Wording::Mail {
            subject: "123456 ist Ihr Code für heute".to_owned(),
            text: "Ihr Code: 123456".to_owned(),
            html: "<p>Ihr Code: <b>123456</b></p>".to_owned(),
        };
        let mail = message(Channel::Email, Contact::Email(email), wording);
        let mail = String::from_utf8(content(&mail).unwrap()).unwrap();
        assert!(mail.is_ascii(), "{mail}");
        for line in [
            "To: ada@example.com\r\n",
            "Message-ID: <00000000-0000-0000-0000-000000000007@localhost>\r\n",
            "Auto-Submitted: auto-generated\r\n",
            "Content-Type: multipart/alternative;",
            "Content-Type: text/plain; charset=utf-8\r\n",
            "Content-Type: text/html; charset=utf-8\r\n",
        ] {
            assert!(mail.contains(line), "{line} is not in {mail}");
        }
    }

    #[tokio::test]
    async fn a_folder_that_is_none_is_a_fault_that_names_nobody() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let maildir = Maildir::new(&MaildirSettings {
            directory: file.path().to_owned(),
        });
        let error = maildir.send(&text("123456")).await.unwrap_err();
        assert!(matches!(error, SendError::Unwell(_)), "{error}");
        assert!(!error.to_string().contains("49151"), "{error}");
    }
}
