//! Starting and stopping.

mod connections;
mod error;
mod files;
mod idle;

use std::future::IntoFuture;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::time::{Instant, timeout, timeout_at};
use tokio_util::sync::CancellationToken;

pub use self::error::StartError;
pub use self::files::exposed_files;
use crate::app::{self, App, World};
use crate::auth::keys::Vault;
use crate::config::{Config, HttpConfig, MessagesConfig};
use crate::delivery::Templates;
use crate::delivery::templates::TemplateError;
use crate::domain::clock::SystemClock;
use crate::domain::entropy::SystemEntropy;
use crate::domain::{Clock, ServerSecrets};
use crate::http;
use crate::secret_file::{self, SecretFileError};
use crate::store::{PoolUse, Replica, Store};
use crate::telemetry;
use crate::telemetry::metrics::Counts;
use crate::telemetry::traces::Traces;

/// How long to wait, after the grace period, for what should take no time.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// Serves until told to stop (SIGTERM, Ctrl-C): then stops accepting, finishes what runs, and
/// gives back what it cannot finish.
///
/// # Errors
/// When it cannot start.
pub async fn serve(config: Config) -> Result<(), StartError> {
    let traces = Traces::from_environment()?;
    telemetry::install(&config.log, traces.as_ref());
    connections::make_room();
    let ended = Box::pin(serve_traced(config)).await;
    if let Some(traces) = traces {
        traces.stop(LAST_WORDS).await;
    }
    ended
}

async fn serve_traced(config: Config) -> Result<(), StartError> {
    files::judge(&config)?;
    let metrics = match config.metrics.listen {
        Some(address) => Some(count(address).await?),
        None => None,
    };
    let store = open_store(&config).await?;
    if let Some((listener, counts)) = metrics {
        serve_metrics(listener, counts, store.clone());
    }
    if config.database.auto_migrate {
        store.migrate().await?;
    }
    match store.pending_migrations().await? {
        0 => {}
        pending => return Err(StartError::PendingMigrations(pending)),
    }
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let world = World {
        store,
        secrets: secrets(&config)?,
        couriers: app::couriers(&config, &clock)?,
        templates: Arc::new(templates(&config)?),
        clock,
        entropy: Arc::new(SystemEntropy),
    };
    let app = App::assemble(&config, world).await?;

    let address = config.http.listen;
    let listener = TcpListener::bind(address)
        .await
        .map_err(|error| StartError::Listen { address, error })?;
    greet(&config);
    let HttpConfig {
        idle_timeout,
        shutdown_grace,
        ..
    } = config.http;
    run(app, listener, idle_timeout, shutdown_grace).await
}

/// What messages say, with the operator's own templates tried out.
///
/// # Errors
/// When they are of no use.
pub fn templates(config: &Config) -> Result<Templates, TemplateError> {
    let MessagesConfig { style, directory } = &config.messages;
    Templates::load(style.clone(), directory.as_deref())
}

/// Brings the database's tables up to date.
///
/// # Errors
/// When the database cannot be reached, or refuses a change.
pub async fn migrate(config: &Config) -> Result<(), StartError> {
    let store = open_store(config).await?;
    store.migrate().await?;
    store.close().await;
    Ok(())
}

/// The signing keys, for a command to look at or to change. Close its store when done.
///
/// # Errors
/// When the database cannot be reached, or the server secret cannot be read.
pub async fn vault(config: &Config) -> Result<Vault, StartError> {
    let (clock, entropy) = (Arc::new(SystemClock), Arc::new(SystemEntropy));
    let store = open_store(config).await?;
    Ok(app::vault(config, &secrets(config)?, store, clock, entropy))
}

