//! No document makes the guard panic or think for long, and what it lets through is bounded.
#![no_main]

use countersign::graphql::guard::{Guard, Limits, admit_variables};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &str| {
    let limits = Limits::default();
    let guard = Guard::new(limits);
    if let Ok(admitted) = guard.admit(input, None) {
        assert!(admitted.document.fragments.len() <= limits.fields);
    }
    let _ = guard.admit(input, Some("Named"));
    if let Ok(variables) = serde_json::from_str(input) {
        let _ = admit_variables(&variables);
    }
});
