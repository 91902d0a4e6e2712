//! How long people stay signed in.

use std::time::Duration;

use super::form::Form;
use super::key::{Default, Key};
use super::reader::Reader;
use crate::domain::session::SessionPolicy;

const REFRESH_LIFETIME: Key = Key {
    name: "session.refresh_lifetime",
    default: Default::Is("7d"),
    doc: "A session that does not refresh for this long is over.",
};

const ABSOLUTE_LIFETIME: Key = Key {
    name: "session.absolute_lifetime",
    default: Default::Is("90d"),
    doc: "A session is over after this long, refreshed or not.",
};

const REFRESH_GRACE: Key = Key {
    name: "session.refresh_grace",
    default: Default::Is("30s"),
    doc: "How long the previous refresh token is answered with its successor again, for two tabs and lost responses.",
};

pub(super) fn read(reader: &mut Reader) -> SessionPolicy {
    let hour = Duration::from_hours(1);
    let policy = SessionPolicy {
        idle: reader.value(&REFRESH_LIFETIME, &Form::duration(hour..=90 * 24 * hour)),
        absolute: reader.value(&ABSOLUTE_LIFETIME, &Form::duration(hour..=365 * 24 * hour)),
        grace: reader.value(
            &REFRESH_GRACE,
            &Form::duration(Duration::ZERO..=Duration::from_mins(2)),
        ),
    };
    if policy.absolute < policy.idle {
        let problem = format!(
            "is shorter than `{}`, which could then never run out",
            REFRESH_LIFETIME.name
        );
        reader.refuse(
            ABSOLUTE_LIFETIME.name,
            problem,
            "Lengthen this one, or shorten the other.",
        );
    }
    policy
}
