//! One request to the schema, between the HTTP door and the database.

use std::hint::black_box;
use std::sync::Arc;

use async_graphql::{Request, Response};
use countersign::app;
use countersign::auth::Auth;
use countersign::auth::audit::Trail;
use countersign::auth::keys::Keeper;
use countersign::auth::scribe::Scribe;
use countersign::config::{Config, Sources};
use countersign::delivery::{Couriers, Doorbell};
use countersign::domain::contact_hash::ContactHasher;
use countersign::domain::device::Client;
use countersign::domain::otp::OtpDeriver;
use countersign::domain::{Caller, Languages, Locale};
use countersign::graphql::browser::Browser;
use countersign::graphql::guard::{Guard, Limits};
use countersign::graphql::{Schema, schema};
use countersign::store::Store;
use countersign::tokens::RefreshTokens;
use futures_util::FutureExt;
use tokio::runtime;

use super::fixed::{NOW, SESSION, Same, Still, USER, secrets, signing_key};
use super::rows::Rows;
use super::tokens::access_tokens;
use super::{Case, warm};

const ME: &str = "query Me { me { id email phone locale createdAt } }";

/// The guard, which parses.
pub fn graphql_admit() -> Case {
    let guard = || Guard::new(Limits::default());
    warm(move || {
        guard()
            .admit(black_box(ME), None)
            .expect("a document within limits")
    })
}

/// The guard, which has admitted this document before.
pub fn graphql_admit_again() -> Case {
    let guard = Guard::new(Limits::default());
    warm(move || {
        guard
            .admit(black_box(ME), None)
            .expect("a document within limits")
    })
}

/// The guard, validation and execution, down to the statement and up from its row.
pub fn graphql_me() -> Case {
    let caller = Caller::Bearer {
        user: USER,
        session: SESSION,
        kid: signing_key().kid(),
    };
    let schema = schema(Arc::new(auth()), true);
    let guard = Guard::new(Limits::default());
    // Who is signed in is asked in a task of its own.
    let runtime = runtime::Builder::new_current_thread().enable_time().build();
    let runtime = runtime.expect("a runtime");
    let me = move || runtime.block_on(answer(&schema, &guard, caller));
    let data = me().data.to_string();
    assert!(data.contains("ada@example.com"), "{data}");
    warm(me)
}

/// As `http::graphql` asks, without JSON.
async fn answer(schema: &Schema, guard: &Guard, caller: Caller) -> Response {
    let admitted = guard.admit(black_box(ME), None);
    let mut request = Request::new("")
        .data(caller)
        .data(Client::default())
        .data(Browser::without_cookies(None));
    request.set_parsed_query(admitted.expect("a document within limits").document);
    schema.execute(request).await
}

/// All use cases, as `app.rs` puts them together with the default settings.
fn auth() -> Auth {
    let sources = Sources {
        now: NOW,
        ..Sources::default()
    };
    let config = Config::load(sources).expect("a sound configuration");
    let (secrets, clock, entropy) = (secrets(), Arc::new(Still), Arc::new(Same));
    let store = Store::from_connection(Rows::new(&secrets).connect());
    let vault = app::vault(
        &config,
        &secrets,
        store.clone(),
        clock.clone(),
        entropy.clone(),
    );
    let keeper = Keeper::open(vault).now_or_never();
    let keeper = keeper.expect("nothing to wait for").expect("a key");
    let (_, desk) = Scribe::new(store.clone());
    let hasher = ContactHasher::new(&secrets);
    let english = Locale::parse("en").expect("a tag");
    Auth {
        policy: app::policy(&config),
        store,
        codes: Arc::new(OtpDeriver::new(&secrets, config.otp.digits)),
        access_tokens: access_tokens(Arc::clone(keeper.ring())),
        keys: Arc::new(keeper),
        refresh_tokens: RefreshTokens::new(&secrets),
        languages: Languages::new([english.clone()], english).expect("English"),
        test_identities: config.test_identities,
        callbacks: None,
        couriers: Couriers::default(),
        doorbell: Doorbell::default(),
        trail: Trail::new(desk, hasher, clock.clone(), entropy.clone()),
        clock,
        entropy,
    }
}
