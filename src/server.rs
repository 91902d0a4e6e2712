//! Starting and stopping.

mod connections;

use std::future::IntoFuture;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use sea_orm::DbErr;
use tokio::net::TcpListener;
use tokio::time::{Instant, timeout, timeout_at};
use tokio_util::sync::CancellationToken;

use crate::app::{self, App, CourierError, World};
use crate::auth::keys::{KeyError, read_key_ring};
use crate::config::{Config, HttpConfig, MessagesConfig};
use crate::delivery::Templates;
use crate::delivery::templates::TemplateError;
use crate::domain::clock::SystemClock;
use crate::domain::entropy::SystemEntropy;
use crate::domain::{Clock, ServerSecrets};
use crate::http;
use crate::secret_file::{self, SecretFileError};
use crate::store::Store;
use crate::telemetry;
use crate::tokens::Sealer;

/// How long to wait, after the grace period, for what should take no time.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// Why the server does not start, or stopped. The text says what to do.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The database cannot be reached.
    #[error(
        "cannot open the database {url}\n  Check `database.url`, and that its disk has room if it is a file, or run `countersign doctor`. It said: {error}"
    )]
    Connect {
        /// Without its password.
        url: String,
        /// What it said.
        error: DbErr,
    },
    /// The database refused a statement.
    #[error("the database failed: {0}\n  Run `countersign doctor`.")]
    Database(#[from] DbErr),
    /// The tables are older than this version of the server.
    #[error(
        "{0} migrations are pending\n  Run `countersign migrate`, or set `database.auto_migrate = true`."
    )]
    PendingMigrations(usize),
    /// There are no keys to sign with.
    #[error("{0}")]
    Keys(#[from] KeyError),
    /// The server secret cannot be read or made.
    #[error("{0}")]
    Secret(#[from] SecretFileError),
    /// The operator's templates are of no use.
    #[error("{0}")]
    Templates(#[from] TemplateError),
    /// A courier cannot be made.
    #[error("{0}")]
    Couriers(#[from] CourierError),
    /// The port is taken, or not ours to take.
    #[error("cannot listen on {address}: {error}\n  Choose another port with `--port`.")]
    Listen {
        /// The address that was asked for.
        address: SocketAddr,
        /// What the system said.
        error: io::Error,
    },
    /// The port of `/metrics` is taken, or not ours to take.
    #[error("cannot listen on {address} for /metrics: {error}\n  Choose another `metrics.listen`.")]
    ListenForMetrics {
        /// The address that was asked for.
        address: SocketAddr,
        /// What the system said.
        error: io::Error,
    },
    /// The operating system would not go on.
    #[error("the operating system failed: {0}")]
    System(#[from] io::Error),
}

/// Serves until told to stop (SIGTERM, Ctrl-C): then stops accepting, finishes what runs, and
/// gives back what it cannot finish.
///
/// # Errors
/// When it cannot start.
pub async fn serve(config: Config) -> Result<(), StartError> {
    telemetry::install(&config.log);
    connections::make_room();
    if let Some(address) = config.metrics.listen {
        serve_metrics(address).await?;
    }
    let store = open_store(&config).await?;
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

/// Opens the signing keys, to see whether the present secret does. Makes none.
///
/// # Errors
/// When it does not.
pub async fn check_keys(config: &Config) -> Result<String, StartError> {
    let sealer = Sealer::new(&secrets(config)?);
    let store = open_store(config).await?;
    let ring = read_key_ring(&store, &sealer, config.tokens.algorithm).await?;
    store.close().await;
    Ok(match ring {
        Some(ring) => format!(
            "{} signs with {}",
            ring.active().kid(),
            ring.active().algorithm().as_str()
        ),
        None => "none yet: the first start makes one".to_owned(),
    })
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

/// Lives as long as the process: what is counted while it stops is of interest too.
async fn serve_metrics(address: SocketAddr) -> Result<(), StartError> {
    let failed = |error| StartError::ListenForMetrics { address, error };
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    let handle = telemetry::metrics::install().map_err(|error| failed(io::Error::other(error)))?;
    let router = http::metrics::router(move || handle.render());
    tokio::spawn(axum::serve(listener, router).into_future());
    Ok(())
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
    Store::connect(&config.database.settings)
        .await
        .map_err(failed)
}

/// The server secrets that are configured, or that of a development machine.
///
/// # Errors
/// When a secret file cannot be read or made.
pub fn secrets(config: &Config) -> Result<ServerSecrets, SecretFileError> {
    match &config.secrets {
        Some(secrets) => Ok(secrets.clone()),
        None => {
            secret_file::open_or_create(config.database.sqlite_file().as_deref(), &SystemEntropy)
        }
    }
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
}
