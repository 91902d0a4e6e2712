//! Access tokens.

use std::time::Duration;

use super::form::Form;
use super::key::{Default, Key};
use super::reader::Reader;
use crate::domain::rotation::{LONGEST_ACCESS_LIFETIME, RotationPolicy};
use crate::tokens::access::AccessPolicy;
use crate::tokens::keys::Algorithm;

/// How access tokens are made.
#[derive(Clone, Debug)]
pub struct TokensConfig {
    /// What they say and how long they last.
    pub access: AccessPolicy,
    /// How they are signed.
    pub algorithm: Algorithm,
    /// How often there is a new key to sign them.
    pub rotation: RotationPolicy,
}

const ISSUER: Key = Key {
    name: "tokens.issuer",
    default: Default::Follows("`public_url`"),
    doc: "The `iss` of access tokens.",
};

const AUDIENCE: Key = Key {
    name: "tokens.audience",
    default: Default::Follows("`tokens.issuer`"),
    doc: "The `aud` of access tokens, which the backends that verify them expect.",
};

const ALGORITHM: Key = Key {
    name: "tokens.algorithm",
    default: Default::Is("ES256"),
    doc: "How access tokens are signed.",
};

const ACCESS_LIFETIME: Key = Key {
    name: "tokens.access_lifetime",
    default: Default::Is("15m"),
    doc: "How long an access token is good for. Other backends honour it until then, even after logout.",
};

const ROTATE_EVERY: Key = Key {
    name: "tokens.rotate_every",
    default: Default::Is("30d"),
    doc: "How long one key signs before the next one does.",
};

const PUBLISH_BEFORE: Key = Key {
    name: "tokens.publish_before",
    default: Default::Is("1d"),
    doc: "How long the next key is among the public keys before it signs. Other backends must read those more often.",
};

pub(super) fn read(reader: &mut Reader, public_url: &url::Url) -> TokensConfig {
    let issuer = reader.value_or(
        &ISSUER,
        public_url.as_str().trim_end_matches('/'),
        &Form::text("an issuer"),
    );
    let audience = reader.value_or(&AUDIENCE, &issuer, &Form::text("an audience"));
    let lifetime = Form::duration(Duration::from_mins(1)..=LONGEST_ACCESS_LIFETIME);
    let algorithms = Form::choice([
        ("ES256", Algorithm::Es256),
        ("EdDSA", Algorithm::EdDsa),
        ("RS256", Algorithm::Rs256),
    ]);
    TokensConfig {
        algorithm: reader.value(&ALGORITHM, &algorithms),
        access: AccessPolicy {
            issuer,
            audience,
            lifetime: reader.value(&ACCESS_LIFETIME, &lifetime),
        },
        rotation: rotation(reader),
    }
}

fn rotation(reader: &mut Reader) -> RotationPolicy {
    let day = Duration::from_hours(24);
    // The public keys may be kept for five minutes, and an instance needs some seconds to look.
    let published = Form::duration(Duration::from_mins(10)..=30 * day);
    let policy = RotationPolicy {
        every: reader.value(&ROTATE_EVERY, &Form::duration(day..=365 * day)),
        publish_before: reader.value(&PUBLISH_BEFORE, &published),
    };
    if policy.publish_before >= policy.every {
        let problem = format!(
            "is not shorter than `{}`: a key would be published before its predecessor signs",
            ROTATE_EVERY.name
        );
        let remedy = "Shorten this one, or lengthen the other.";
        reader.refuse(PUBLISH_BEFORE.name, problem, remedy);
    }
    policy
}

#[cfg(test)]
mod tests {
    use crate::config::tests::refused;

    #[test]
    fn a_key_is_published_for_less_long_than_its_predecessor_signs() {
        let refused = |every: &str, before: &str| {
            let toml =
                format!("tokens = {{ rotate_every = '{every}', publish_before = '{before}' }}");
            refused(&toml, &[])
        };
        assert_eq!(refused("1d", "23h"), [""; 0]);
        assert_eq!(refused("1d", "1d"), ["tokens.publish_before"]);
        assert_eq!(
            refused("23h", "9m"),
            ["tokens.rotate_every", "tokens.publish_before"]
        );
    }
}
