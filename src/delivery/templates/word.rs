//! Putting a message into words.

use std::sync::Arc;

use minijinja::value::Value;

use super::layouts::Layouts;
use super::phrases::{Blanks, Phrases};
use super::{Facts, TemplateError, Templates};
use crate::delivery::Wording;
use crate::domain::language::is_right_to_left;
use crate::domain::{Channel, Locale};

impl Templates {
    /// Puts a message into words, in the language nearest to `language`.
    #[must_use]
    pub fn word(&self, channel: Channel, language: Option<&Locale>, facts: &Facts<'_>) -> Wording {
        self.try_word(channel, language, facts)
            .unwrap_or_else(|error| {
                tracing::error!(%error, "a template fails, and the built-in one stands in for it");
                self.word_plainly(channel, language, facts)
            })
    }

    /// As [`word`](Self::word), but nothing stands in for a layout that fails.
    pub(super) fn try_word(
        &self,
        channel: Channel,
        language: Option<&Locale>,
        facts: &Facts<'_>,
    ) -> Result<Wording, TemplateError> {
        self.word_in(&self.layouts, channel, language, facts)
    }

    /// In the built-in layouts.
    fn word_plainly(
        &self,
        channel: Channel,
        language: Option<&Locale>,
        facts: &Facts<'_>,
    ) -> Wording {
        self.word_in(&self.built_in, channel, language, facts)
            .expect("tests hold the built-in layouts to every message")
    }

    fn word_in(
        &self,
        layouts: &Layouts,
        channel: Channel,
        language: Option<&Locale>,
        facts: &Facts<'_>,
    ) -> Result<Wording, TemplateError> {
        let language = self.languages.choose(language, None);
        let phrases = &self.phrases[&language];
        let is_right_to_left = is_right_to_left(&language);
        let blanks = facts.blanks(&self.style.brand, is_right_to_left);
        let kind = facts.kind();
        let mut context = facts.context(phrases, &blanks, is_right_to_left);
        context.insert("language", language.as_str().into());
        context.insert("kind", kind.as_str().into());
        context.insert("t", say(Arc::clone(phrases), blanks.clone()));
        if channel != Channel::Email {
            // Both lines are conventions of SMS.
            let only_in_sms = |line: &Option<String>| {
                Value::from(line.clone().filter(|_| channel == Channel::Sms))
            };
            context.insert("domain", only_in_sms(&self.style.domain));
            context.insert("android_hash", only_in_sms(&self.style.android_hash));
            return Ok(Wording::Text(layouts.text("text.txt", &context)?));
        }

        let is_hidden = blanks.code.is_some() && !self.style.code_in_subject;
        let subject = if is_hidden {
            "subject-hidden"
        } else {
            "subject"
        };
        let subject = phrases.say(&format!("{kind}-{subject}"), &blanks);
        let subject = one_line(&subject.unwrap_or_default());
        context.insert("subject", subject.as_str().into());
        Ok(Wording::Mail {
            text: layouts.text("email.txt", &context)?,
            html: layouts.page("email.html", &context)?,
            subject,
        })
    }
}

/// `t("key")` in a layout.
fn say(phrases: Arc<Phrases>, blanks: Blanks) -> Value {
    Value::from_function(move |key: String| {
        phrases.say(&key, &blanks).ok_or_else(|| {
            let problem = format!("there is no message `{key}`");
            minijinja::Error::new(minijinja::ErrorKind::InvalidOperation, problem)
        })
    })
}

/// A line break in a subject would begin a header of somebody else's choosing.
fn one_line(text: &str) -> String {
    let is_gap = |c: char| c == ' ' || c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
    let words = text.split(is_gap).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}
