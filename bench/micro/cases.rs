//! What is measured: one list and one function for each name, for the stopwatch (`time.rs`) and
//! for the counter (`count.rs`), so that the two cannot drift apart.
//!
//! Time, ids and keys are fixed, and whatever a first call fills is full. Names are those of
//! `bench/baseline.json`.

use std::hint::black_box;

mod contacts;
mod fixed;
mod graphql;
mod rows;
mod tokens;

pub use contacts::{code_derive, code_match, email_parse, phone_parse};
pub use graphql::{graphql_admit, graphql_admit_again, graphql_me};
pub use tokens::{
    refresh_token_read, refresh_token_write, token_refuse, token_sign, token_verify,
    token_verify_again,
};

/// One call of what is measured.
pub type Case = Box<dyn FnMut()>;

/// Hands the names of all cases to the macro `$with`.
macro_rules! each_case {
    ($with:ident) => {
        $with! {
            token_sign
            token_verify
            token_verify_again
            token_refuse
            refresh_token_write
            refresh_token_read
            code_derive
            code_match
            email_parse
            phone_parse
            graphql_admit
            graphql_admit_again
            graphql_me
        }
    };
}
pub(crate) use each_case;

/// A case that has run once: tables that are built when they are first asked for are built.
fn warm<T>(mut run: impl FnMut() -> T + 'static) -> Case {
    let mut case: Case = Box::new(move || drop(black_box(run())));
    case();
    case
}
