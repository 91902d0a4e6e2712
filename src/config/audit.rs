//! How long what happened is kept.

use std::time::Duration;

use super::form::Form;
use super::key::{Default, Key};
use super::reader::Reader;

/// How long what happened is kept.
#[derive(Clone, Copy, Debug)]
pub struct AuditConfig {
    /// Older events are swept.
    pub retention: Duration,
}

const RETENTION: Key = Key {
    name: "audit.retention",
    default: Default::Is("180d"),
    doc: "How long events of the audit trail are kept. They hold network addresses, which are personal data.",
};

pub(super) fn read(reader: &mut Reader) -> AuditConfig {
    let day = Duration::from_hours(24);
    AuditConfig {
        retention: reader.value(&RETENTION, &Form::duration(day..=3650 * day)),
    }
}
