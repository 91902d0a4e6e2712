//! A server of the test's own.

use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use countersign::app::{App, World};
use countersign::auth::keys::KeyError;
use countersign::config::{Config, Sources};
use countersign::delivery::Couriers;
use countersign::domain::secret::ServerSecret;
use countersign::domain::{Clock, ServerSecrets, Timestamp};
use countersign::server::templates;
use countersign::store::{Replica, Store};
use sea_orm::Statement;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use super::clock::TestClock;
use super::database::TestDatabase;
use super::entropy::SeededEntropy;
use super::mailbox::{Code, Mailbox, code_of};
use super::{Actor, Tokens};

/// The server secret, unless the test's settings give another.
pub const SECRET: &str = "5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e";
/// After which another worker sends what one has taken, as `docs/operating/delivery.md` says it. By
/// hand: a worker that took longer would break that word.
pub const LEASE: Duration = Duration::from_secs(15);

/// Budgets that no test but those about them meets: all actors are at one address, and many tests
/// ask for code after code.
const ROOMY: [(&str, &str); 7] = [
    ("http.flood_rate", "0"),
    ("limits.contact_codes_per_hour", "1000"),
    ("limits.contact_codes_per_day", "1000"),
    ("limits.address_codes_per_hour", "1000000"),
    ("limits.address_codes_per_day", "1000000"),
    ("limits.address_guesses_per_hour", "1000000"),
    ("limits.address_accounts_per_day", "1000000"),
];

/// A server, put together as the binary does it, in a world that the test controls.
pub struct TestServer {
    pub app: App,
    pub clock: TestClock,
    pub mailbox: Mailbox,
    pub database: Arc<TestDatabase>,
    statements: Arc<Mutex<Vec<Statement>>>,
    /// How many statements until one panics; below zero none does.
    trap: Arc<AtomicI64>,
    settings: HashMap<String, String>,
    surroundings: Surroundings,
}

/// What all instances of one server share.
#[derive(Clone)]
struct Surroundings {
    database: Arc<TestDatabase>,
    clock: TestClock,
    mailbox: Mailbox,
    /// Who carries messages, if not the mailbox.
    couriers: Option<Couriers>,
    /// A copy of the database, to be asked first.
    replica: Option<Store>,
    instances: Arc<AtomicU64>,
}

impl Surroundings {
    fn of(database: TestDatabase) -> Self {
        Self {
            database: Arc::new(database),
            clock: TestClock::default(),
            mailbox: Mailbox::default(),
            couriers: None,
            replica: None,
            instances: Arc::default(),
        }
    }
}

impl TestServer {
    /// A server with the default configuration.
    pub async fn start() -> Self {
        Self::with(&[]).await
    }

    /// A server with some settings changed: `("otp.digits", "8")`.
    pub async fn with(settings: &[(&str, &str)]) -> Self {
        let surroundings = Surroundings::of(TestDatabase::create().await);
        let server = Self::assemble(environment(settings), surroundings).await;
        server.expect("a server")
    }

    /// A server whose messages are carried by these, and not into the mailbox.
    pub async fn carried_by(couriers: Couriers, settings: &[(&str, &str)]) -> Self {
        let surroundings = Surroundings {
            couriers: Some(couriers),
            ..Surroundings::of(TestDatabase::create().await)
        };
        let server = Self::assemble(environment(settings), surroundings).await;
        server.expect("a server")
    }

    /// A server that asks `replica` first who is signed in.
    pub async fn beside(replica: &Store) -> Self {
        let surroundings = Surroundings {
            replica: Some(replica.clone()),
            ..Surroundings::of(TestDatabase::create().await)
        };
        let server = Self::assemble(HashMap::new(), surroundings).await;
        server.expect("a server")
    }

    /// Two instances that start on `database` at the same moment.
    pub async fn pair(database: TestDatabase) -> (Self, Self) {
        let surroundings = Surroundings::of(database);
        let start = || Self::assemble(HashMap::new(), surroundings.clone());
        let (one, other) = tokio::join!(start(), start());
        (one.expect("a server"), other.expect("a server"))
    }

    /// One more instance beside this one: same database, clock and mailbox.
    pub async fn another(&self) -> Self {
        self.another_with(&[]).await.expect("a server")
    }

    /// One more instance, or this one after a restart, with some settings changed.
    pub async fn another_with(&self, settings: &[(&str, &str)]) -> Result<Self, KeyError> {
        let mut all = self.settings.clone();
        all.extend(environment(settings));
        Self::assemble(all, self.surroundings.clone()).await
    }