async fn run(
    app: App,
    listener: TcpListener,
    patience: Duration,
    grace: Duration,
) -> Result<(), StartError> {
    let (stop, stop_working, abandon) =
        <(CancellationToken, CancellationToken, CancellationToken)>::default();
    let mut worker = tokio::spawn(app.worker.run(stop_working.clone(), abandon.clone()));
    let sweeper = tokio::spawn(app.sweeper.run(stop_working.clone()));
    let scribe = tokio::spawn(app.scribe.run(stop_working.clone()));
    let keeper = tokio::spawn(app.keeper.run(stop_working.clone()));
    if let Some(shield) = app.shield {
        tokio::spawn(shield.run(stop_working.clone()));
    }

    let server = connections::serve(listener, app.router, patience, stop.clone());
    let server = tokio::spawn(server);

    told_to_stop().await?;
    tracing::info!("stopping");
    let deadline = Instant::now() + grace;
    stop.cancel();
    if timeout_at(deadline, server).await.is_err() {
        tracing::warn!("some requests did not finish in time");
    }
    // Only now: the last requests may have owed messages, and left events, too.
    stop_working.cancel();
    if timeout_at(deadline, &mut worker).await.is_err() {
        abandon.cancel();
        if timeout(LAST_WORDS, worker).await.is_err() {
            tracing::warn!("some messages keep their lease, and are sent when it runs out");
        }
    }
    sweeper.abort();
    keeper.abort();
    let deadline = deadline.max(Instant::now() + LAST_WORDS);
    if timeout_at(deadline, scribe).await.is_err() {
        tracing::error!("some events of the audit trail were not written");
    }
    // Waits for connections in use; a request that never ends holds one for ever.
    if timeout(LAST_WORDS, app.store.close()).await.is_err() {
        tracing::warn!("some statements were cut off");
    }
    tracing::info!("stopped");
    Ok(())
}

/// Counts from now on, for who will ask at `address`.
async fn count(address: SocketAddr) -> Result<(TcpListener, Counts), StartError> {
    let failed = |error| StartError::ListenForMetrics { address, error };
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    let counts = Counts::install().map_err(|error| failed(io::Error::other(error)))?;
    Ok((listener, counts))
}

/// Lives as long as the process: what is counted while it stops is of interest too.
fn serve_metrics(listener: TcpListener, counts: Counts, store: Store) {
    tokio::spawn(counts.clone().keep());
    let render = move || {
        let PoolUse { open, idle, max } = store.pool_use();
        counts.render(open, idle, max)
    };
    let router = http::metrics::router(render);
    tokio::spawn(axum::serve(listener, router).into_future());
}

async fn told_to_stop() -> io::Result<()> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut terminate = signal(SignalKind::terminate())?;
        tokio::select! {
            _ = terminate.recv() => Ok(()),
            interrupted = tokio::signal::ctrl_c() => interrupted,
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await
}

async fn open_store(config: &Config) -> Result<Store, StartError> {
    let failed = |error| StartError::Connect {
        url: config.database.redacted_url(),
        error,
    };
    let store = Store::connect(&config.database.settings)
        .await
        .map_err(failed)?;
    let Some(settings) = &config.database.replica else {
        return Ok(store);
    };
    // It need not answer yet; the database does.
    let replica = Replica::open(settings).await.map_err(failed)?;
    Ok(store.with_replica(replica))
}

/// The server secrets that are configured, or that of a development machine.
///
/// # Errors
/// When a secret file cannot be read or made.
pub fn secrets(config: &Config) -> Result<ServerSecrets, SecretFileError> {
    if let Some(secrets) = &config.secrets {
        return Ok(secrets.clone());
    }
    let database = config.database.settings.sqlite_file();
    secret_file::open_or_create(database.as_deref(), &SystemEntropy)
}

/// Says where everything is, on standard output, where the console courier prints its codes.
fn greet(config: &Config) {
    let version = env!("CARGO_PKG_VERSION");
    let url = config.public_url.as_str().trim_end_matches('/');
    println!("Countersign {version} is ready.");
    println!("  GraphQL   {url}/graphql");
    if config.graphql.playground {
        println!("  GraphiQL  {url}/");
    }
    println!("  Database  {}", config.database.redacted_url());
    if let Some(replica) = config.database.redacted_replica_url() {
        println!("  Replica   {replica}");
    }
    if !config.serves_https() {
        println!("  Cookies   without `Secure` and `__Host-`, because this is not https");
    }
}
