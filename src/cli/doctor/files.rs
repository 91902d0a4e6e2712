//! May others open our files?

use super::check::Check;
use crate::config::Config;
use crate::file_mode::Exposed;
use crate::server::exposed_files;

const FILES: &str = "files";

pub(super) fn checks(config: &Config) -> Vec<Check> {
    let judge = |file: &Exposed| {
        if config.env.is_production() {
            Check::problem(FILES, file.to_string(), file.remedy())
        } else {
            Check::warning(FILES, file.to_string(), file.remedy())
        }
    };
    let found = exposed_files(config);
    if found.is_empty() {
        return vec![Check::ok(FILES, "none is open to others")];
    }
    found.iter().map(judge).collect()
}
