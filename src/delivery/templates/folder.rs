//! The operator's own templates.

use std::fs;
use std::path::Path;

use super::TemplateError;
use super::embedded::LAYOUTS;
use crate::domain::Locale;

/// What is in the operator's folder, not yet understood.
#[derive(Debug, Default)]
pub(super) struct Folder {
    /// The language, name and text of each catalog.
    pub catalogs: Vec<(Locale, String, String)>,
    /// The name and text of each layout.
    pub layouts: Vec<(String, String)>,
    /// The names of files that are neither.
    pub strangers: Vec<String>,
}

impl Folder {
    /// Reads every file of `directory` that has a name of ours, and no folder in it.
    pub fn read(directory: &Path) -> Result<Self, TemplateError> {
        let unreadable = |error| TemplateError::unreadable(directory, &error);
        let mut folder = Self::default();
        for entry in fs::read_dir(directory).map_err(unreadable)? {
            let path = entry.map_err(unreadable)?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            if path.is_dir() || name.starts_with('.') {
                continue;
            }
            let read = || {
                fs::read_to_string(&path).map_err(|error| TemplateError::unreadable(&path, &error))
            };
            let language = name.strip_suffix(".ftl").and_then(Locale::parse);
            if let Some(language) = language {
                folder.catalogs.push((language, name.to_string(), read()?));
            } else if LAYOUTS.iter().any(|(layout, _)| *layout == name) {
                folder.layouts.push((name.to_string(), read()?));
            } else {
                folder.strangers.push(name.to_string());
            }
        }
        // A folder's own order is nobody's intention.
        folder.catalogs.sort_by(|one, other| one.0.cmp(&other.0));
        folder.strangers.sort();
        Ok(folder)
    }
}
