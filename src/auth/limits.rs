//! Budgets, charged where the work is (D8).

use std::time::Duration;

use sea_orm::{ConnectionTrait, DbErr};

use super::Auth;
use crate::domain::allowance::Allowance;
use crate::domain::challenge::Guesser;
use crate::domain::device::Client;
use crate::domain::{AddressBlock, Contact};
use crate::store::limits::{self, Spent};

impl Auth {
    /// Charges the sending of one code to `contact`, at the request of `client`. When it is
    /// refused the caller rolls back, so that what is not sent is charged to nobody.
    pub(super) async fn spend_send(
        &self,
        tx: &impl ConnectionTrait,
        contact: &Contact,
        client: &Client,
    ) -> Result<Spent, DbErr> {
        let charged = self.policy.limits.on_send(contact, client.address_block());
        self.spend_all(tx, &charged).await
    }

    /// How long until `contact` may be sent another code, as far as it depends on nobody else.
    pub(super) async fn next_send_in(
        &self,
        tx: &impl ConnectionTrait,
        contact: &Contact,
    ) -> Result<Duration, DbErr> {
        let now = self.clock.now();
        let mut longest = Duration::ZERO;
        for Allowance { key, budget, .. } in self.policy.limits.on_send_to(contact) {
            if let Some(budget) = budget {
                longest = longest.max(limits::wait(tx, &key, budget, now).await?);
            }
        }
        Ok(longest)
    }

    /// Charges one guess to where it comes from, whatever it is a guess at.
    pub(super) async fn spend_guess_from(
        &self,
        address: Option<AddressBlock>,
    ) -> Result<Spent, DbErr> {
        let charged = address.map(|block| self.policy.limits.on_guess_from(block));
        self.spend_all(self.store.pool(), charged.as_slice()).await
    }

    /// Gives one guess back to where it came from: it was right, and people who share an address
    /// may sign in as often as they like.
    pub(super) async fn refund_guess_from(
        &self,
        db: &impl ConnectionTrait,
        address: Option<AddressBlock>,
    ) -> Result<(), DbErr> {
        let charged = address.map(|block| self.policy.limits.on_guess_from(block));
        match charged {
            Some(Allowance {
                key,
                budget: Some(budget),
                ..
            }) => limits::refund(db, &key, budget).await,
            _ => Ok(()),
        }
    }

    /// Charges one guess at `contact`. A new code does not refill this budget, so that asking
    /// for codes buys no guesses.
    pub(super) async fn spend_guess_at(
        &self,
        guesser: Guesser,
        contact: &Contact,
    ) -> Result<Spent, DbErr> {
        let charged = [self.guesses_at(guesser, contact)];
        self.spend_all(self.store.pool(), &charged).await
    }

    /// Forgets the guesses at `contact`: its owner has just proved to hold it.
    pub(super) async fn clear_guesses(
        &self,
        db: &impl ConnectionTrait,
        guesser: Guesser,
        contact: &Contact,
    ) -> Result<(), DbErr> {
        let key = self.guesses_at(guesser, contact).key;
        limits::clear(db, &key).await.map(drop)
    }

    /// Charges one new account to where it is opened from. When it is refused the caller rolls
    /// back.
    pub(super) async fn spend_account(
        &self,
        tx: &impl ConnectionTrait,
        address: Option<AddressBlock>,
    ) -> Result<Spent, DbErr> {
        let charged = address.map(|block| self.policy.limits.on_account_from(block));
        self.spend_all(tx, charged.as_slice()).await
    }

    fn guesses_at(&self, guesser: Guesser, contact: &Contact) -> Allowance {
        let is_holder = matches!(guesser, Guesser::Holder(_));
        self.policy.limits.on_guess_at(contact, is_holder)
    }

    /// Charges one action to each of `allowances`. Refused is what one of them refuses, for as
    /// long as the last of them does: all are asked, also after one refused, since who has waited
    /// for the hour should not hear of the day then.
    async fn spend_all(
        &self,
        db: &impl ConnectionTrait,
        allowances: &[Allowance],
    ) -> Result<Spent, DbErr> {
        let now = self.clock.now();
        let mut longest: Option<Duration> = None;
        for Allowance { limit, key, budget } in allowances {
            let Some(budget) = *budget else { continue };
            if let Spent::Refused(wait) = limits::spend(db, key, budget, now).await? {
                metrics::counter!("countersign_limits_hit_total", "limit" => limit.name())
                    .increment(1);
                longest = longest.max(Some(wait));
            }
        }
        Ok(longest.map_or(Spent::Granted, Spent::Refused))
    }
}
