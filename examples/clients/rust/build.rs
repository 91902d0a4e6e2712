//! Every type in `src/api.rs` is checked against this file when the program is compiled.

fn main() {
    cynic_codegen::register_schema("countersign")
        .from_sdl_file("../../../schema.graphql")
        .expect("a schema")
        .as_default()
        .expect("the only schema");
}
