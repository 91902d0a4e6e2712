//! The wording of messages: catalogs in Fluent say what, layouts in minijinja say where.
//!
//! Both are built in for ten languages, and an operator's folder overrides any of them, message by
//! message. What a stranger sent with a request never becomes part of a message: see `device.rs`.

mod address;
mod catalog;
mod check;
mod device;
mod embedded;
mod error;
mod facts;
mod folder;
mod layouts;
mod phrases;
mod preview;
mod sample;
mod sms;
#[cfg(test)]
mod tests;
mod variables;
mod word;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use self::catalog::Catalog;
use self::folder::Folder;
use self::layouts::Layouts;
use self::phrases::Phrases;
use crate::domain::{Languages, Locale};

pub use self::check::Report;
pub use self::error::TemplateError;
pub use self::facts::Facts;
pub use self::sms::SmsLength;

/// What an operator decides about messages, besides their words.
#[derive(Clone, Debug)]
pub struct Style {
    /// Who writes.
    pub brand: String,
    /// The language of people of whom nothing is known.
    pub default_language: Locale,
    /// Whether the subject of an e-mail shows the code.
    pub code_in_subject: bool,
    /// The site that alone may be filled in with a code from a text message.
    pub domain: Option<String>,
    /// Which Android app may read a code from a text message.
    pub android_hash: Option<String>,
}

impl Default for Style {
    fn default() -> Self {
        Self {
            brand: "Countersign".to_owned(),
            default_language: built_in_language(embedded::LAST_RESORT),
            code_in_subject: true,
            domain: None,
            android_hash: None,
        }
    }
}

/// Every template in force.
#[derive(Debug)]
pub struct Templates {
    style: Style,
    languages: Languages,
    phrases: BTreeMap<Locale, Arc<Phrases>>,
    layouts: Layouts,
    /// What stands in for a layout of the operator's that fails.
    built_in: Layouts,
    /// The operator's catalogs by language, and the files of theirs that are none of ours.
    own: BTreeMap<Locale, (String, Arc<Catalog>)>,
    strangers: Vec<String>,
}

impl Templates {
    /// The built-in templates, overridden by those in `directory`, and all of them tried out.
    ///
    /// # Errors
    /// When a file cannot be read, is broken, or makes a message that is unfit to be sent.
    pub fn load(style: Style, directory: Option<&Path>) -> Result<Self, TemplateError> {
        let templates = Self::read(style, directory)?;
        if directory.is_some() {
            templates.rehearse()?;
        }
        Ok(templates)
    }

    /// As [`load`](Self::load), without trying them out: for who wants to hear everything that
    /// [`check`](Self::check) finds.
    ///
    /// # Errors
    /// When a file cannot be read, or is broken.
    pub fn read(style: Style, directory: Option<&Path>) -> Result<Self, TemplateError> {
        let folder = directory.map(Folder::read).transpose()?.unwrap_or_default();
        let mut built_in = BTreeMap::new();
        let mut order = Vec::new();
        for (tag, text) in embedded::CATALOGS {
            let language = built_in_language(tag);
            let catalog = Catalog::parse(tag, &language, text.to_owned())?;
            order.push(language.clone());
            built_in.insert(language, Arc::new(catalog));
        }
        let mut own = BTreeMap::new();
        for (language, file, text) in folder.catalogs {
            let catalog = Arc::new(Catalog::parse(&file, &language, text)?);
            if !built_in.contains_key(&language) {
                order.push(language.clone());
            }
            own.insert(language, (file, catalog));
        }

        let english = built_in_language(embedded::LAST_RESORT);
        let asked = |language: &Locale| {
            let own = own.get(language).map(|(_, catalog)| catalog);
            own.into_iter().chain(built_in.get(language)).cloned()
        };
        let chain = |language: &Locale| Phrases(asked(language).chain(asked(&english)).collect());
        let phrases = order
            .iter()
            .map(|language| (language.clone(), Arc::new(chain(language))))
            .collect();
        let languages = Languages::new(order, style.default_language.clone()).ok_or_else(|| {
            TemplateError::NoSuchLanguage(style.default_language.as_str().to_owned())
        })?;
        Ok(Self {
            style,
            languages,
            phrases,
            layouts: Layouts::new(folder.layouts)?,
            built_in: Layouts::new(Vec::new())?,
            own,
            strangers: folder.strangers,
        })
    }

    /// The languages that there are messages in.
    #[must_use]
    pub fn languages(&self) -> &Languages {
        &self.languages
    }
}

/// The built-in ones.
impl Default for Templates {
    fn default() -> Self {
        Self::read(Style::default(), None).expect("tests read the built-in templates")
    }
}

fn built_in_language(tag: &str) -> Locale {
    Locale::parse(tag).expect("a built-in language has a tag")
}
