//! An operator's own templates.

use std::fs;

use tempfile::TempDir;

use super::*;

#[test]
fn a_language_that_is_not_there_gets_the_default() {
    let german = Style {
        default_language: locale("de"),
        ..style()
    };
    let templates = Templates::load(german, None).unwrap();
    let [code, ..] = &purposes(6);
    assert!(sms(&templates, "nl", code).starts_with("042719 ist Ihr Code"));
    let nobody = templates.word(Channel::Sms, None, &honest(code));
    assert!(nobody.text().starts_with("042719 ist Ihr Code"));
    let dutch = Style {
        default_language: locale("nl"),
        ..style()
    };
    let error = Templates::load(dutch, None).unwrap_err().to_string();
    assert!(error.contains("`nl.ftl`"), "{error}");
}

#[test]
fn an_override_counts_message_by_message() {
    let own = load(&[
        ("de.ftl", "code-heading = Losungswort\n"),
        ("en.ftl", "code-heading = Password of the day\n"),
        ("nl.ftl", "code-text = { $code } is uw code.\n"),
    ])
    .unwrap();
    let [code, ..] = &purposes(6);
    let (_, german, _) = mail(&own, "de", &honest(code));
    assert!(
        german.contains("Losungswort") && german.contains("nur einmal"),
        "{german}"
    );
    assert!(sms(&own, "nl", code).starts_with("042719 is uw code.\n"));
    let (_, dutch, _) = mail(&own, "nl-BE", &honest(code));
    assert!(
        dutch.contains("Password of the day") && dutch.contains("It works once"),
        "{dutch}"
    );
    let (_, french, _) = mail(&own, "fr", &honest(code));
    assert!(french.contains("Votre code de connexion"));
}

#[test]
fn a_layout_of_ones_own_replaces_the_built_in_one() {
    let own = load(&[(
        "email.txt",
        "{{ t('code-heading') if code else kind }}: {{ code }}\n",
    )]);
    let [code, ..] = &purposes(6);
    let (_, text, html) = mail(&own.unwrap(), "en", &honest(code));
    assert_eq!(text, "Your sign-in code: 042719");
    assert!(html.contains("042719"));
}

#[test]
fn what_is_broken_is_told_with_its_line() {
    for (name, text, wanted) in [
        (
            "fr.ftl",
            "code-text = a\n\ncode-body = { $minutes\n",
            "fr.ftl, line 3: ",
        ),
        (
            "fr.ftl",
            "code-text = a\ncode-text = b\n",
            "fr.ftl, line 0: `code-text` is there twice",
        ),
        (
            "email.html",
            "<p>\n{{ t('code-heading' }}",
            "email.html, line 2: ",
        ),
        ("email.html", "<p>\n{{ coed }}", "email.html, line 2: "),
        (
            "email.txt",
            "{{ t('code-haeding') }}",
            "line 1: there is no message `code-haeding`",
        ),
        (
            "email.txt",
            "{{ t('code-heading') }}",
            "code, email, en: does not show the code",
        ),
        (
            "text.txt",
            "{{ code or kind }}",
            "code, sms, en: must end with the line `@login",
        ),
        (
            "nl.ftl",
            "code-text = Uw code is onderweg.",
            "code, whatsapp, nl: does not show the code",
        ),
    ] {
        match load(&[(name, text)]) {
            Ok(_) => assert_eq!(wanted, "", "{name}: {text}"),
            Err(error) => {
                let told = error.to_string();
                assert!(!wanted.is_empty() && told.contains(wanted), "{told}");
            }
        }
    }
    let nowhere = Templates::load(style(), Some(Path::new("/nowhere/at/all"))).unwrap_err();
    assert!(
        nowhere.to_string().starts_with("/nowhere/at/all: "),
        "{nowhere}"
    );
}

#[test]
fn a_check_tells_everything_at_once() {
    let folder = folder(&[
        (
            "de.ftl",
            "code-txet = { $code }\ncode-text = { $code } { $cdoe }\ncode-subject = Ihr Code\n",
        ),
        ("nl.ftl", "code-text = { $code } is uw code.\n"),
        ("emial.html", "?"),
    ]);
    let report = Templates::read(style(), Some(folder.path()))
        .unwrap()
        .check();
    let keys = embedded::CATALOGS[0]
        .1
        .lines()
        .filter(|line| line.contains(" ="))
        .count();
    assert_eq!(
        report.problems.len(),
        1 + keys - 1,
        "{:#?}",
        report.problems
    );
    assert_eq!(
        report.problems[0],
        "de.ftl: `code-text` takes $cdoe, which it is not given. It is given $brand, $code, $minutes."
    );
    assert!(report.problems[1].starts_with("nl.ftl: `code-advice` is missing"));
    let told = report.notes.join("\n");
    for wanted in [
        "emial.html is not used",
        "de.ftl: nothing built in asks for `code-txet`. Did you mean `code-text`?",
        "de.ftl: `code-subject` leaves out $brand.",
    ] {
        assert!(told.contains(wanted), "{told}");
    }
    assert_eq!(report.sms.len(), 11);
}

#[test]
fn what_is_wrong_in_every_language_is_told_once() {
    let folder = folder(&[("email.txt", "{{ t(\"code-headng\") }}")]);
    let report = Templates::read(style(), Some(folder.path()))
        .unwrap()
        .check();
    let [problem] = &report.problems[..] else {
        panic!("{:#?}", report.problems)
    };
    assert!(problem.starts_with("email.txt, line 1: "), "{problem}");
}

#[test]
fn a_layout_that_fails_later_costs_nobody_their_code() {
    let folder = folder(&[("text.txt", "{{ brand.nothing.at_all }}")]);
    let templates = Templates::read(style(), Some(folder.path())).unwrap();
    let [code, ..] = &purposes(6);
    assert!(sms(&templates, "en", code).ends_with("@login.example.com #042719"));
}

/// A folder with these files.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for (name, text) in files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

fn load(files: &[(&str, &str)]) -> Result<Templates, TemplateError> {
    Templates::load(style(), Some(folder(files).path()))
}
