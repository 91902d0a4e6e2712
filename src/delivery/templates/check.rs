//! Trying templates out before people get to see them.

use super::phrases::variables_for;
use super::{Facts, SmsLength, TemplateError, Templates, embedded, sample};
use crate::delivery::{Purpose, Wording};
use crate::domain::{Channel, Locale, OtpCode};

/// What was found in the templates.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// What must be put right.
    pub problems: Vec<String>,
    /// What may well be meant so.
    pub notes: Vec<String>,
    /// How long the SMS with an eight-digit code is, in each language.
    pub sms: Vec<(Locale, SmsLength)>,
}

impl Templates {
    /// Makes every message in every language, and reads every catalog closely.
    #[must_use]
    pub fn check(&self) -> Report {
        let mut report = Report::default();
        for stranger in &self.strangers {
            let names = embedded::LAYOUTS.map(|(name, _)| name);
            report.notes.push(format!(
                "{stranger} is not used: neither {} nor a catalog such as `nl.ftl`.",
                names.join(", ")
            ));
        }
        self.compare_catalogs(&mut report);
        for language in self.languages.iter() {
            for purpose in &sample::purposes(8) {
                let unfit = self.rehearse_one(language, purpose).err();
                let problem = unfit.map(|error| error.to_string());
                // A layout that is broken is so in every language.
                let is_news = |problem: &String| !report.problems.contains(problem);
                let news = problem.filter(is_news);
                report.problems.extend(news);
            }
            let [code, ..] = &sample::purposes(8);
            if let Ok(sms) = self.try_word(Channel::Sms, Some(language), &sample::honest(code)) {
                report
                    .sms
                    .push((language.clone(), SmsLength::of(sms.text())));
            }
        }
        report
    }

    /// Makes every message in every language.
    ///
    /// # Errors
    /// With the first that does not come out, or is unfit to be sent.
    pub(super) fn rehearse(&self) -> Result<(), TemplateError> {
        for language in self.languages.iter() {
            for purpose in &sample::purposes(8) {
                self.rehearse_one(language, purpose)?;
            }
        }
        Ok(())
    }

    fn rehearse_one(&self, language: &Locale, purpose: &Purpose) -> Result<(), TemplateError> {
        for channel in Channel::ALL {
            for facts in [sample::honest(purpose), sample::hostile(purpose)] {
                let wording = self.try_word(channel, Some(language), &facts)?;
                self.judge(channel, &wording, &facts)
                    .map_err(|problem| TemplateError::Unfit {
                        what: format!(
                            "{}, {}, {}",
                            purpose.as_str(),
                            channel.as_str(),
                            language.as_str()
                        ),
                        problem,
                    })?;
            }
        }
        Ok(())
    }

    fn judge(&self, channel: Channel, wording: &Wording, facts: &Facts<'_>) -> Result<(), String> {
        let parts = match wording {
            Wording::Mail { text, html, .. } => vec![text, html],
            Wording::Text(text) => vec![text],
        };
        let code = facts.purpose.code().map(OtpCode::reveal);
        if parts.iter().any(|part| part.trim().is_empty()) {
            return Err("has no words.".to_owned());
        }
        if code.is_some_and(|code| !parts.iter().all(|part| part.contains(code))) {
            return Err("does not show the code.".to_owned());
        }
        if let (Some(code), Some(domain), Channel::Sms) = (code, &self.style.domain, channel) {
            let last = format!("@{domain} #{code}");
            if wording.text().lines().next_back() != Some(&last) {
                return Err(format!(
                    "must end with the line `@{domain} #` and the code."
                ));
            }
        }
        Ok(())
    }

    fn compare_catalogs(&self, report: &mut Report) {
        let english = self.phrases.values().next().map(|phrases| &phrases.0);
        // The last to be asked, in every language.
        let Some(english) = english.and_then(|chain| chain.last()) else {
            return;
        };
        for (language, (file, own)) in &self.own {
            for key in own.keys() {
                let taken = own.variables(key).into_iter().flatten();
                let known = variables_for(key);
                for unknown in taken.filter(|name| !known.contains(&name.as_str())) {
                    let known: Vec<_> = known.iter().map(|name| format!("${name}")).collect();
                    report.problems.push(format!(
                        "{file}: `{key}` takes ${unknown}, which it is not given. It is given {}.",
                        known.join(", ")
                    ));
                }
                let Some(usual) = english.variables(key) else {
                    let meant = nearest(key, english.keys());
                    let meant =
                        meant.map_or_else(String::new, |key| format!(" Did you mean `{key}`?"));
                    report
                        .notes
                        .push(format!("{file}: nothing built in asks for `{key}`.{meant}"));
                    continue;
                };
                for left_out in usual.iter().filter(|name| {
                    own.variables(key)
                        .is_some_and(|taken| !taken.contains(*name))
                }) {
                    report
                        .notes
                        .push(format!("{file}: `{key}` leaves out ${left_out}."));
                }
            }
            // Behind it stand two catalogs in English; a built-in one of its own language would
            // be between.
            let is_built_in = embedded::CATALOGS
                .iter()
                .any(|(tag, _)| *tag == language.as_str());
            if !is_built_in {
                let missing = english.keys().filter(|key| own.variables(key).is_none());
                report.problems.extend(missing.map(|key| {
                    format!("{file}: `{key}` is missing, and told in English instead.")
                }));
            }
        }
    }
}

fn nearest<'a>(typed: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    known
        .map(|key| (strsim::levenshtein(typed, key), key))
        .min()
        .filter(|(distance, _)| *distance <= 3)
        .map(|(_, key)| key)
}
