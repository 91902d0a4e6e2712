//! No document makes the guard panic or think for long, and what it lets through is bounded.
#![no_main]

use countersign::graphql::guard::{Limits, admit, admit_variables};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &str| {
    let limits = Limits::default();
    if let Ok(admitted) = admit(input, None, &limits) {
        assert!(admitted.document.fragments.len() <= limits.fields);
    }
    let _ = admit(input, Some("Named"), &limits);
    if let Ok(variables) = serde_json::from_str(input) {
        let _ = admit_variables(&variables);
    }
});
