//! What every message is held to. The snapshots are for reading: `INSTA_UPDATE=always cargo test
//! --lib templates` writes them anew.

mod hostile;
mod own;

use std::fmt::Write;

use insta::assert_snapshot;

use super::sample::{honest, purposes};
use super::*;
use crate::delivery::{Purpose, Wording};
use crate::domain::Channel;

/// As demanding as an operator may be: the longest brand, a domain and an app.
fn style() -> Style {
    Style {
        brand: "Twenty Letters Brand".to_owned(),
        domain: Some("login.example.com".to_owned()),
        android_hash: Some("FA+9qCX9VSu".to_owned()),
        ..Style::default()
    }
}

fn templates() -> Templates {
    Templates::read(style(), None).unwrap()
}

fn locale(tag: &str) -> Locale {
    Locale::parse(tag).unwrap()
}

fn mail(templates: &Templates, tag: &str, facts: &Facts<'_>) -> (String, String, String) {
    match templates.word(Channel::Email, Some(&locale(tag)), facts) {
        Wording::Mail {
            subject,
            text,
            html,
        } => (subject, text, html),
        Wording::Text(_) => panic!("a mail"),
    }
}

fn sms(templates: &Templates, tag: &str, purpose: &Purpose) -> String {
    let wording = templates.word(Channel::Sms, Some(&locale(tag)), &honest(purpose));
    wording.text().to_owned()
}

#[test]
fn every_language_reads_well() {
    let templates = Templates::default();
    for language in templates.languages().iter() {
        let tag = language.as_str();
        let mut all = String::new();
        for purpose in &purposes(6) {
            let (subject, text, html) = mail(&templates, tag, &honest(purpose));
            let sms = sms(&templates, tag, purpose);
            let whatsapp = templates.word(Channel::Whatsapp, Some(language), &honest(purpose));
            assert_eq!(whatsapp.text(), sms, "without a domain they are the same");
            let name = purpose.as_str();
            write!(
                all,
                "## {name}\n\n{subject}\n\n{text}\n\n### SMS\n\n{sms}\n\n"
            )
            .unwrap();
            if purpose.code().is_some() {
                assert_snapshot!(format!("html.{tag}"), html);
            }
        }
        assert_snapshot!(format!("words.{tag}"), all);
    }
}

#[test]
fn the_default_templates_have_nothing_to_report() {
    let report = templates().check();
    assert_eq!((report.problems, report.notes), (vec![], vec![]));
    let same = |(tag, text): (&str, &str)| {
        let catalog = Catalog::parse(tag, &locale(tag), text.to_owned()).unwrap();
        let keys = |key: &str| (key.to_owned(), catalog.variables(key).cloned());
        catalog.keys().map(keys).collect::<Vec<_>>()
    };
    let [english, others @ ..] = embedded::CATALOGS;
    for other in others {
        assert_eq!(same(other), same(english), "{}", other.0);
    }
}

#[test]
fn an_sms_in_latin_letters_is_one_message() {
    let templates = templates();
    for tag in ["en", "es", "fr", "de", "pt-BR", "vi"] {
        for purpose in &purposes(8) {
            let text = sms(&templates, tag, purpose);
            let length = SmsLength::of(&text);
            assert!(
                length.is_gsm7 && length.segments == 1,
                "{tag}: {length:?}: {text}"
            );
        }
    }
}

#[test]
fn the_last_line_of_an_sms_binds_its_code_to_the_site() {
    let templates = templates();
    let [code, new_device, _] = &purposes(6);
    for language in templates.languages().iter() {
        let text = sms(&templates, language.as_str(), code);
        let [words, hash, bound] = text.lines().collect::<Vec<_>>()[..] else {
            panic!("three lines: {text}");
        };
        assert!(words.contains("042719"));
        assert_eq!((hash, bound), ("FA+9qCX9VSu", "@login.example.com #042719"));
        let notice = sms(&templates, language.as_str(), new_device);
        let whatsapp = templates.word(Channel::Whatsapp, Some(language), &honest(code));
        for text in [notice.as_str(), whatsapp.text()] {
            assert_eq!(text.lines().count(), 1, "{text}");
            assert!(!text.contains("login.example.com") && !text.contains("FA+9q"));
        }
    }
}

#[test]
fn the_code_is_one_piece_and_its_styles_are_inline() {
    let [code, ..] = &purposes(6);
    let (_, _, html) = mail(&templates(), "en", &honest(code));
    let at = html
        .find(">042719<")
        .expect("the code alone in its element");
    let element = &html[html[..at].rfind('<').unwrap()..at];
    assert!(element.contains("user-select: all") && element.contains("monospace"));
    assert!(html.contains("@media (prefers-color-scheme: dark)"));
    assert!(html.contains(r#"<meta name="color-scheme" content="light dark">"#));
    assert!(html.len() < 20_000, "{} bytes", html.len());
}

#[test]
fn arabic_runs_from_right_to_left_and_its_numbers_do_not() {
    let [code, new_device, _] = &purposes(6);
    let (_, text, html) = mail(&templates(), "ar-EG", &honest(new_device));
    assert!(html.contains(r#"<html lang="ar" dir="rtl">"#), "{html}");
    assert!(text.contains("\u{200e}2026-11-25 14:03 UTC\u{200e}"));
    assert!(text.contains("\u{200e}203.0.113.*\u{200e}"));
    let (_, _, html) = mail(&templates(), "ar", &honest(code));
    assert!(html.contains(r#"class="code" dir="ltr""#), "{html}");
    let (_, _, english) = mail(&templates(), "en", &honest(code));
    assert!(english.contains(r#"<html lang="en" dir="ltr">"#));
}

#[test]
fn arabic_counts_in_its_own_way() {
    let minutes = |minutes| {
        let [mut code, ..] = purposes(6);
        if let Purpose::Code { lifetime, .. } = &mut code {
            *lifetime = std::time::Duration::from_mins(minutes);
        }
        sms(&Templates::default(), "ar", &code)
    };
    for (count, words) in [
        (1, "لدقيقة واحدة"),
        (2, "لدقيقتين"),
        (3, "3 دقائق"),
        (10, "10 دقائق"),
        (11, "11 دقيقة"),
        (100, "100 دقيقة"),
    ] {
        assert!(minutes(count).contains(words), "{}", minutes(count));
    }
}

#[test]
fn a_preview_has_a_page_for_everything() {
    let files = Templates::default().preview().unwrap();
    assert_eq!(files.len(), 10 * 3 * 3 + 1);
    let (name, index) = files.last().unwrap();
    assert_eq!(name, "index.html");
    for (name, text) in &files {
        assert!(!text.is_empty());
        assert!(
            name == "index.html" || index.contains(&format!("\"{name}\"")),
            "{name}"
        );
    }
}
