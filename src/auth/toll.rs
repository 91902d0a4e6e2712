//! What messages to telephones may cost: where they may go, how many, and when sending stops.

use std::time::Duration;

use sea_orm::{ConnectionTrait, DbErr};

use super::Auth;
use super::request_otp::Requested;
use crate::domain::limit::Budget;
use crate::domain::toll::{Forbidden, Traffic};
use crate::domain::{Channel, Contact, PhoneNumber, Timestamp};
use crate::store::limits::{self, Spent};
use crate::store::traffic::{self, Stream};

/// Why a message is not sent to a telephone.
#[derive(Debug)]
pub(super) enum TollRefusal {
    /// It is never sent there.
    Forbidden(Forbidden),
    /// Enough were sent, until this much time has passed.
    OverBudget(Duration),
    /// Too few of those before it were answered.
    Paused(Pause),
}

/// Where sending has stopped, and on what grounds.
#[derive(Debug)]
pub(super) struct Pause {
    /// The bare country code when it is a whole country.
    prefix: String,
    traffic: Traffic,
}

impl Auth {
    /// Why `contact` is never sent anything. Asks nobody.
    pub(super) fn forbidden(&self, contact: &Contact) -> Option<TollRefusal> {
        let number = number(contact)?;
        let forbidden = self.policy.toll.forbids(number)?;
        Some(TollRefusal::Forbidden(forbidden))
    }

    /// Charges a message over `channel` to `contact`; `None` when it may go out. Otherwise the
    /// caller rolls `tx` back, so that what is not sent is charged to nobody, and calls
    /// [`note_toll_refusal`](Self::note_toll_refusal).
    ///
    /// A decoy is charged to the budgets and judged like any other, with the same statements, and
    /// is not counted as sent: it costs nothing.
    pub(super) async fn spend_toll(
        &self,
        tx: &impl ConnectionTrait,
        channel: Channel,
        contact: &Contact,
        decoy: bool,
    ) -> Result<Option<TollRefusal>, DbErr> {
        let Some(number) = number(contact) else {
            return Ok(None);
        };
        let stream = Stream::of(channel, number, self.policy.toll.prefix_digits);
        let now = self.clock.now();
        if let Some(wait) = self.spend_budgets(tx, stream, now).await? {
            return Ok(Some(TollRefusal::OverBudget(wait)));
        }
        // Counted first and judged after: whoever counts in the same row waits here until this
        // transaction is over, and then sees what it wrote. So of many at once as many go out as
        // would one by one.
        traffic::sent(tx, stream, now, i32::from(!decoy)).await?;
        let pause = self.judge(tx, stream, number, decoy).await?;
        Ok(pause.map(TollRefusal::Paused))
    }

    /// Counts a message that was not sent, and says what becomes of the request. Not in the
    /// transaction that was rolled back, of course.
    pub(super) async fn note_toll_refusal(
        &self,
        channel: Channel,
        contact: &Contact,
        refusal: TollRefusal,
    ) -> Result<Requested, DbErr> {
        let Some(number) = number(contact) else {
            return Ok(Requested::NotAllowed);
        };
        let (reason, digits) = match &refusal {
            // Strangers make one row for each country there is, and no more.
            TollRefusal::Forbidden(Forbidden::Country) => ("country", 0),
            TollRefusal::Forbidden(Forbidden::Kind) => ("kind", 0),
            TollRefusal::OverBudget(_) => ("budget", self.policy.toll.prefix_digits),
            TollRefusal::Paused(_) => ("paused", self.policy.toll.prefix_digits),
        };
        let stream = Stream::of(channel, number, digits);
        traffic::refused(self.store.pool(), stream, self.clock.now()).await?;
        let country = stream.country();
        metrics::counter!("countersign_toll_refused_total", "country" => country, "reason" => reason)
            .increment(1);
        Ok(match refusal {
            TollRefusal::Forbidden(_) => Requested::NotAllowed,
            TollRefusal::OverBudget(wait) => Requested::TooSoon(wait),
            TollRefusal::Paused(pause) => {
                self.alert(stream, &pause).await?;
                Requested::ChannelUnavailable
            }
        })
    }

