//! Statements whose text is made once.

use std::sync::OnceLock;

use sea_orm::sea_query::Values;
use sea_orm::{DbBackend, Statement};

/// How many rows one statement over a list asks for at most.
pub const MOST: usize = 32;
const SIZES: usize = MOST.ilog2() as usize + 1;

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

/// The texts of a statement over a list, whose last item is [repeated](padded): so there is one for
/// each power of two only.
#[derive(Debug)]
pub struct Texts([Text; SIZES]);

impl Texts {
    /// None of them made yet.
    #[must_use]
    pub const fn new() -> Self {
        Self([const { Text::new() }; SIZES])
    }

    /// That over a list of `count`.
    ///
    /// # Panics
    /// When there are more than [`MOST`].
    #[must_use]
    pub fn of(&self, count: usize) -> &Text {
        &self.0[count.next_power_of_two().ilog2() as usize]
    }
}

/// A list, and its last item again until there are as many as a power of two.
pub fn padded<T: Copy>(list: &[T]) -> impl Iterator<Item = T> + Clone {
    let again = list.last().into_iter().cycle();
    let count = list.len().next_power_of_two();
    list.iter().chain(again).copied().take(count)
}
