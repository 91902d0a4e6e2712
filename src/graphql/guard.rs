//! The guard between the parser and the validator.
//!
//! async-graphql applies its limits after validation, and validation follows every fragment spread:
//! 24 fragments that each spread the next one twice are 900 bytes and cost it 19 seconds. So a
//! document is measured here first, in time linear in its size, and handed on already parsed.
//!
//! 1. `scan` bounds tokens, nesting and names, so that parsing itself is cheap.
//! 2. The parser turns the source into a document. What it says of a mistake is dropped: it quotes
//!    the line, and the line may hold a one-time code.
//! 3. `measure` weighs the document as if every fragment were written out.
//!
//! Clients send the same few documents again and again: what was admitted is `known` for a while.

use async_graphql::parser::{
    Error as ParseError, parse_query,
    types::{DocumentOperations, ExecutableDocument, OperationDefinition, OperationType},
};

use self::known::Known;
pub use self::{refusal::Refusal, subject::Subject, variables::admit_variables};

mod known;
mod measure;
mod refusal;
mod scan;
mod subject;
mod variables;

/// Root fields of a mutation that mint or spend a credential.
///
/// One operation may hold one of them, once: otherwise a single request, which every limit counted
/// per request takes for one guess, could make hundreds.
pub const CREDENTIAL_MUTATIONS: [&str; 3] = ["requestOtp", "verifyOtp", "refreshToken"];

/// What a document may ask, and how large it may be, once every fragment is written out.
///
/// Counts are sums over all operations and all fragment definitions, since the validator walks all
/// of them, whichever operation was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Fields inside each other.
    pub depth: usize,
    /// Selections: fields, `__typename` among them, and the fragments that hold them.
    pub fields: usize,
    /// Fields given another name.
    pub aliases: usize,
    /// Directives, wherever they stand.
    pub directives: usize,
    /// Whether it may ask the schema about itself. `__typename` is always allowed.
    pub introspection: bool,
}

impl Default for Limits {
    /// Fits the introspection query that GraphiQL sends (depth 15, 489 selections, no alias, no
    /// directive) with room for half as much again. No other query of this schema comes near it.
    fn default() -> Self {
        Self {
            depth: 20,
            fields: 750,
            aliases: 30,
            directives: 30,
            introspection: true,
        }
    }
}

/// A document that is safe to validate.
#[derive(Debug)]
pub struct Admitted {
    /// The parsed document, for `Request::set_parsed_query`.
    pub document: ExecutableDocument,
    /// What kind of operation will run.
    pub operation: OperationType,
    /// What it is about.
    pub subject: Subject,
}

/// Lets documents through, or not.
#[derive(Debug)]
pub struct Guard {
    limits: Limits,
    known: Known,
}

impl Guard {
    /// One that admits what is within `limits`.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Self {
            limits,
            known: Known::default(),
        }
    }

    /// Parses `query` and admits it, if it is within the limits.
    ///
    /// # Errors
    ///
    /// A [`Refusal`] names the first reason found. It holds nothing of the source.
    pub fn admit(&self, query: &str, operation_name: Option<&str>) -> Result<Admitted, Refusal> {
        let document = match self.known.get(query) {
            Some(document) => document,
            None => self.known.keep(query, parse(query, &self.limits)?),
        };
        let selected = selected(&document.operations, operation_name)?;
        let (operation, subject) = (selected.ty, Subject::of(selected, &document));
        Ok(Admitted {
            document,
            operation,
            subject,
        })
    }
}

fn parse(query: &str, limits: &Limits) -> Result<ExecutableDocument, Refusal> {
    scan::check(query)?;
    let document = parse_query(query).map_err(|error| match error {
        ParseError::RecursionLimitExceeded => Refusal::TooDeep,
        error => Refusal::Syntax {
            at: error.positions().next(),
        },
    })?;
    measure::check(&document, limits)?;
    Ok(document)
}

/// The operation that async-graphql will choose by the same rule.
fn selected<'d>(
    operations: &'d DocumentOperations,
    name: Option<&str>,
) -> Result<&'d OperationDefinition, Refusal> {
    let operation = match (operations, name) {
        (DocumentOperations::Single(only), None) => only,
        (DocumentOperations::Single(_), Some(_)) => return Err(Refusal::UnknownOperation),
        (DocumentOperations::Multiple(all), Some(name)) => {
            all.get(name).ok_or(Refusal::UnknownOperation)?
        }
        (DocumentOperations::Multiple(all), None) => {
            let mut each = all.values();
            match (each.next(), each.next()) {
                (Some(only), None) => only,
                _ => return Err(Refusal::OperationNameRequired),
            }
        }
    };
    Ok(&operation.node)
}

#[cfg(test)]
mod tests;
