//! A challenge and the message that it owes, once they are paid for.

use std::time::Duration;

use sea_orm::DbErr;

use super::Auth;
use super::bill::{Bill, Refusal};
use super::toll::TollRefusal;
use crate::domain::challenge::Challenge;
use crate::domain::toll::Guard;
use crate::store::deliveries::{self, Delivery};
use crate::store::together::{Done, Step, Together};
use crate::store::traffic::{self, Stream};
use crate::store::{challenges, limits};

/// What became of a challenge.
pub(super) enum Issue {
    /// It is kept, and its message is owed. The next may be asked for after this long.
    Done(Duration),
    /// It is not, and nothing is charged to anybody.
    Refused(Refusal),
}

const CHARGED: &str = "charged";

impl Auth {
    /// The budgets, the challenge and the message that it owes: together or not at all (D6), and
    /// in one round trip, unless somebody has to look at the traffic in between.
    pub(super) async fn issue(
        &self,
        challenge: &Challenge,
        delivery: &Delivery,
        is_test: bool,
    ) -> Result<Issue, DbErr> {
        let (contact, now) = (&delivery.contact, self.clock.now());
        let stream = self.stream(delivery.channel, contact);
        let stream = stream.filter(|_| !is_test);
        let bill = self.bill(delivery, stream);
        let mut paid = vec![Step::new(CHARGED, bill.charging(now))];
        if let Some(stream) = stream {
            let count = i32::from(!challenge.decoy);
            paid.push(Step::new("counted", traffic::sending(stream, now, count)).after(CHARGED));
        }
        let added = Step::new("challenge", challenges::adding(challenge, contact));
        let owed = deliveries::owing(delivery, challenge.decoy || is_test);
        let owed = Step::new("delivery", owed).after("challenge");

        let issued = if let (Some(guard), Some(stream)) = (self.policy.toll.guard, stream) {
            let (paid, kept) = (self.together(paid), self.together([added, owed]));
            let judging = || self.judged(guard, stream, challenge.decoy, &paid, &kept);
            self.store.retrying(judging).await
        } else {
            paid.extend([added.after(CHARGED), owed]);
            self.together(paid).commit(&self.store).await.map(Ok)
        };
        match issued {
            Ok(Ok(done)) if done.has(CHARGED) => self.next_in(&bill, &done).map(Issue::Done),
            Ok(Err(paused)) => Ok(Issue::Refused(Refusal::Toll(paused))),
            Err(error) if !limits::is_refusal(&error) => Err(error),
            _ => self.refusal(&bill).await.map(Issue::Refused),
        }
    }

    /// Keeps what is paid for, if the traffic that it adds to is answered well enough.
    async fn judged(
        &self,
        guard: Guard,
        stream: Stream<'_>,
        decoy: bool,
        paid: &Together,
        kept: &Together,
    ) -> Result<Result<Done, TollRefusal>, DbErr> {
        let tx = self.store.begin().await?;
        let done = paid.within(&tx).await?;
        if !done.has(CHARGED) {
            tx.rollback().await?;
            return Ok(Ok(done));
        }
        if let Some(paused) = self.judge(&tx, guard, stream, decoy).await? {
            tx.rollback().await?;
            return Ok(Err(paused));
        }
        kept.within(&tx).await?;
        tx.commit().await?;
        Ok(Ok(done))
    }

    fn next_in(&self, bill: &Bill, done: &Done) -> Result<Duration, DbErr> {
        bill.next_in(done, CHARGED, self.clock.now())
    }
}
