//! The routes, and the layers in front of them.

use std::any::Any;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Extension, Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{any, get, post};
use axum::{Router, middleware};
use tower_http::catch_panic::CatchPanicLayer;

use super::cookie_mode::{self, CookieMode};
use super::cookies::Cookies;
use super::cors::{self, Origins};
use super::graphql::Door;
use super::refusal::graphql_error;
use super::request_id::Tracing;
use super::shield::Shield;
use super::{bearer, browser, callbacks, client, health, jwks, messages, playground, request_id};
use crate::auth::Auth;
use crate::domain::Caller;
use crate::domain::device::Client;
use crate::domain::proxies::TrustedProxies;
use crate::graphql::Schema;
use crate::graphql::browser::Browser;

/// What the edge is made of.
pub struct Edge {
    /// The use cases.
    pub auth: Arc<Auth>,
    /// The way to the schema.
    pub door: Door<Schema>,
    /// Whose pages may call.
    pub origins: Origins,
    /// What the cookies of a session look like.
    pub cookies: Cookies,
    /// Whose word on a client's address is believed.
    pub trusted_proxies: TrustedProxies,
    /// How many requests one client may make; `None` counts none.
    pub shield: Option<Shield>,
    /// How long a request's body may take.
    pub patience: Duration,
    /// Whether `GET /` serves a playground.
    pub playground: bool,
    /// Whether browsers reach this server by https.
    pub is_https: bool,
}

/// Routes and layers. A request passes the layers from the last to the first.
pub fn router(edge: Edge) -> Router {
    let Edge {
        auth,
        door,
        origins,
        cookies,
        trusted_proxies,
        shield,
        patience,
        playground,
        is_https,
    } = edge;
    // Nothing throttles these: who probes too often must still learn that the server is well, or it
    // is restarted in the middle of a flood.
    let probes = Router::new()
        .route("/healthz", get(health::live))
        .route("/readyz", get(health::ready).with_state(auth.store.clone()));
    let mut pages = Router::new()
        .route(
            "/.well-known/jwks.json",
            get(jwks::jwks).with_state(Arc::clone(&auth)),
        )
        .route(
            "/callbacks/twilio/{delivery}",
            post(callbacks::twilio).with_state((Arc::clone(&auth), patience)),
        );
    let printed = auth.couriers.printed().cloned();
    if playground {
        pages = pages.merge(playground::routes(printed.is_some()));
    }
    if let Some(printed) = printed {
        pages = pages.route(messages::PATH, get(messages::messages).with_state(printed));
    }
    let cookie_mode = Arc::new(CookieMode {
        auth: Arc::clone(&auth),
        cookies,
        origins: origins.clone(),
    });
    let trusted_proxies = Arc::new(trusted_proxies);
    let tracing = Tracing {
        auth: Arc::clone(&auth),
        trusted_proxies: Arc::clone(&trusted_proxies),
    };
    let mut graphql = Router::new()
        .route("/graphql", any(graphql).with_state(Arc::new(door)))
        .route_layer(middleware::from_fn_with_state(
            cookie_mode,
            cookie_mode::identify,
        ))
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
            trusted_proxies,
            client::locate,
        ))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(middleware::from_fn_with_state(is_https, browser::instruct))
        .layer(middleware::from_fn_with_state(tracing, request_id::trace))
}

async fn graphql(
    State(door): State<Arc<Door<Schema>>>,
    Extension(caller): Extension<Caller>,
    Extension(client): Extension<Client>,
    Extension(browser): Extension<Browser>,
    request: Request,
) -> Response {
    let context = |request: async_graphql::Request| request.data(caller).data(client).data(browser);
    door.answer(request, context).await
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
