//! Budgets, charged where the work is (D8).

use std::time::Duration;

use sea_orm::{ConnectionTrait, DbErr};

use super::Auth;
use crate::domain::Contact;
use crate::domain::challenge::Guesser;
use crate::domain::limit::Budget;
use crate::store::limits::{self, Spent};

impl Auth {
    /// Charges the sending of one code to `contact`.
    pub(super) async fn spend_send(
        &self,
        db: &impl ConnectionTrait,
        contact: &Contact,
    ) -> Result<Spent, DbErr> {
        let budget = Budget {
            burst: 1,
            period: self.policy.otp.resend_interval,
        };
        let key = format!("send:{}", contact.identity());
        limits::spend(db, &key, budget, self.clock.now()).await
    }

    /// Charges one guess at `contact`. A new code does not refill this budget, so that asking
    /// for codes buys no guesses.
    pub(super) async fn spend_guess(
        &self,
        guesser: Guesser,
        contact: &Contact,
    ) -> Result<Option<Duration>, DbErr> {
        let key = guess_key(guesser, contact);
        let budget = self.policy.guesses;
        match limits::spend(self.store.pool(), &key, budget, self.clock.now()).await? {
            Spent::Granted => Ok(None),
            Spent::Refused(wait) => Ok(Some(wait)),
        }
    }

    /// Forgets the guesses at `contact`: its owner has just proved to hold it.
    pub(super) async fn clear_guesses(
        &self,
        db: &impl ConnectionTrait,
        guesser: Guesser,
        contact: &Contact,
    ) -> Result<(), DbErr> {
        limits::clear(db, &guess_key(guesser, contact)).await
    }
}

/// Strangers guess out of a budget of their own, and cannot lock the owner out.
fn guess_key(guesser: Guesser, contact: &Contact) -> String {
    let who = match guesser {
        Guesser::Holder(_) => "guess",
        Guesser::Stranger => "open-guess",
    };
    format!("{who}:{}", contact.identity())
}
