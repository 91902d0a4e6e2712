//! Connections: who is let in, how long one may be without a request, and how they end.

use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use axum::http::header::CONNECTION;
use axum::http::{HeaderValue, Version};
use axum::serve::{Listener, ListenerExt};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

use super::idle::{Requests, UnderWay, forsaken};

/// How long an idle connection stays open once the server stops: its client may have sent a request
/// that is still on its way, and would never hear of it.
const FAREWELL: Duration = Duration::from_secs(1);
/// As many connections as the system lets in for us before we ask for them.
const BACKLOG: usize = 1024;

/// Answers with `router` until `stop`, and then what was sent before. A connection that goes
/// without a whole request for as long as `patience` is closed: one that is silent, one whose
/// headers come byte by byte, and one that does not take its answer.
pub(super) async fn serve(
    listener: TcpListener,
    router: Router,
    patience: Duration,
    stop: CancellationToken,
) {
    let mut listener = listener.tap_io(|stream| {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "a connection keeps its delay");
        }
    });
    let mut open = JoinSet::new();
    let connection = |(stream, address)| {
        let connection = Connection {
            address,
            router: router.clone(),
            patience,
            stop: stop.clone(),
        };
        connection.serve(stream)
    };
    loop {
        tokio::select! {
            accepted = listener.accept() => { open.spawn(connection(accepted)); }
            Some(_) = open.join_next() => {}
            () = stop.cancelled() => break,
        }
    }
    // These were let in before the socket closes: to their clients they are connections like any.
    for _ in 0..BACKLOG {
        match timeout(Duration::ZERO, listener.accept()).await {
            Ok(accepted) => open.spawn(connection(accepted)),
            Err(_) => break,
        };
    }
    drop(listener);
    while open.join_next().await.is_some() {}
}

/// Asks the system for as many open files as it allows. What it offers by itself, often 1024, a
/// thousand connections that say nothing use up, and nobody else is let in.
pub(super) fn make_room() {
    let limit = getrlimit(Resource::Nofile);
    let most = Rlimit {
        current: limit.maximum,
        ..limit
    };
    if let Err(error) = setrlimit(Resource::Nofile, most) {
        tracing::debug!(%error, "the number of open files stays as it was");
    }
}

struct Connection {
    address: SocketAddr,
    router: Router,
    patience: Duration,
    stop: CancellationToken,
}

impl Connection {
    async fn serve(self, stream: TcpStream) {
        let Self {
            address,
            router,
            patience,
            stop,
        } = self;
        let requests = Arc::new(Requests::default());
        let asked = Arc::clone(&requests);
        let stopping = stop.clone();
        let service = service_fn(move |request: Request<Incoming>| {
            let under_way = UnderWay::begin(&requests);
            let (stopping, version) = (stopping.clone(), request.version());
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(ConnectInfo(address));
            let answer = router.clone().oneshot(request);
            async move {
                let _under_way = under_way;
                let mut answer = answer.await;
                // So that the client asks nothing more here. HTTP/2 has other words for it.
                if let Ok(answer) = &mut answer
                    && stopping.is_cancelled()
                    && version <= Version::HTTP_11
                {
                    let close = HeaderValue::from_static("close");
                    answer.headers_mut().insert(CONNECTION, close);
                }
                answer
            }
        });
        let builder = Builder::new(TokioExecutor::new());
        let mut connection = pin!(builder.serve_connection(TokioIo::new(stream), service));
        tokio::select! {
            // What can be wrong with a connection is its client's business.
            _ = connection.as_mut() => return,
            () = forsaken(&asked, patience) => return,
            () = farewell(stop) => {}
        }
        connection.as_mut().graceful_shutdown();
        tokio::select! {
            _ = connection => {}
            () = forsaken(&asked, patience) => {}
        }
    }
}

/// Waits until the server stops, and then for requests that may be on their way: each of them is the
/// last one of its connection.
async fn farewell(stop: CancellationToken) {
    stop.cancelled().await;
    sleep(FAREWELL).await;
}
