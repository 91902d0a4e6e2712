use proptest::prelude::*;

use super::*;
use crate::domain::rotation::{KeyDates, Timeline};
use crate::tokens::{Algorithm, KeyRing, SigningKey};

const NOW: Timestamp = Timestamp::from_micros(1_800_000_000_000_000);

fn tokens(algorithm: Algorithm) -> AccessTokens {
    let policy = AccessPolicy {
        issuer: "https://auth.example.com".into(),
        audience: "https://api.example.com".into(),
        lifetime: Duration::from_mins(15),
    };
    AccessTokens::new(policy, Arc::new(RingHolder::new(ring(algorithm))))
}

/// Of one new key.
fn ring(algorithm: Algorithm) -> KeyRing {
    let key = SigningKey::from_pkcs8(algorithm, &algorithm.generate().unwrap()).unwrap();
    let dates = KeyDates {
        kid: key.kid().to_string(),
        algorithm: algorithm.as_str().to_owned(),
        serial: 1,
        created_at: NOW,
        activates_at: NOW,
        revoked_at: None,
    };
    KeyRing::new(Timeline::new([dates]), [Arc::new(key)]).unwrap()
}

fn issue(tokens: &AccessTokens) -> AccessToken {
    let (user, session) = (UserId(Uuid::from_u128(1)), SessionId(Uuid::from_u128(2)));
    tokens.issue(user, session, NOW).unwrap()
}

#[test]
fn every_algorithm_verifies_what_it_signed_and_no_other_key_does() {
    for algorithm in Algorithm::ALL {
        let tokens = self::tokens(algorithm);
        let token = issue(&tokens);
        let caller = tokens.verify(token.reveal(), NOW);
        let bearer = Caller::Bearer {
            user: UserId(Uuid::from_u128(1)),
            session: SessionId(Uuid::from_u128(2)),
            kid: tokens.keys.current().signer(NOW).kid(),
        };
        assert_eq!(caller, Ok(bearer));
        let other = self::tokens(algorithm).verify(token.reveal(), NOW);
        assert_eq!(other, Err(UnknownKey));
    }
}

#[test]
fn a_token_lives_from_nbf_to_exp_with_thirty_seconds_of_leeway() {
    let tokens = tokens(Algorithm::Es256);
    let token = issue(&tokens);
    let second = |offset: i64| Timestamp::from_micros(NOW.as_micros() + offset * 1_000_000);
    let at = |offset| tokens.verify(token.reveal(), second(offset)).unwrap();
    assert_eq!(at(-31), Caller::Stale(Stale::NotYetValid));
    assert!(matches!(at(-30), Caller::Bearer { .. }));
    assert!(matches!(at(929), Caller::Bearer { .. }));
    assert_eq!(at(930), Caller::Stale(Stale::Expired));
}

#[test]
fn a_token_that_was_proved_before_ends_with_its_time_and_with_its_key() {
    let tokens = tokens(Algorithm::Es256);
    let token = issue(&tokens);
    let later = NOW + Duration::from_mins(14);
    for now in [NOW, later, NOW] {
        let caller = tokens.verify(token.reveal(), now);
        assert!(matches!(caller, Ok(Caller::Bearer { .. })));
    }
    let over = NOW + Duration::from_mins(15) + LEEWAY;
    let caller = tokens.verify(token.reveal(), over);
    assert_eq!(caller, Ok(Caller::Stale(Stale::Expired)));
    // Its key is gone, as one that was revoked is.
    tokens.keys.swap(ring(Algorithm::Es256));
    assert_eq!(tokens.verify(token.reveal(), NOW), Err(UnknownKey));
}

fn proves_nothing(tokens: &AccessTokens, text: &str) -> bool {
    let shown = tokens.verify(text, NOW);
    matches!(shown, Ok(Caller::Stale(_)) | Err(UnknownKey))
}

proptest! {
    #[test]
    fn no_text_makes_the_verifier_panic(text in any::<String>(), parts in "[A-Za-z0-9_-]{0,40}\\.[A-Za-z0-9_-]{0,40}\\.[A-Za-z0-9_-]{0,40}") {
        let tokens = tokens(Algorithm::EdDsa);
        for text in [text, parts] {
            prop_assert!(proves_nothing(&tokens, &text));
        }
    }

    #[test]
    fn an_access_token_has_one_spelling(at in any::<prop::sample::Index>(), with in "[A-Za-z0-9_.=-]") {
        let tokens = tokens(Algorithm::Es256);
        let token = issue(&tokens);
        let mut other = token.reveal().to_owned();
        let at = at.index(other.len());
        other.replace_range(at..=at, &with);
        if other != token.reveal() {
            prop_assert!(proves_nothing(&tokens, &other));
        }
    }
}
