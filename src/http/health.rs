//! `/healthz`: the process lives. `/readyz`: it can serve.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::store::Store;

/// 200 as long as the process answers at all. Asks nothing of the database: a restart would not
/// bring that back.
pub async fn live() -> &'static str {
    "ok\n"
}

/// 200 when the database answers and has the tables that this version expects, else 503. (The
/// signing keys were opened before the port was.)
pub async fn ready(State(store): State<Store>) -> Response {
    let database = store.ping().await.is_ok();
    let migrations = database
        && store
            .pending_migrations()
            .await
            .is_ok_and(|pending| pending == 0);
    let word = |is_well| if is_well { "ok" } else { "failing" };
    let status = if migrations {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    let body = json!({ "database": word(database), "migrations": word(migrations), "keys": "ok" });
    (status, Json(body)).into_response()
}