    async fn assemble(
        settings: HashMap<String, String>,
        surroundings: Surroundings,
    ) -> Result<Self, KeyError> {
        let Surroundings {
            database,
            clock,
            mailbox,
            couriers,
            replica,
            instances,
        } = surroundings.clone();
        let mut environment = environment(&ROOMY);
        environment.extend(settings.clone());
        let sources = Sources {
            environment,
            now: clock.now(),
            ..Sources::default()
        };
        let config = Config::load(sources).expect("a sound configuration");
        let secret = ServerSecret::parse(SECRET).expect("a secret");
        let (mut store, statements, trap) = recording(&database.connect().await);
        if let Some(replica) = replica {
            store = store.with_replica(Replica::from_connection(replica.pool().clone()));
        }
        let seed = instances.fetch_add(1, Ordering::SeqCst);
        let world = World {
            store,
            secrets: config
                .secrets
                .clone()
                .or(ServerSecrets::new(vec![secret]))
                .expect("one"),
            couriers: couriers.unwrap_or_else(|| mailbox.on_every_channel()),
            templates: Arc::new(templates(&config).expect("templates")),
            clock: Arc::new(clock.clone()),
            entropy: Arc::new(SeededEntropy::new(seed)),
        };
        let app = App::assemble(&config, world).await?;
        Ok(Self {
            app,
            clock,
            mailbox,
            database,
            statements,
            trap,
            settings,
            surroundings,
        })
    }

    /// Somebody without credentials.
    pub fn anonymous(&self) -> Actor {
        Actor::anonymous(self.app.router.clone())
    }

    /// Somebody who has just signed in with `email`, and what they hold.
    pub async fn signed_in(&self, email: &str) -> (Actor, Tokens) {
        let recipient = json!({ "email": email });
        let code = self.code_for(&recipient).await;
        let answer = self
            .anonymous()
            .verify_otp(recipient, &code.code, Some(&code.token))
            .await;
        let tokens = Tokens::of(&answer, "verifyOtp");
        (self.anonymous().with_bearer(&tokens.access), tokens)
    }

    /// Panics unless a person who was never here before still gets in: nothing was lost.
    pub async fn assert_open(&self) {
        let (somebody, _) = self.signed_in("somebody-else@example.com").await;
        let me = somebody.me().await;
        assert_eq!(
            me.data("me/email"),
            "somebody-else@example.com",
            "{}",
            me.text
        );
    }

    /// Asks for a code, and reads it out of the mailbox.
    pub async fn code_for(&self, recipient: &Value) -> Code {
        let answer = self.anonymous().request_otp(recipient.clone()).await;
        let token = answer.text_at("requestOtp/challenge/challengeToken");
        self.deliver().await;
        let address = recipient
            .get("email")
            .or(recipient.get("phone"))
            .and_then(Value::as_str);
        let messages = self.mailbox.to(address.expect("an address"));
        let code = code_of(messages.last().expect("a message")).to_owned();
        Code { code, token }
    }

    /// Sends what is owed.
    pub async fn deliver(&self) -> usize {
        let never = CancellationToken::new();
        self.app
            .worker
            .send_due(&never)
            .await
            .expect("the outbox works")
    }

    /// Writes down what happened.
    pub async fn flush_audit(&self) -> usize {
        self.app.scribe.write_due().await
    }

    /// The present moment, in this world.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Lets time pass.
    pub fn advance(&self, span: Duration) {
        self.clock.advance(span);
    }

    /// How many statements were sent to the database so far. The beginning and the end of a
    /// transaction are not among them.
    pub fn statements(&self) -> usize {
        self.statements.lock().unwrap().len()
    }

    /// Makes whoever sends the next statement to the database panic. True once somebody has.
    pub fn set_trap(&self) -> impl Fn() -> bool + use<> {
        self.set_trap_after(0)
    }

    /// The same, once `spared` statements have been sent.
    pub fn set_trap_after(&self, spared: i64) -> impl Fn() -> bool + use<> {
        self.trap.store(spared, Ordering::SeqCst);
        let trap = Arc::clone(&self.trap);
        move || trap.load(Ordering::SeqCst) < 0
    }

    /// The statements after the first `count`.
    pub fn statements_after(&self, count: usize) -> Vec<Statement> {
        self.statements.lock().unwrap()[count..].to_vec()
    }
}

fn environment(settings: &[(&str, &str)]) -> HashMap<String, String> {
    let variable = |key: &str| format!("COUNTERSIGN__{}", key.replace('.', "__").to_uppercase());
    settings
        .iter()
        .map(|(key, value)| (variable(key), (*value).to_owned()))
        .collect()
}

type Recorded = Arc<Mutex<Vec<Statement>>>;

fn recording(store: &Store) -> (Store, Recorded, Arc<AtomicI64>) {
    let (statements, trap) = (Recorded::default(), Arc::new(AtomicI64::new(-1)));
    let (record, set) = (Arc::clone(&statements), Arc::clone(&trap));
    let mut db = store.pool().clone();
    db.set_metric_callback(move |info| {
        assert_ne!(set.fetch_sub(1, Ordering::SeqCst), 0, "trap 424242");
        record.lock().unwrap().push(info.statement.clone());
    });
    (Store::from_connection(db), statements, trap)
}
