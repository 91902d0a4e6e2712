//! Noting what happened.

use std::sync::Arc;

use tokio::sync::mpsc::Sender;
use tokio::sync::mpsc::error::TrySendError;

use super::Auth;
use super::request_otp::{Request, Requested};
use super::verify_otp::{Answer, Verdict};
use crate::domain::audit::{End, Event, Opened, Refresh, Refusal, Reply, What};
use crate::domain::contact_hash::ContactHasher;
use crate::domain::device::Client;
use crate::domain::sequence::Sequence;
use crate::domain::{Clock, Contact, Entropy, Session, SessionId, UserId};

/// Takes note of what happened, for the [`Scribe`](super::scribe::Scribe) to write down. No use
/// case waits for the database because of it, and none asks it more for some people than for
/// others (D7).
pub struct Trail {
    desk: Sender<Event>,
    hasher: ContactHasher,
    sequence: Sequence,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
}

/// To whom it happened, as far as that is known.
#[derive(Clone, Copy, Debug, Default)]
struct Subject<'a> {
    user: Option<UserId>,
    session: Option<SessionId>,
    contact: Option<&'a Contact>,
}

impl Trail {
    /// A trail that leads to whoever reads from the other end of `desk`.
    #[must_use]
    pub fn new(
        desk: Sender<Event>,
        hasher: ContactHasher,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
    ) -> Self {
        Self {
            desk,
            hasher,
            sequence: Sequence::default(),
            clock,
            entropy,
        }
    }

    /// Call it after the commit, and in no transaction: when the desk is full it waits for the
    /// scribe, who needs a connection.
    async fn record(&self, what: What, subject: Subject<'_>, client: &Client) {
        count(what);
        let now = self.clock.now();
        let event = Event {
            id: self.sequence.next(now, &*self.entropy),
            at: now,
            what,
            user: subject.user,
            session: subject.session,
            contact: subject.contact.map(|contact| self.hasher.hash(contact)),
            ip_address: client.ip_address,
            user_agent: client.user_agent.clone(),
            request_id: client.request_id,
        };
        // First without waiting: a client that hangs up just now cuts off whatever waits.
        let is_taken = match self.desk.try_send(event) {
            Err(TrySendError::Full(event)) => self.desk.send(event).await.is_ok(),
            tried => tried.is_ok(),
        };
        if !is_taken {
            tracing::error!(
                kind = what.kind(),
                "an event came after the scribe had left"
            );
        }
    }
}

impl Auth {
    pub(super) async fn record_request(&self, request: &Request, requested: &Requested) {
        let reply = match requested {
            Requested::Challenged(_) => Reply::Accepted,
            Requested::TooSoon(_) => Reply::TooSoon,
            Requested::NotAllowed => Reply::NotAllowed,
            Requested::ChannelUnavailable => Reply::ChannelUnavailable,
        };
        let subject = Subject::holder_of(&request.contact);
        let what = What::CodeRequested(reply);
        self.trail.record(what, subject, &request.client).await;
    }

    pub(super) async fn record_verdict(&self, answer: &Answer, verdict: &Verdict) {
        let refusal = match verdict {
            Verdict::SignedIn(signed_in) => {
                return self.record_sign_in(answer, &signed_in.session).await;
            }
            Verdict::Invalid { .. } => Refusal::Invalid,
            Verdict::Expired => Refusal::Expired,
            Verdict::AttemptsExceeded => Refusal::AttemptsExceeded,
            Verdict::TooManyGuesses(_) => Refusal::TooManyGuesses,
            Verdict::TooManyGuessesFromHere(_) => Refusal::TooManyGuessesFromHere,
            Verdict::TooManyAccounts(_) => Refusal::TooManyAccounts,
            Verdict::SignupClosed => Refusal::SignupClosed,
        };
        let subject = Subject::holder_of(&answer.contact);
        let what = What::CodeRefused(refusal);
        self.trail.record(what, subject, &answer.client).await;
    }

    async fn record_sign_in(&self, answer: &Answer, session: &Session) {
        let (contact, client) = (&answer.contact, &answer.client);
        let fixed = self.test_identities.code_of(contact, self.clock.now());
        let opened = match fixed {
            Some(_) => Opened::TestIdentity,
            None => Opened::ByCode,
        };
        let proved = Subject::holder_of(contact);
        self.trail.record(What::CodeVerified, proved, client).await;
        let opened = What::SessionOpened(opened);
        let subject = Subject {
            contact: Some(contact),
            ..Subject::of(session)
        };
        self.trail.record(opened, subject, client).await;
    }

    pub(super) async fn record_refresh(&self, how: Refresh, session: &Session, client: &Client) {
        let what = What::SessionRefreshed(how);
        self.trail.record(what, Subject::of(session), client).await;
    }

    pub(super) async fn record_reuse(&self, session: &Session, client: &Client) {
        let what = What::RefreshTokenReused;
        self.trail.record(what, Subject::of(session), client).await;
    }

    /// One event for each session that was `ended`.
    pub(super) async fn record_end(&self, end: End, ended: &[Session], client: &Client) {
        for session in ended {
            let what = What::SessionEnded(end);
            self.trail.record(what, Subject::of(session), client).await;
        }
    }
}

/// Counts an event for Prometheus.
pub(super) fn count(what: What) {
    let (kind, outcome) = (what.kind(), what.outcome().unwrap_or_default());
    metrics::counter!("countersign_events_total", "event" => kind, "outcome" => outcome)
        .increment(1);
}

impl<'a> Subject<'a> {
    fn holder_of(contact: &'a Contact) -> Self {
        Self {
            contact: Some(contact),
            ..Self::default()
        }
    }

    fn of(session: &Session) -> Self {
        Self {
            user: Some(session.user),
            session: Some(session.id),
            contact: None,
        }
    }
}
