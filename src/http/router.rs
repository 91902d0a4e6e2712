//! The routes, and the layers in front of them.

use std::any::Any;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Extension, Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{any, get, post};
use axum::{Router, middleware};
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;

use super::authentication::Authentication;
use super::cookies::Cookies;
use super::cors::{self, Origins};
use super::graphql::Door;
use super::negotiation::MediaType;
use super::refusal::{Refusal, graphql_error};
use super::request_id::Tracing;
use super::shield::Shield;
use super::{browser, callbacks, client, health, jwks, messages, playground, request_id};
use crate::auth::Auth;
use crate::domain::device::Client;
use crate::domain::proxies::TrustedProxies;
use crate::graphql::Schema;

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

/// Routes and layers. A request passes those of a route from the last to the first, after those that
/// are for all, from the first to the last: these are one to axum, which copies what is behind a
/// layer for each request.
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
    let trusted_proxies = Arc::new(trusted_proxies);
    let tracing = Tracing {
        auth: Arc::clone(&auth),
        trusted_proxies: Arc::clone(&trusted_proxies),
    };
    let authentication = Authentication {
        auth,
        cookies,
        origins: origins.clone(),
    };
    let entrance = Arc::new((authentication, door));
    let mut graphql = Router::new().route("/graphql", any(graphql).with_state(entrance));
    if let Some(shield) = shield {
        pages = pages.route_layer(shield.layer());
        graphql = graphql.route_layer(shield.layer());
    }
    // Around the shield, so that a page can read why it was refused. Preflights end here: they cost
    // less than a refusal.
    let graphql = graphql.route_layer(cors::layer(&origins));
    probes.merge(pages).merge(graphql).layer(
        ServiceBuilder::new()
            .layer(middleware::from_fn_with_state(tracing, request_id::trace))
            .map_response(move |response| browser::instruct(response, is_https))
            .layer(CatchPanicLayer::custom(panicked))
            .map_request(move |request| client::locate(request, &trusted_proxies)),
    )
}

async fn graphql(
    State(entrance): State<Arc<(Authentication, Door<Schema>)>>,
    Extension(client): Extension<Client>,
    request: Request,
) -> Response {
    let (authentication, door) = &*entrance;
    let (caller, browser) = match authentication.identify(request.headers()).await {
        Ok(known) => known,
        Err(doubt) => {
            let media = MediaType::accepted_by(request.headers()).unwrap_or(MediaType::Json);
            return Refusal::CsrfRejected(doubt).answer(media);
        }
    };
    let context =
        |request: async_graphql::Request| request.data(caller).data(client).data(browser.clone());
    let mut response = door.answer(request, context).await;
    authentication.instruct(&browser, &mut response);
    response
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
