//! The configuration: typed, judged as a whole, every problem told at once.
//!
//! Defaults lie below the TOML file, that below the environment, and that below the flags of the
//! command line. Each section is one file: it declares its keys, and turns them into the types
//! that the other rooms take.

mod audit;
mod chain;
mod database;
mod delivery;
mod email;
mod endpoint;
mod env;
mod flood;
mod form;
mod general;
mod graphql;
mod http;
mod key;
mod limits;
mod log;
mod maildir;
mod messages;
mod metrics;
mod nearest;
mod notices;
mod otp;
mod phone;
mod printed;
mod problem;
mod reader;
mod secret;
mod session;
mod setting;
mod sms;
mod smtp;
mod sources;
mod targets;
mod test_identities;
#[cfg(test)]
mod tests;
mod tokens;
mod toll;
mod twilio;
mod webhook;
mod whatsapp;

use url::Url;

pub use self::audit::AuditConfig;
pub use self::chain::CourierName;
pub use self::database::DatabaseConfig;
pub use self::delivery::DeliveryConfig;
pub use self::env::Env;
pub use self::graphql::GraphqlConfig;
pub use self::http::{AllowedOrigins, HttpConfig, Origin};
pub use self::log::{LogConfig, LogFormat};
pub use self::messages::MessagesConfig;
pub use self::metrics::MetricsConfig;
pub use self::phone::PhoneConfig;
pub use self::printed::{reference, show};
pub use self::problem::{Problem, Problems};
use self::reader::Reader;
pub use self::setting::Setting;
pub use self::sources::Sources;
pub use self::tokens::TokensConfig;
use crate::domain::ServerSecrets;
use crate::domain::allowance::LimitPolicy;
use crate::domain::notice::NoticePolicy;
use crate::domain::otp::OtpPolicy;
use crate::domain::session::SessionPolicy;
use crate::domain::test_identity::TestIdentities;
use crate::domain::toll::TollPolicy;
use crate::domain::user::Signup;
use crate::file_mode::Exposed;

/// Everything an operator decides. Holding one means that it is sound.
#[derive(Debug)]
pub struct Config {
    /// Where the server runs.
    pub env: Env,
    /// Where browsers and other backends reach it.
    pub public_url: Url,
    /// What every key is derived from; `None` only in development.
    pub secrets: Option<ServerSecrets>,
    /// Who may get an account.
    pub signup: Signup,
    /// The listening socket and who may talk to it.
    pub http: HttpConfig,
    /// What the schema shows and how large a document may be.
    pub graphql: GraphqlConfig,
    /// Where rows are kept.
    pub database: DatabaseConfig,
    /// How access tokens are made.
    pub tokens: TokensConfig,
    /// How long people stay signed in.
    pub session: SessionPolicy,
    /// What codes look like and how long they live.
    pub otp: OtpPolicy,
    /// How often things may happen.
    pub limits: LimitPolicy,
    /// How telephone numbers are read.
    pub phone: PhoneConfig,
    /// How messages reach people.
    pub delivery: DeliveryConfig,
    /// What messages to telephones may cost.
    pub toll: TollPolicy,
    /// How messages are worded.
    pub messages: MessagesConfig,
    /// What people are told of.
    pub notices: NoticePolicy,
    /// How long what happened is kept.
    pub audit: AuditConfig,
    /// Whose code is fixed.
    pub test_identities: TestIdentities,
    /// What is logged, and how.
    pub log: LogConfig,
    /// Where Prometheus reads what is counted.
    pub metrics: MetricsConfig,
    /// Secret files that others may open. Production has none.
    pub exposed: Vec<Exposed>,
}

impl Config {
    /// Merges the layers, reads every key and judges the whole.
    ///
    /// # Errors
    /// Everything that is wrong, at once.
    pub fn load(sources: Sources) -> Result<Self, Problems> {
        let now = sources.now;
        let mut reader = Reader::new(sources.merge()?, now);
        let config = Self::read(&mut reader);
        let (_, verdict) = reader.finish();
        verdict.map(|()| config)
    }

    /// Whether browsers reach the server over https; production makes sure of it.
    #[must_use]
    pub fn serves_https(&self) -> bool {
        self.public_url.scheme() == "https"
    }

    /// Whether the server is for whoever sits at this machine: a development server that goes by
    /// no other machine's name.
    #[must_use]
    pub fn is_private(&self) -> bool {
        !self.env.is_production() && endpoint::is_on_this_machine(&self.public_url)
    }

    /// Not to be trusted before the reader has given its verdict. Sections are read in the order of
    /// the reference.
    fn read(reader: &mut Reader) -> Self {
        let http = http::read(reader);
        let public_url = general::public_url(reader, http.dial());
        let secrets = general::secrets(reader);
        let signup = general::signup(reader);
        let graphql = graphql::read(reader);
        let database = database::read(reader);
        let tokens = tokens::read(reader, &public_url);
        let session = session::read(reader);
        let otp = otp::read(reader);
        let test_identities = test_identities::read(reader, otp.digits);
        let limits = limits::read(reader, otp.resend_interval);
        let phone = phone::read(reader);
        let delivery = delivery::read(reader);
        let messages = messages::read(reader);
        Self {
            env: reader.env,
            public_url,
            secrets,
            signup,
            http,
            graphql,
            database,
            tokens,
            session,
            otp,
            test_identities,
            limits,
            phone,
            toll: toll::read(reader, delivery.reaches_telephones()),
            delivery,
            messages,
            notices: notices::read(reader),
            audit: audit::read(reader),
            log: log::read(reader),
            metrics: metrics::read(reader),
            // The last: by now every file has been read.
            exposed: std::mem::take(&mut reader.exposed),
        }
    }
}
