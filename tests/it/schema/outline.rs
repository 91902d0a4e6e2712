//! A schema document as a set of lines, one for each promise in it.

use std::collections::BTreeSet;

use async_graphql::Positioned;
use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{
    ConstDirective, EnumValueDefinition, FieldDefinition, InputValueDefinition, TypeDefinition,
    TypeKind, TypeSystemDefinition,
};

/// Directives that every GraphQL server has; some printers write them out.
const BUILT_IN: [&str; 5] = ["include", "skip", "deprecated", "specifiedBy", "oneOf"];

/// The promises of the schema document `sdl`, without descriptions and in no order.
pub fn of(sdl: &str) -> BTreeSet<String> {
    let mut lines = BTreeSet::new();
    each(sdl, |line, _| {
        lines.insert(line);
    });
    lines
}

/// The promises that nobody has described.
pub fn undescribed(sdl: &str) -> BTreeSet<String> {
    let mut lines = BTreeSet::new();
    each(sdl, |line, description| {
        // The roots are described by what is in them, and `implements` by the interface.
        let needs_none = ["type Query", "type Mutation"].contains(&line.as_str())
            || line.contains(" implements ");
        if !needs_none && description.is_none_or(|text| text.trim().is_empty()) {
            lines.insert(line);
        }
    });
    lines
}

/// The types of the schema document `sdl`.
pub fn types(sdl: &str) -> Vec<TypeDefinition> {
    let document = parse_schema(sdl).expect("a schema document");
    let definitions = document.definitions.into_iter();
    let types = definitions.filter_map(|definition| match definition {
        TypeSystemDefinition::Type(ty) => Some(ty.node),
        TypeSystemDefinition::Schema(_) => None,
        TypeSystemDefinition::Directive(directive) => {
            let name = directive.node.name.node;
            assert!(
                BUILT_IN.contains(&name.as_str()),
                "nobody was promised @{name}"
            );
            None
        }
    });
    types.collect()
}

type Description<'a> = Option<&'a str>;

fn text(description: Option<&Positioned<String>>) -> Description<'_> {
    description.map(|description| description.node.as_str())
}

fn each(sdl: &str, mut tell: impl FnMut(String, Description<'_>)) {
    for ty in types(sdl) {
        let name = &ty.name.node;
        let directives = directives(&ty.directives);
        let told = text(ty.description.as_ref());
        let fields: &[Positioned<FieldDefinition>] = match &ty.kind {
            TypeKind::Object(object) => {
                for interface in &object.implements {
                    tell(format!("type {name} implements {}", interface.node), None);
                }
                tell(format!("type {name}{directives}"), told);
                &object.fields
            }
            TypeKind::Interface(interface) => {
                tell(format!("interface {name}{directives}"), told);
                &interface.fields
            }
            TypeKind::Scalar => {
                tell(format!("scalar {name}{directives}"), told);
                &[]
            }
            TypeKind::Enum(values) => {
                tell(format!("enum {name}{directives}"), told);
                for EnumValueDefinition {
                    description,
                    value,
                    directives: at,
                    ..
                } in values.values.iter().map(|value| &value.node)
                {
                    let line = format!("{name} = {}{}", value.node, self::directives(at));
                    tell(line, text(description.as_ref()));
                }
                &[]
            }
            TypeKind::InputObject(input) => {
                tell(format!("input {name}{directives}"), told);
                for field in &input.fields {
                    let line = format!("{name}.{}", input_value(&field.node));
                    tell(line, text(field.node.description.as_ref()));
                }
                &[]
            }
            TypeKind::Union(_) => panic!("{name}: the contract has no unions (D9)"),
        };
        for field in fields.iter().map(|field| &field.node) {
            let head = format!("{name}.{}", field.name.node);
            let line = format!(
                "{head}: {}{}",
                field.ty.node,
                self::directives(&field.directives)
            );
            tell(line, text(field.description.as_ref()));
            for argument in field.arguments.iter().map(|argument| &argument.node) {
                let line = format!("{head}({})", input_value(argument));
                tell(line, text(argument.description.as_ref()));
            }
        }
    }
}

fn input_value(value: &InputValueDefinition) -> String {
    let default = value.default_value.as_ref();
    let default = default.map_or(String::new(), |default| format!(" = {}", default.node));
    let directives = directives(&value.directives);
    format!(
        "{}: {}{default}{directives}",
        value.name.node, value.ty.node
    )
}

fn directives(directives: &[Positioned<ConstDirective>]) -> String {
    let written = directives.iter().map(|directive| {
        let arguments = directive.node.arguments.iter();
        let arguments = arguments.map(|(name, value)| format!("{}: {}", name.node, value.node));
        format!(
            " @{}({})",
            directive.node.name.node,
            arguments.collect::<Vec<_>>().join(", ")
        )
    });
    written.collect()
}
