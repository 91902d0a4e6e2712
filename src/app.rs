//! The composition root: the only room that knows everybody.

mod couriers;

use std::sync::Arc;

use axum::Router;
use axum::http::HeaderValue;

pub use self::couriers::{CourierError, couriers};
use crate::auth::audit::Trail;
use crate::auth::keys::{Keeper, KeyError, Vault};
use crate::auth::scribe::Scribe;
use crate::auth::sweeper::Sweeper;
use crate::auth::{Auth, Policy};
use crate::config::{AllowedOrigins, Config, Origin};
use crate::delivery::{Couriers, Dispatch, Doorbell, Templates, Worker};
use crate::domain::contact_hash::ContactHasher;
use crate::domain::otp::OtpDeriver;
use crate::domain::{Clock, Entropy, ServerSecrets};
use crate::graphql::{self, guard::Guard};
use crate::http::cookies::Cookies;
use crate::http::cors::{Callers, Origins};
use crate::http::graphql::Door;
use crate::http::shield::Shield;
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
    /// Writes down what happened.
    pub scribe: Scribe,
    /// Keeps the signing keys.
    pub keeper: Arc<Keeper>,
    /// Counts requests; `None` when none are refused.
    pub shield: Option<Shield>,
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
    /// What messages say.
    pub templates: Arc<Templates>,
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
            templates,
            clock,
            entropy,
        } = world;
        let vault = vault(
            config,
            &secrets,
            store.clone(),
            Arc::clone(&clock),
            Arc::clone(&entropy),
        );
        let keeper = Arc::new(Keeper::open(vault).await?);
        let codes = Arc::new(OtpDeriver::new(&secrets, config.otp.digits));
        let doorbell = Doorbell::default();

        let dispatch = Dispatch {
            store: store.clone(),
            codes: Arc::clone(&codes),
            policy: config.otp,
            templates: Arc::clone(&templates),
            clock: Arc::clone(&clock),
            entropy: Arc::clone(&entropy),
        };
        let worker = Worker::new(dispatch, couriers.clone(), doorbell.clone());
        let sweeper = Sweeper::new(store.clone(), Arc::clone(&clock), config.audit.retention);
        let (scribe, desk) = Scribe::new(store.clone());
        let hasher = ContactHasher::new(&secrets);
        let trail = Trail::new(desk, hasher, Arc::clone(&clock), Arc::clone(&entropy));
        let auth = Arc::new(Auth {
            policy: policy(config),
            store: store.clone(),
            codes,
            access_tokens: AccessTokens::new(
                config.tokens.access.clone(),
                Arc::clone(keeper.ring()),
            ),
            keys: Arc::clone(&keeper),
            refresh_tokens: RefreshTokens::new(&secrets),
            languages: templates.languages().clone(),
            test_identities: config.test_identities.clone(),
            callbacks: self::couriers::callbacks(config),
            couriers,
            doorbell,
            trail,
            clock,
            entropy,
        });
        let schema = graphql::schema(Arc::clone(&auth), config.graphql.limits.introspection);
        let shield = config.http.flood.and_then(Shield::new);
        let patience = config.http.idle_timeout;
        let router = router(Edge {
            auth,
            door: Door::new(schema, Guard::new(config.graphql.limits), patience),
            origins: origins(config),
            cookies: cookies(config),
            trusted_proxies: config.http.trusted_proxies.clone(),
            shield: shield.clone(),
            patience,
            playground: config.graphql.playground,
            is_https: config.public_url.scheme() == "https",
        });
        Ok(Self {
            router,
            worker,
            sweeper,
            scribe,
            keeper,
            shield,
            store,
        })
    }
}

/// What opens and makes signing keys, for the server and for commands.
pub fn vault(
    config: &Config,
    secrets: &ServerSecrets,
    store: Store,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
) -> Vault {
    Vault {
        store,
        sealer: Sealer::new(secrets),
        algorithm: config.tokens.algorithm,
        policy: config.tokens.rotation,
        clock,
        entropy,
    }
}

/// The rules that `config` gives the use cases.
#[must_use]
pub fn policy(config: &Config) -> Policy {
    Policy {
        otp: config.otp,
        session: config.session,
        signup: config.signup,
        limits: config.limits,
        default_region: config.phone.default_region,
        notices: config.notices,
        toll: config.toll.clone(),
    }
}

fn origins(config: &Config) -> Origins {
    let header = |origin: &str| HeaderValue::from_str(origin).ok();
    let others = match &config.http.allowed_origins {
        AllowedOrigins::Any => Callers::Any,
        AllowedOrigins::Only(origins) => {
            let origins = origins.iter().map(Origin::as_str);
            Callers::Only(origins.filter_map(header).collect())
        }
    };
    Origins {
        own: header(&config.public_url.origin().ascii_serialization()),
        others,
    }
}

fn cookies(config: &Config) -> Cookies {
    if config.serves_https() {
        Cookies::HTTPS
    } else {
        Cookies::HTTP
    }
}
