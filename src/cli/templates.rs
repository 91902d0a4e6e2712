//! `countersign templates check` and `countersign templates preview`

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use super::failure::Failure;
use super::flags::Flags;
use crate::config::MessagesConfig;
use crate::delivery::Templates;
use crate::delivery::templates::SmsLength;

/// Everything that is to be said of the templates, in one go.
pub(super) fn check(flags: Flags) -> Result<(), Failure> {
    let report = read(flags)?.check();
    let mut out = io::stdout().lock();
    writeln!(out, "The SMS with an eight-digit code, in each language:\n")?;
    for (language, sms) in &report.sms {
        writeln!(out, "  {:<8} {}", language.as_str(), length(*sms))?;
    }
    for note in &report.notes {
        writeln!(out, "\nNote: {note}")?;
    }
    match report.problems.len() {
        0 => Ok(writeln!(
            out,
            "\nEvery message comes out in every language."
        )?),
        1 => Err(Failure::failed(&report.problems[0])),
        count => {
            let list = report.problems.join("\n  ");
            Err(Failure::Failed(format!("{count} problems:\n  {list}")))
        }
    }
}

/// Into `folder`, which is made if need be; files of the same name are replaced.
pub(super) fn preview(flags: Flags, folder: &Path) -> Result<(), Failure> {
    let files = read(flags)?.preview().map_err(Failure::failed)?;
    let unwritable = |path: &Path, error| Failure::Failed(format!("{}: {error}", path.display()));
    fs::create_dir_all(folder).map_err(|error| unwritable(folder, error))?;
    for (name, text) in &files {
        let path = folder.join(name);
        fs::write(&path, text).map_err(|error| unwritable(&path, error))?;
    }
    let index = folder.join("index.html");
    Ok(writeln!(
        io::stdout(),
        "{} files. Open {}.",
        files.len(),
        index.display()
    )?)
}

fn read(flags: Flags) -> Result<Templates, Failure> {
    let MessagesConfig { style, directory } = flags.config()?.messages;
    Templates::read(style, directory.as_deref()).map_err(Failure::failed)
}

fn length(sms: SmsLength) -> String {
    let SmsLength {
        is_gsm7,
        units,
        segments,
    } = sms;
    let (kind, room) = if is_gsm7 {
        ("septets of GSM-7", 160)
    } else {
        ("units of UCS-2", 70)
    };
    let messages = if segments == 1 { "message" } else { "messages" };
    format!("{units:>3} {kind:<16}  {segments} {messages} ({room} fit into one)")
}
