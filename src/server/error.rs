//! What keeps the server from starting, or stops it.

use std::io;
use std::net::SocketAddr;

use sea_orm::DbErr;

use crate::app::CourierError;
use crate::auth::keys::KeyError;
use crate::delivery::templates::TemplateError;
use crate::file_mode::Exposed;
use crate::secret_file::SecretFileError;
use crate::telemetry::traces::TracesError;

/// Why the server does not start, or stopped. The text says what to do.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The database cannot be reached.
    #[error(
        "cannot open the database {url}\n  Check `database.url`, or run `countersign doctor`. It said: {error}"
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
    /// Others may open a file of the server's.
    #[error("{}\n  {}", .0, .0.remedy())]
    Exposed(Exposed),
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
    /// Traces cannot be exported.
    #[error("{0}")]
    Traces(#[from] TracesError),
    /// The operating system would not go on.
    #[error("the operating system failed: {0}")]
    System(#[from] io::Error),
}
