//! Budgets, charged where the work is (D8).

use std::time::Duration;

use sea_orm::{ConnectionTrait, DbErr};

use super::Auth;
use crate::domain::allowance::{Allowance, Limit};
use crate::domain::challenge::Guesser;
use crate::domain::limit::Charge;
use crate::domain::{AddressBlock, Contact};
use crate::store::limits::{self, Spent};

/// A charge, and what it is counted as when it is refused.
pub(super) type Limited = (Limit, Charge);

/// What `allowance` bounds; `None` when it bounds nothing.
pub(super) fn limited(allowance: &Allowance) -> Option<Limited> {
    Some((allowance.limit, allowance.charge()?))
}

/// Counts a refusal for Prometheus.
pub(super) fn count_refusal(limit: Limit) {
    metrics::counter!("countersign_limits_hit_total", "limit" => limit.name()).increment(1);
}

impl Auth {
    /// What a guess is charged to where it comes from, whatever it is a guess at.
    pub(super) fn guess_from(&self, address: Option<AddressBlock>) -> Option<Limited> {
        limited(&self.policy.limits.on_guess_from(address?))
    }

    /// What a guess at `contact` is charged to. A new code does not refill this budget, so that
    /// asking for codes buys no guesses.
    pub(super) fn guess_at(&self, guesser: Guesser, contact: &Contact) -> Option<Limited> {
        let is_holder = matches!(guesser, Guesser::Holder(_));
        limited(&self.policy.limits.on_guess_at(contact, is_holder))
    }

    /// Charges one new account to where it is opened from. When it is refused the caller rolls
    /// back.
    pub(super) async fn spend_account(
        &self,
        tx: &impl ConnectionTrait,
        address: Option<AddressBlock>,
    ) -> Result<Spent, DbErr> {
        let allowance = address.map(|block| self.policy.limits.on_account_from(block));
        let Some((limit, Charge { key, budget })) = allowance.as_ref().and_then(limited) else {
            return Ok(Spent::Granted);
        };
        let spent = limits::spend(tx, &key, budget, self.clock.now()).await?;
        if let Spent::Refused(_) = spent {
            count_refusal(limit);
        }
        Ok(spent)
    }

    /// How long until a charge that was refused is borne.
    pub(super) async fn wait(&self, refused: Option<&Limited>) -> Result<Duration, DbErr> {
        let Some((limit, Charge { key, budget })) = refused else {
            return Ok(Duration::ZERO);
        };
        count_refusal(*limit);
        limits::wait(self.store.pool(), key, *budget, self.clock.now()).await
    }
}
