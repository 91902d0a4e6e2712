//! What must not be in a message, whoever would like it there.

use super::*;
use crate::delivery::templates::sample::{HOSTILE, hostile};

#[test]
fn a_strangers_words_are_in_no_message() {
    let templates = templates();
    for language in templates.languages().iter() {
        for purpose in &purposes(6) {
            let (subject, text, html) = mail(&templates, language.as_str(), &hostile(purpose));
            for part in [&subject, &text, &without_tags(&html)] {
                for word in [
                    "49", "7*7", "raw", "script", "Bcc", "evil", "\u{202e}", "\r",
                ] {
                    assert!(!part.contains(word), "{word} in {part}");
                }
            }
            assert!(!subject.contains('\n'));
        }
    }
    assert!(HOSTILE.contains("7*7") && HOSTILE.contains("evil"));
}

#[test]
fn a_brand_is_text_whatever_is_in_it() {
    let brand = "{{ 7*7 }}{% raw %} { $code } <b>&\"B";
    let style = Style {
        brand: format!("{brand}\r\nBcc: x"),
        ..Style::default()
    };
    let templates = Templates::read(style, None).unwrap();
    for purpose in &purposes(6) {
        let (subject, text, html) = mail(&templates, "en", &honest(purpose));
        assert!(text.contains(brand), "{text}");
        assert!(
            subject.contains(brand) && !subject.contains(['\r', '\n']),
            "{subject}"
        );
        assert!(
            !html.contains("<b>") && html.contains("&lt;b&gt;&amp;"),
            "{html}"
        );
    }
}

#[test]
fn no_message_leads_anywhere() {
    let templates = templates();
    for language in templates.languages().iter() {
        for purpose in &purposes(6) {
            let (subject, text, html) = mail(&templates, language.as_str(), &honest(purpose));
            let sms = sms(&templates, language.as_str(), purpose);
            let words = [subject, text, sms].join("\n").to_lowercase();
            for lead in ["http", "www.", "://", "mailto"] {
                assert!(!words.contains(lead), "{lead} in {words}");
            }
            let html = html.to_lowercase();
            for lead in [
                "http",
                "href",
                "src=",
                "<a ",
                "<a>",
                "<img",
                "<link",
                "<script",
                "<form",
                "<iframe",
                "url(",
                "@import",
                "@font-face",
                "background=",
                "www.",
            ] {
                assert!(!html.contains(lead), "{lead} in {html}");
            }
        }
    }
}

#[test]
fn a_subject_can_keep_the_code_to_itself() {
    let [code, ..] = &purposes(6);
    let discreet = Style {
        code_in_subject: false,
        ..style()
    };
    let discreet = Templates::read(discreet, None).unwrap();
    for language in discreet.languages().iter() {
        let (shown, ..) = mail(&templates(), language.as_str(), &honest(code));
        let (hidden, text, _) = mail(&discreet, language.as_str(), &honest(code));
        assert!(shown.starts_with("042719"), "{shown}");
        assert!(!hidden.contains("042719") && !hidden.is_empty(), "{hidden}");
        assert!(text.contains("042719"));
    }
}

/// The HTML's own words, without its styles and tags.
fn without_tags(html: &str) -> String {
    let body = &html[html.find("<body").unwrap()..];
    let mut inside = false;
    body.chars()
        .filter(|c| {
            let was_inside = inside || *c == '<';
            inside = was_inside && *c != '>';
            !was_inside
        })
        .collect()
}
