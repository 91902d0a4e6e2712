//! Statements whose text is made once.

use std::sync::OnceLock;

use sea_orm::sea_query::Values;
use sea_orm::{DbBackend, Statement};

/// The text of a statement that is asked so often that making it anew would be a twentieth of all
/// work (decision 29): one for each place that asks, which names the values by itself each time.
#[derive(Debug)]
pub struct Text {
    postgres: OnceLock<String>,
    sqlite: OnceLock<String>,
}

impl Text {
    /// One that is not made yet.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            postgres: OnceLock::new(),
            sqlite: OnceLock::new(),
        }
    }

    /// The statement with these values, in the order in which its text has them. `made` is called
    /// the first time.
    ///
    /// # Panics
    /// The first time, when `values` are not what `made` has: any test that asks would see that.
    #[must_use]
    pub fn with(
        &self,
        backend: DbBackend,
        values: Values,
        made: impl FnOnce() -> Statement,
    ) -> Statement {
        let text = match backend {
            DbBackend::Postgres => &self.postgres,
            _ => &self.sqlite,
        };
        let sql = text.get_or_init(|| {
            let made = made();
            assert_eq!(made.values.as_ref(), Some(&values), "{}", made.sql);
            made.sql
        });
        Statement {
            sql: sql.clone(),
            values: Some(values),
            db_backend: backend,
        }
    }
}
