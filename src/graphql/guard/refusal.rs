//! Why a document was not let through.

use async_graphql::Pos;

/// Why a document was not let through.
///
/// No variant carries text of the document, so that no message can repeat a code or a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// The source does not parse.
    Syntax {
        /// Where the parser stopped, if it can say.
        at: Option<Pos>,
    },
    /// Fields or brackets are nested too deep.
    TooDeep,
    /// Too many tokens, selections, or arguments on one field, or too long a name.
    TooComplex,
    /// Too many fields were given another name.
    TooManyAliases,
    /// Too many directives.
    TooManyDirectives,
    /// More than one credential mutation in one operation.
    TooManyCredentialMutations,
    /// The schema is asked about itself, and answers nobody.
    IntrospectionDisabled,
    /// A fragment spreads itself, by whatever detour.
    FragmentCycle,
    /// No operation has the name that was asked for.
    UnknownOperation,
    /// There are several operations, and none was asked for.
    OperationNameRequired,
}

impl Refusal {
    /// The stable code for `errors[].extensions.code`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Syntax { .. } => "GRAPHQL_PARSE_FAILED",
            Self::TooDeep => "QUERY_TOO_DEEP",
            Self::TooComplex => "QUERY_TOO_COMPLEX",
            Self::TooManyAliases => "TOO_MANY_ALIASES",
            Self::TooManyDirectives => "TOO_MANY_DIRECTIVES",
            Self::TooManyCredentialMutations => "TOO_MANY_CREDENTIAL_MUTATIONS",
            Self::IntrospectionDisabled => "INTROSPECTION_DISABLED",
            Self::FragmentCycle | Self::UnknownOperation | Self::OperationNameRequired => {
                "GRAPHQL_VALIDATION_FAILED"
            }
        }
    }

    /// What to tell the developer of the client.
    #[must_use]
    pub const fn message(self) -> &'static str {
        match self {
            Self::Syntax { .. } => "The document is not valid GraphQL.",
            Self::TooDeep => "The document is nested too deep.",
            Self::TooComplex => "The document asks for too much at once.",
            Self::TooManyAliases => "The document has too many aliases.",
            Self::TooManyDirectives => "The document has too many directives.",
            Self::TooManyCredentialMutations => {
                "An operation may request, verify or refresh a credential once."
            }
            Self::IntrospectionDisabled => "The schema does not describe itself here.",
            Self::FragmentCycle => "A fragment of the document spreads itself.",
            Self::UnknownOperation => "The document has no operation of that name.",
            Self::OperationNameRequired => {
                "The document has several operations: say which by operationName."
            }
        }
    }
}
