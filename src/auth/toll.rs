//! What messages to telephones may cost: where they may go, how many, and when sending stops.

use std::time::Duration;

use sea_orm::{ConnectionTrait, DbErr};

use super::Auth;
use super::request_otp::Requested;
use crate::domain::challenge::Challenge;
use crate::domain::limit::{Budget, Charge};
use crate::domain::toll::{Forbidden, Guard, Traffic};
use crate::domain::{Channel, Contact, PhoneNumber};
use crate::store::limits::{self, Spent};
use crate::store::together::Step;
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

    /// What a message over `channel` to `contact` is counted with; `None` when it costs nothing.
    pub(super) fn stream<'a>(&self, channel: Channel, contact: &'a Contact) -> Option<Stream<'a>> {
        let digits = self.policy.toll.prefix_digits;
        number(contact).map(|number| Stream::of(channel, number, digits))
    }

    /// Why a message that was counted in `stream` just now is not sent: too few of those before it
    /// came back.
    ///
    /// Counted first and judged after: whoever counts in the same row waits there until this
    /// transaction is over, and then sees what it wrote. So of many at once as many go out as
    /// would one by one. For that the two take a statement each.
    ///
    /// A decoy is charged and judged like any other, with the same statements, and is not counted
    /// as sent: it costs nothing.
    pub(super) async fn judge(
        &self,
        tx: &impl ConnectionTrait,
        guard: Guard,
        stream: Stream<'_>,
        decoy: bool,
    ) -> Result<Option<TollRefusal>, DbErr> {
        let since = self.clock.now() - guard.window;
        let mut lately = traffic::lately(tx, stream, since).await?;
        if decoy {
            // What it would have been: nobody can tell the two apart.
            lately.prefix = lately.prefix.with_one_more();
            lately.country = lately.country.with_one_more();
        }
        let pause = |prefix: &str, traffic| {
            let prefix = prefix.to_owned();
            Some(TollRefusal::Paused(Pause { prefix, traffic }))
        };
        Ok(if guard.pauses(lately.prefix) {
            pause(stream.prefix, lately.prefix)
        } else if guard.pauses_country(lately.country) {
            pause(stream.country_code, lately.country)
        } else {
            None
        })
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

    /// Counts the right answer to a challenge, once the step `after` has spent it.
    pub(super) fn conversion(
        &self,
        challenge: &Challenge,
        contact: &Contact,
        after: &'static str,
    ) -> Vec<Step> {
        const NEW: &str = "answered";
        let Some(stream) = self.stream(challenge.channel, contact) else {
            return Vec::new();
        };
        let verifying = |is_new| traffic::verifying(stream, challenge.created_at, is_new);
        let Some(guard) = self.policy.toll.guard else {
            return vec![Step::new("converted", verifying(true)).after(after)];
        };
        let once = Charge {
            key: format!(
                "{}:answered:{}",
                contact.identity(),
                challenge.channel.as_str()
            ),
            budget: once_in(guard.window),
        };
        let answered = limits::charge(&once, self.clock.now());
        vec![
            Step::new(NEW, answered).after(after),
            Step::new("new_conversion", verifying(true)).after(NEW),
            Step::new("conversion", verifying(false))
                .after(after)
                .unless(NEW),
        ]
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
