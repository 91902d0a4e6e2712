//! All that bears the sending of a code, and what becomes of it when one of them does not.

use std::time::Duration;

use sea_orm::DbErr;

use super::Auth;
use super::limits::{Limited, count_refusal, limited};
use super::toll::TollRefusal;
use crate::delivery::unreachable;
use crate::domain::Timestamp;
use crate::domain::limit::Charge;
use crate::domain::user::Signup;
use crate::store::deliveries::Delivery;
use crate::store::limits;
use crate::store::statement::Statement;
use crate::store::together::Done;
use crate::store::traffic::Stream;

/// What the sending of one code is charged to, together or not at all.
pub(super) struct Bill {
    /// Spent when a provider has just said that the contact does not exist. Nothing is charged.
    unreachable: Option<Charge>,
    /// The budgets of the contact, of where the request came from, and of everybody.
    sends: Vec<Limited>,
    /// What messages to telephones may cost.
    toll: Vec<Charge>,
}

/// Why a code is not sent.
pub(super) enum Refusal {
    /// Nothing reaches the contact.
    Unreachable,
    /// Too many were sent of late. The next may be asked for after this long.
    TooSoon(Duration),
    /// It would cost too much.
    Toll(TollRefusal),
}

impl Auth {
    /// What the bringing of a code is charged to; to a telephone also as one of `stream`.
    ///
    /// With sign-up closed nobody is told that nothing reaches a contact: only who has an account
    /// was ever sent anything (D7).
    pub(super) fn bill(&self, delivery: &Delivery, stream: Option<Stream<'_>>) -> Bill {
        let (contact, address) = (&delivery.contact, delivery.client.address_block());
        let is_told = self.policy.signup != Signup::Closed;
        let policy = &self.policy.limits;
        let sends = policy.on_send(contact, address);
        Bill {
            unreachable: is_told.then(|| unreachable::noted(delivery.channel, contact)),
            sends: sends.iter().filter_map(limited).collect(),
            toll: stream.map_or_else(Vec::new, |stream| {
                self.policy.toll.charges(&stream.country())
            }),
        }
    }

    /// Why `bill` was not borne: all budgets are asked, since who has waited for the hour should
    /// not hear of the day then.
    pub(super) async fn refusal(&self, bill: &Bill) -> Result<Refusal, DbErr> {
        let asked: Vec<_> = bill
            .unreachable
            .iter()
            .cloned()
            .chain(bill.charges())
            .collect();
        let waits = limits::waits(self.store.pool(), &asked, self.clock.now()).await?;
        let (unreachable, waits) = waits.split_at(usize::from(bill.unreachable.is_some()));
        let (sends, toll) = waits.split_at(bill.sends.len());
        if unreachable.iter().any(|wait| !wait.is_zero()) {
            return Ok(Refusal::Unreachable);
        }
        for ((limit, _), wait) in bill.sends.iter().zip(sends) {
            if !wait.is_zero() {
                count_refusal(*limit);
            }
        }
        Ok(match (longest(sends), longest(toll)) {
            (Duration::ZERO, toll) if !toll.is_zero() => {
                Refusal::Toll(TollRefusal::OverBudget(toll))
            }
            // Zero when somebody has cleared a budget meanwhile.
            (sends, _) => Refusal::TooSoon(sends),
        })
    }
}

impl Bill {
    /// Charges it.
    pub(super) fn charging(&self, now: Timestamp) -> Statement {
        limits::charge_all(&self.charges(), self.unreachable.as_slice(), now)
    }

    /// How long until the contact may be sent another code, as far as that depends on nobody else,
    /// once `step` has charged the bill.
    pub(super) fn next_in(
        &self,
        done: &Done,
        step: &str,
        now: Timestamp,
    ) -> Result<Duration, DbErr> {
        let sends = self.sends.iter();
        let own = sends.filter(|(limit, _)| limit.is_of_contact());
        let own: Vec<_> = own.map(|(_, charge)| charge.clone()).collect();
        let waits = limits::waits_told(done, step, &own, now)?;
        Ok(longest(&waits))
    }

    /// In the order that every transaction keeps, so that no two wait for each other: from the
    /// narrowest to the widest.
    fn charges(&self) -> Vec<Charge> {
        let sends = self.sends.iter().map(|(_, charge)| charge.clone());
        sends.chain(self.toll.iter().cloned()).collect()
    }
}

fn longest(waits: &[Duration]) -> Duration {
    waits.iter().copied().max().unwrap_or_default()
}