    /// Counts the right answer to a challenge that was sent at `sent_at`.
    pub(super) async fn note_conversion(
        &self,
        tx: &impl ConnectionTrait,
        channel: Channel,
        contact: &Contact,
        sent_at: Timestamp,
    ) -> Result<(), DbErr> {
        let Some(number) = number(contact) else {
            return Ok(());
        };
        let toll = &self.policy.toll;
        let is_new = match toll.guard {
            Some(guard) => {
                let key = format!("answered:{}:{}", channel.as_str(), number.as_e164());
                let once = once_in(guard.window);
                limits::spend(tx, &key, once, self.clock.now()).await? == Spent::Granted
            }
            None => true,
        };
        let stream = Stream::of(channel, number, toll.prefix_digits);
        traffic::verified(tx, stream, sent_at, is_new).await
    }

    /// How long to wait until all budgets bear one more; `None` when they bore it. All are asked,
    /// also after one refused: who has waited for the hour should not hear of the day then.
    async fn spend_budgets(
        &self,
        tx: &impl ConnectionTrait,
        stream: Stream<'_>,
        now: Timestamp,
    ) -> Result<Option<Duration>, DbErr> {
        let (toll, country) = (&self.policy.toll, stream.country());
        // Always in this order, so that no two transactions wait for each other.
        let budgets = [
            (format!("toll:{country}:hour"), toll.country_hourly),
            (format!("toll:{country}:day"), toll.country_daily),
            ("toll:total:hour".to_owned(), toll.total_hourly),
            ("toll:total:day".to_owned(), toll.total_daily),
        ];
        let mut longest = None;
        for (key, budget) in budgets {
            if let Spent::Refused(wait) = limits::spend(tx, &key, budget, now).await? {
                longest = longest.max(Some(wait));
            }
        }
        Ok(longest)
    }

    async fn judge(
        &self,
        tx: &impl ConnectionTrait,
        stream: Stream<'_>,
        number: &PhoneNumber,
        decoy: bool,
    ) -> Result<Option<Pause>, DbErr> {
        let Some(guard) = self.policy.toll.guard else {
            return Ok(None);
        };
        let since = self.clock.now() - guard.window;
        let mut lately = traffic::lately(tx, stream, since).await?;
        if decoy {
            // What it would have been: nobody can tell the two apart.
            lately.prefix = lately.prefix.with_one_more();
            lately.country = lately.country.with_one_more();
        }
        let pause = |prefix: &str, traffic| {
            Some(Pause {
                prefix: prefix.to_owned(),
                traffic,
            })
        };
        Ok(if guard.pauses(lately.prefix) {
            pause(stream.prefix, lately.prefix)
        } else if guard.pauses_country(lately.country) {
            pause(number.prefix(0), lately.country)
        } else {
            None
        })
    }

    /// Tells the operator, once in a window, of all instances one.
    async fn alert(&self, stream: Stream<'_>, pause: &Pause) -> Result<(), DbErr> {
        let Some(guard) = self.policy.toll.guard else {
            return Ok(());
        };
        let (channel, country) = (stream.channel.as_str(), stream.country());
        let prefix = &pause.prefix;
        let key = format!("toll-alert:{channel}:{country}:{prefix}");
        let (db, once, now) = (self.store.pool(), once_in(guard.window), self.clock.now());
        if limits::spend(db, &key, once, now).await? == Spent::Granted {
            let Traffic { sent, people } = pause.traffic;
            tracing::error!(
                channel,
                country,
                prefix,
                sent,
                verified = people,
                "sign-in codes to a prefix are not coming back: sends to it are paused"
            );
            metrics::counter!("countersign_toll_pauses_total", "channel" => channel, "country" => country)
                .increment(1);
        }
        Ok(())
    }
}

fn number(contact: &Contact) -> Option<&PhoneNumber> {
    match contact {
        Contact::Phone(number) => Some(number),
        Contact::Email(_) => None,
    }
}

const fn once_in(period: Duration) -> Budget {
    Budget { burst: 1, period }
}
