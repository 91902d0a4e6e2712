//! What is put around the messages: minijinja templates, and the styles of the HTML inlined.

use std::collections::BTreeMap;
use std::fmt;

use css_inline::CSSInliner;
use minijinja::value::Value;
use minijinja::{AutoEscape, Environment, UndefinedBehavior};

use super::TemplateError;
use super::embedded::LAYOUTS;

/// The layouts in force.
pub(super) struct Layouts {
    environment: Environment<'static>,
    inliner: CSSInliner<'static>,
}

impl Layouts {
    /// The built-in ones, with those of `own` that replace them.
    pub fn new(own: Vec<(String, String)>) -> Result<Self, TemplateError> {
        let mut environment = Environment::new();
        // A variable that is misspelt is an error, not a gap.
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_auto_escape_callback(|name| match name.rsplit_once('.') {
            Some((_, "html")) => AutoEscape::Html,
            _ => AutoEscape::None,
        });
        let built_in = LAYOUTS.map(|(name, text)| (name.to_owned(), text.to_owned()));
        for (name, text) in built_in.into_iter().chain(own) {
            environment
                .add_template_owned(name.clone(), text)
                .map_err(|error| TemplateError::layout(&name, &error))?;
        }
        let inliner = CSSInliner::options()
            .load_remote_stylesheets(false)
            // What cannot be inlined: the colours for the dark.
            .keep_at_rules(true)
            .build();
        Ok(Self {
            environment,
            inliner,
        })
    }

    /// A text in the layout `name`.
    pub fn text(
        &self,
        name: &str,
        context: &BTreeMap<&'static str, Value>,
    ) -> Result<String, TemplateError> {
        let broken = |error| TemplateError::layout(name, &error);
        let layout = self.environment.get_template(name).map_err(broken)?;
        layout
            .render(Value::from_object(context.clone()))
            .map_err(broken)
    }

    /// A page in the layout `name`, its styles inlined: many a mailbox drops all others.
    pub fn page(
        &self,
        name: &str,
        context: &BTreeMap<&'static str, Value>,
    ) -> Result<String, TemplateError> {
        let page = self.text(name, context)?;
        self.inliner
            .inline(&page)
            .map_err(|error| TemplateError::Broken {
                file: name.to_owned(),
                line: 0,
                problem: error.to_string(),
            })
    }
}

impl fmt::Debug for Layouts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Layouts(…)")
    }
}
