//! The composition root: the only room that knows everybody.

use std::sync::Arc;

use axum::Router;
use axum::http::HeaderValue;

use crate::auth::keys::{KeyError, open_key_ring};
use crate::auth::sweeper::Sweeper;
use crate::auth::{Auth, Policy};
use crate::config::{AllowedOrigins, Config, CourierName, Origin};
use crate::delivery::console::Console;
use crate::delivery::smtp::Smtp;
use crate::delivery::{Courier, Couriers, Dispatch, Doorbell, Templates, Worker};
use crate::domain::otp::OtpDeriver;
use crate::domain::{Channel, Clock, Entropy, ServerSecrets};
use crate::graphql;
use crate::http::cors::Origins;
use crate::http::graphql::Door;
use crate::http::{Edge, router};
use crate::store::Store;
use crate::tokens::{AccessTokens, RefreshTokens, Sealer};

/// The server, put together and not yet listening.
pub struct App {
    /// Answers requests.
    pub router: Router,
    /// Sends what is owed.
    pub worker: Worker,
    /// Forgets what is over.
    pub sweeper: Sweeper,
    /// The database.
    pub store: Store,
}

/// What the outside world provides. Tests bring their own.
pub struct World {
    /// The database, migrated.
    pub store: Store,
    /// The server secrets.
    pub secrets: ServerSecrets,
    /// Who carries messages.
    pub couriers: Couriers,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub entropy: Arc<dyn Entropy>,
}

impl App {
    /// Puts the server together.
    ///
    /// # Errors
    /// When the signing keys cannot be opened.
    pub async fn assemble(config: &Config, world: World) -> Result<Self, KeyError> {
        let World {
            store,
            secrets,
            couriers,
            clock,
            entropy,
        } = world;
        let sealer = Sealer::new(&secrets);
        let keys =
            Arc::new(open_key_ring(&store, &sealer, config.tokens.algorithm, &*clock).await?);
        let codes = Arc::new(OtpDeriver::new(&secrets, config.otp.digits));
        let doorbell = Doorbell::default();

        let dispatch = Dispatch {
            store: store.clone(),
            codes: Arc::clone(&codes),
            policy: config.otp,
            templates: Arc::new(Templates),
            clock: Arc::clone(&clock),
            entropy: Arc::clone(&entropy),
        };
        let worker = Worker::new(dispatch, couriers.clone(), doorbell.clone());
        let sweeper = Sweeper::new(store.clone(), Arc::clone(&clock));
        let auth = Arc::new(Auth {
            policy: policy(config),
            store: store.clone(),
            codes,
            access_tokens: AccessTokens::new(config.tokens.access.clone(), Arc::clone(&keys)),
            refresh_tokens: RefreshTokens::new(&secrets),
            test_identities: config.test_identities.clone(),
            couriers,
            doorbell,
            clock,
            entropy,
        });
        let schema = graphql::schema(Arc::clone(&auth), config.graphql.introspection);
        let router = router(Edge {
            auth,
            door: Door::new(schema, config.graphql.limits),
            keys,
            origins: origins(config),
            playground: config.graphql.playground,
        });
        Ok(Self {
            router,
            worker,
            sweeper,
            store,
        })
    }
}

/// Who carries what, as the configuration says. A new courier is chosen here.
///
/// # Errors
/// When the mail server's name is none.
pub fn couriers(config: &Config) -> Result<Couriers, lettre::transport::smtp::Error> {
    let console: Arc<dyn Courier> = Arc::new(Console);
    let smtp = config.smtp.as_ref().map(Smtp::new).transpose()?;
    let smtp = smtp.map(|smtp| Arc::new(smtp) as Arc<dyn Courier>);
    let named = |name: &CourierName| match name {
        CourierName::Console => Some(Arc::clone(&console)),
        CourierName::Smtp => smtp.clone(),
        CourierName::Maildir | CourierName::Twilio | CourierName::Webhook => None,
    };
    let chain = |names: &[CourierName]| names.iter().filter_map(named).collect();
    Ok(Couriers::default()
        .with(Channel::Email, chain(&config.email))
        .with(Channel::Sms, chain(&config.sms)))
}

fn policy(config: &Config) -> Policy {
    Policy {
        otp: config.otp,
        session: config.session,
        signup: config.signup,
        guesses: config.limits.guesses,
        default_region: config.phone.default_region,
        notices: config.notices,
    }
}

fn origins(config: &Config) -> Origins {
    match &config.http.allowed_origins {
        AllowedOrigins::Any => Origins::Any,
        AllowedOrigins::Only(origins) => {
            let header = |origin: &Origin| HeaderValue::from_str(origin.as_str()).ok();
            Origins::Only(origins.iter().filter_map(header).collect())
        }
    }
}
