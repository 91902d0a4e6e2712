//! Says what is missing before the compiler stumbles over it. Builds nothing itself.

use std::path::Path;

const PAGE: &str = "web/playground/dist/index.html";

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var_os("CARGO_FEATURE_PLAYGROUND").is_none() {
        return;
    }
    println!("cargo::rerun-if-changed=web/playground/dist");
    if !Path::new(PAGE).is_file() {
        println!(
            "cargo::error=the feature `playground` embeds {PAGE}, which is not there: \
             run `just playground`, which needs Node.js, or build without the feature"
        );
    }
}
