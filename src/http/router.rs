//! The routes, and the layers in front of them.

use std::any::Any;
use std::sync::Arc;

use axum::extract::{Extension, Request, State};
use axum::http::header::X_CONTENT_TYPE_OPTIONS;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use axum::routing::{any, get, post};
use axum::{Router, middleware};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::set_header::SetResponseHeaderLayer;

use super::cors::{self, Origins};
use super::graphql::Door;
use super::refusal::graphql_error;
use super::shield::Shield;
use super::{bearer, callbacks, client, health, jwks, messages, playground, request_id};
use crate::auth::Auth;
use crate::domain::Caller;
use crate::domain::device::Client;
use crate::domain::proxies::TrustedProxies;
use crate::graphql::Schema;
use crate::tokens::KeyRing;

/// What the edge is made of.
pub struct Edge {
    /// The use cases.
    pub auth: Arc<Auth>,
    /// The way to the schema.
    pub door: Door<Schema>,
    /// The keys to publish.
    pub keys: Arc<KeyRing>,
    /// Whose pages may call.
    pub origins: Origins,
    /// Whose word on a client's address is believed.
    pub trusted_proxies: TrustedProxies,
    /// How many requests one client may make; `None` counts none.
    pub shield: Option<Shield>,
    /// Whether `GET /` serves a playground.
    pub playground: bool,
}

/// Routes and layers. A request passes the layers from the last to the first.
pub fn router(edge: Edge) -> Router {
    let Edge {
        auth,
        door,
        keys,
        origins,
        trusted_proxies,
        shield,
        playground,
    } = edge;
    // Nothing throttles these: who probes too often must still learn that the server is well, or it
    // is restarted in the middle of a flood.
    let probes = Router::new()
        .route("/healthz", get(health::live))
        .route("/readyz", get(health::ready).with_state(auth.store.clone()));
    let mut pages = Router::new()
        .route("/.well-known/jwks.json", get(jwks::jwks).with_state(keys))
        .route(
            "/callbacks/twilio/{delivery}",
            post(callbacks::twilio).with_state(Arc::clone(&auth)),
        );
    let printed = auth.couriers.printed().cloned();
    if playground {
        pages = pages.merge(playground::routes(printed.is_some()));
    }
    if let Some(printed) = printed {
        pages = pages.route(messages::PATH, get(messages::messages).with_state(printed));
    }
    let mut graphql = Router::new()
        .route("/graphql", any(graphql).with_state(Arc::new(door)))
        .route_layer(middleware::from_fn_with_state(
            Arc::clone(&auth),
            bearer::identify,
        ));
    if let Some(shield) = shield {
        pages = pages.route_layer(shield.layer());
        graphql = graphql.route_layer(shield.layer());
    }
    // Around the shield, so that a page can read why it was refused. Preflights end here: they cost
    // less than a refusal.
    let graphql = graphql.route_layer(cors::layer(&origins));
    probes
        .merge(pages)
        .merge(graphql)
        .layer(middleware::from_fn_with_state(
            Arc::new(trusted_proxies),
            client::locate,
        ))
        .layer(SetResponseHeaderLayer::overriding(
            X_CONTENT_TYPE_OPTIONS,
            HeaderValue::from_static("nosniff"),
        ))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(middleware::from_fn_with_state(auth, request_id::trace))
}

async fn graphql(
    State(door): State<Arc<Door<Schema>>>,
    Extension(caller): Extension<Caller>,
    Extension(client): Extension<Client>,
    request: Request,
) -> Response {
    door.answer(request, |request| request.data(caller).data(client))
        .await
}

/// A defect of ours. The panic itself has been reported on standard error; its text stays there.
fn panicked(_: Box<dyn Any + Send>) -> Response {
    tracing::error!("a request panicked");
    graphql_error(
        StatusCode::INTERNAL_SERVER_ERROR,
        "INTERNAL_SERVER_ERROR",
        "Something went wrong on our side. Try again later.",
    )
}
