//! Who carries what: for each channel some couriers, in the order in which they are asked.

use std::collections::BTreeMap;
use std::sync::Arc;

use tracing::field::Empty;
use tracing::{Instrument, Span, info_span};

use super::breaker::Breaker;
use super::{Courier, Message, Printed, Receipt, SendError};
use crate::domain::{Channel, Clock, Timestamp};
use crate::trace_context::TARGET;

/// The couriers of each channel. A channel without any is not offered.
#[derive(Clone, Debug, Default)]
pub struct Couriers {
    chains: BTreeMap<Channel, Arc<Chain>>,
    printed: Option<Printed>,
}

impl Couriers {
    /// These, and for `channel` the ones in `chain`, the first choice first.
    #[must_use]
    pub fn with(mut self, channel: Channel, chain: Vec<Arc<dyn Courier>>) -> Self {
        if !chain.is_empty() {
            self.chains.insert(channel, Arc::new(Chain::new(chain)));
        }
        self
    }

    /// Whether anybody carries messages of `channel`.
    #[must_use]
    pub fn offer(&self, channel: Channel) -> bool {
        self.chains.contains_key(&channel)
    }

    /// Each channel that is offered, and who carries its messages.
    pub fn chains(&self) -> impl Iterator<Item = (Channel, &Arc<Chain>)> {
        self.chains.iter().map(|(channel, chain)| (*channel, chain))
    }

    /// These, of which one notes in `printed` what it prints.
    #[must_use]
    pub fn noting(mut self, printed: Printed) -> Self {
        self.printed = Some(printed);
        self
    }

    /// What was printed lately, where somebody may know.
    #[must_use]
    pub fn printed(&self) -> Option<&Printed> {
        self.printed.as_ref()
    }
}

/// Couriers in the order in which they are asked, and the circuit of each.
#[derive(Debug)]
pub struct Chain(Vec<Link>);

#[derive(Debug)]
struct Link {
    courier: Arc<dyn Courier>,
    breaker: Breaker,
}

/// A message that a courier took.
#[derive(Debug)]
pub struct Taken {
    /// Which one.
    pub courier: &'static str,
    /// What its provider said.
    pub receipt: Receipt,
}

/// Why no courier took a message.
#[derive(Debug, PartialEq, Eq)]
pub enum Untaken {
    /// Nobody ever will.
    Permanently {
        /// Who said so.
        courier: &'static str,
        /// In which words.
        reason: String,
    },
    /// Nobody will now.
    ForNow {
        /// Who was asked last.
        courier: &'static str,
        /// What was wrong with it.
        reason: String,
    },
    /// Nobody was asked: every circuit is open, until then.
    CircuitsOpen(Timestamp),
}

impl Chain {
    fn new(couriers: Vec<Arc<dyn Courier>>) -> Self {
        let link = |courier| Link {
            courier,
            breaker: Breaker::default(),
        };
        Self(couriers.into_iter().map(link).collect())
    }

    /// Hands `message` to the first courier that takes it. `last` is asked after all others: it
    /// has taken this very message before, and not brought it.
    ///
    /// # Errors
    /// When none takes it, and a permanent refusal at once: what one provider cannot reach, the
    /// next one would be paid to find out.
    pub async fn send(
        &self,
        message: &Message,
        last: Option<&str>,
        clock: &dyn Clock,
    ) -> Result<Taken, Untaken> {
        let is_last = |link: &&Link| Some(link.courier.name()) == last;
        let first = self.0.iter().filter(|link| !is_last(link));
        let mut refusal: Option<Untaken> = None;
        for Link { courier, breaker } in first.chain(self.0.iter().filter(is_last)) {
            if let Err(until) = breaker.admit(clock.now()) {
                refusal = Some(match refusal {
                    Some(Untaken::CircuitsOpen(other)) => Untaken::CircuitsOpen(until.min(other)),
                    None => Untaken::CircuitsOpen(until),
                    Some(asked) => asked,
                });
                continue;
            }
            let name = courier.name();
            match asked(&**courier, message).await {
                Ok(receipt) => {
                    breaker.close();
                    return Ok(Taken {
                        courier: name,
                        receipt,
                    });
                }
                Err(SendError::Permanent(reason)) => {
                    breaker.close();
                    return Err(Untaken::Permanently {
                        courier: name,
                        reason,
                    });
                }
                Err(SendError::Temporary(reason)) => {
                    breaker.close();
                    refusal = Some(untaken(message, name, reason));
                }
                Err(SendError::Unwell(reason)) => {
                    if breaker.fail(clock.now()) {
                        tracing::error!(courier = name, "a courier keeps failing: left alone");
                        metrics::counter!("countersign_circuits_opened_total", "courier" => name)
                            .increment(1);
                    }
                    refusal = Some(untaken(message, name, reason));
                }
            }
        }
        // Never so: a chain has at least one courier.
        Err(refusal.unwrap_or_else(|| Untaken::CircuitsOpen(clock.now())))
    }
}

/// Asks one courier, within a span of its own.
async fn asked(courier: &dyn Courier, message: &Message) -> Result<Receipt, SendError> {
    let span = info_span!(
        target: TARGET,
        "send",
        otel.kind = "client",
        otel.status_code = Empty,
        courier = courier.name(),
        outcome = Empty,
    );
    async {
        let sent = courier.send(message).await;
        let outcome = match &sent {
            Ok(_) => "taken",
            Err(SendError::Permanent(_)) => "permanent",
            Err(SendError::Temporary(_)) => "temporary",
            Err(SendError::Unwell(_)) => "unwell",
        };
        let span = Span::current();
        span.record("outcome", outcome);
        if sent.is_err() {
            span.record("otel.status_code", "ERROR");
        }
        sent
    }
    .instrument(span)
    .await
}

fn untaken(message: &Message, courier: &'static str, reason: String) -> Untaken {
    tracing::warn!(id = %message.id, courier, reason, "a courier did not take a message");
    metrics::counter!("countersign_courier_failures_total", "courier" => courier).increment(1);
    Untaken::ForNow { courier, reason }
}
