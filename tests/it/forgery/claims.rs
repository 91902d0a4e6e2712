//! Claims, signed by the right key: what a confused issuer could say, or ourselves elsewhere.

use serde_json::{Value, json};

use super::Scene;

#[tokio::test]
async fn every_claim_is_required() {
    let scene = Scene::set().await;
    let key = scene.private_key().await;
    for name in ["iss", "aud", "sub", "sid", "iat", "nbf", "exp", "jti"] {
        assert!(scene.good.claims.get(name).is_some(), "{name}");
        scene
            .refuses(&scene.good.claim(name, Value::Null).issued_by(&key))
            .await;
    }
    let mut empty = scene.good.clone();
    empty.claims = json!({});
    scene.refuses(&empty.issued_by(&key)).await;
}

#[tokio::test]
async fn every_claim_has_its_type() {
    let scene = Scene::set().await;
    let key = scene.private_key().await;
    for name in ["exp", "nbf", "iat"] {
        let seconds = scene.good.claims[name].as_i64().expect("seconds");
        for wrong in [
            json!(seconds.to_string()),
            json!(format!("{seconds}000")),
            json!([seconds]),
            json!({}),
            json!(true),
            json!(1e300),
            json!(u64::MAX),
            json!("2099-01-01T00:00:00Z"),
        ] {
            scene
                .refuses(&scene.good.claim(name, wrong).issued_by(&key))
                .await;
        }
    }
    for name in ["sub", "sid", "jti"] {
        for wrong in [
            json!(7),
            json!("ada"),
            json!(""),
            json!(["x"]),
            json!("\0"),
            json!("' OR 1=1 --"),
        ] {
            scene
                .refuses(&scene.good.claim(name, wrong).issued_by(&key))
                .await;
        }
    }
    for claims in [json!([]), json!("claims"), json!(7), json!(null)] {
        let mut altered = scene.good.clone();
        altered.claims = claims;
        scene.refuses(&altered.issued_by(&key)).await;
    }
}

#[tokio::test]
async fn a_token_of_another_issuer_or_for_another_audience_is_none_of_ours() {
    let scene = Scene::set().await;
    let key = scene.private_key().await;
    let ours = "http://127.0.0.1:8000";
    assert_eq!(scene.good.claims["iss"], ours);
    assert_eq!(scene.good.claims["aud"], ours);
    for other in [
        json!("https://evil.example"),
        json!("http://127.0.0.1:8000/"),
        json!("HTTP://127.0.0.1:8000"),
        json!("http://127.0.0.1:8000.evil.example"),
        json!(""),
        json!("*"),
        json!([ours]),
        json!([ours, "https://evil.example"]),
        json!([]),
        json!({ "0": ours }),
    ] {
        scene
            .refuses(&scene.good.claim("iss", other.clone()).issued_by(&key))
            .await;
        scene
            .refuses(&scene.good.claim("aud", other).issued_by(&key))
            .await;
    }
}

#[tokio::test]
async fn a_token_lives_from_nbf_to_exp_with_thirty_seconds_of_leeway() {
    let scene = Scene::set().await;
    let key = scene.private_key().await;
    let now = scene.good.claims["iat"].as_i64().expect("seconds");
    let at = async |name: &str, offset: i64| {
        let token = scene.good.claim(name, now + offset).issued_by(&key);
        scene.shows(&token).await.map(drop)
    };
    let refused = |reason: &str| Err(reason.to_owned());
    assert_eq!(at("nbf", 30).await, Ok(()));
    assert_eq!(at("nbf", 31).await, refused("TOKEN_NOT_YET_VALID"));
    assert_eq!(
        at("nbf", i64::MAX - now).await,
        refused("TOKEN_NOT_YET_VALID")
    );
    assert_eq!(at("exp", -29).await, Ok(()));
    assert_eq!(at("exp", -30).await, refused("TOKEN_EXPIRED"));
    assert_eq!(at("exp", -now).await, refused("TOKEN_EXPIRED"));
    assert_eq!(at("exp", i64::MIN + now).await, refused("TOKEN_EXPIRED"));
}

#[tokio::test]
async fn only_a_token_of_ours_is_told_that_it_has_expired() {
    let scene = Scene::set().await;
    let key = scene.private_key().await;
    let expired = scene.good.claim("exp", 1).marked_by(&key);
    scene
        .refuses(&expired.signed_by(&super::jwt::foreign_key()))
        .await;
    scene
        .refuses(&expired.claim("iss", "https://evil.example").signed_by(&key))
        .await;
    scene
        .refuses(&expired.header("typ", "JWT").signed_by(&key))
        .await;
}

#[tokio::test]
async fn claims_that_we_did_not_mark_are_refused_though_our_key_signed_them() {
    let scene = Scene::set().await;
    let key = scene.private_key().await;
    let iat = scene.good.claims["iat"].as_i64().expect("seconds");
    let nobody = "00000000-0000-8000-8000-000000000000";
    for unmarked in [
        scene.good.claim("jti", nobody),
        scene.good.claim("sub", nobody),
        scene.good.claim("sid", nobody),
        scene.good.claim("iat", iat - 1),
        scene.good.claim("nbf", iat - 1),
        scene.good.claim("exp", iat + 901),
        scene.good.marked_by(&super::jwt::foreign_key()),
    ] {
        scene.refuses(&unmarked.signed_by(&key)).await;
    }
}

#[tokio::test]
async fn a_session_that_never_was_has_ended() {
    let scene = Scene::set().await;
    let key = scene.private_key().await;
    let nobody = "00000000-0000-7000-8000-000000000000";
    let token = scene.good.claim("sid", nobody).issued_by(&key);
    assert_eq!(scene.shows(&token).await, Err("SESSION_ENDED".to_owned()));
}
