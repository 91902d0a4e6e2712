//! The messages of one language.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentError, FluentResource};
use fluent_syntax::ast::Entry;

use super::TemplateError;
use super::variables::variables;
use crate::domain::Locale;

/// One file of messages, in Fluent.
pub(super) struct Catalog {
    bundle: FluentBundle<FluentResource>,
    /// The messages in it, each with the variables that it takes.
    messages: BTreeMap<String, BTreeSet<String>>,
}

impl Catalog {
    /// Reads the text of `file`, written in `language`.
    pub fn parse(file: &str, language: &Locale, source: String) -> Result<Self, TemplateError> {
        let resource = FluentResource::try_new(source).map_err(|(resource, errors)| {
            TemplateError::catalog(file, resource.source(), &errors[0])
        })?;
        let messages = resource.entries().filter_map(|entry| match entry {
            Entry::Message(message) => {
                let taken = message.value.as_ref().map(variables)?;
                Some((message.id.name.to_owned(), taken))
            }
            _ => None,
        });
        let messages = messages.collect();
        let plurals = language.as_str().parse().unwrap_or_default();
        let mut bundle = FluentBundle::new_concurrent(vec![plurals]);
        // Invisible characters around each value would make every SMS UCS-2.
        bundle.set_use_isolating(false);
        bundle
            .add_resource(resource)
            .map_err(|errors| TemplateError::Broken {
                file: file.to_owned(),
                line: 0,
                problem: twice(&errors),
            })?;
        Ok(Self { bundle, messages })
    }

    /// The keys in it.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.messages.keys().map(String::as_str)
    }

    /// The variables that the message `key` takes; `None` when there is no such message.
    pub fn variables(&self, key: &str) -> Option<&BTreeSet<String>> {
        self.messages.get(key)
    }

    /// The message `key`, filled in. `None` when it is not there, or takes what is not in `args`.
    pub fn format(&self, key: &str, args: &FluentArgs<'_>) -> Option<String> {
        let message = self.bundle.get_message(key)?;
        let mut errors = Vec::new();
        let text = self
            .bundle
            .format_pattern(message.value()?, Some(args), &mut errors);
        errors.is_empty().then(|| text.into_owned())
    }
}

impl fmt::Debug for Catalog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.messages.keys()).finish()
    }
}

fn twice(errors: &[FluentError]) -> String {
    match errors.first() {
        Some(FluentError::Overriding { id, .. }) => format!("`{id}` is there twice"),
        _ => "is not a catalog".to_owned(),
    }
}
