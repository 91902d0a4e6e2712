//! Word to a person of what happened to their account.

use std::time::Duration;

use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ConnectionTrait, DbErr};

use super::Auth;
use crate::domain::device::Client;
use crate::domain::{Channel, Contact, Session, User};
use crate::store::deliveries::{self, Delivery, Owed};
use crate::store::statement::Statement;
use crate::store::{sessions, users};

/// Word that comes later than this helps nobody.
const LIFETIME: Duration = Duration::from_hours(1);

impl Auth {
    /// Word of a sign-in, to be owed if `session` is on a device that `user` had not used before.
    pub(super) fn notice_of_sign_in(
        &self,
        user: &User,
        session: &Session,
        client: &Client,
    ) -> Option<Statement> {
        let notice = self.notice(Owed::NewDevice, user, client)?;
        let is_known = Expr::exists(sessions::on_device_of(session));
        let owing = deliveries::owing(&notice, false).only_if(is_known.not());
        self.policy.notices.new_device.then_some(owing)
    }

    /// Owes word of the end of a session whose refresh token came back.
    pub(super) async fn note_reuse(
        &self,
        db: &impl ConnectionTrait,
        session: &Session,
        client: &Client,
    ) -> Result<bool, DbErr> {
        if !self.policy.notices.token_reuse {
            return Ok(false);
        }
        let Some(user) = users::find_by_id(db, session.user).await? else {
            return Ok(false);
        };
        match self.notice(Owed::TokenReuse, &user, client) {
            Some(notice) => deliveries::insert(db, &notice, false).await.map(|()| true),
            None => Ok(false),
        }
    }

    /// Notices go by e-mail only: whoever can bring one about must not spend the operator's money.
    /// `None` when the person has no address.
    fn notice(&self, owed: Owed, user: &User, client: &Client) -> Option<Delivery> {
        let email = user.email.clone()?;
        let now = self.clock.now();
        Some(Delivery {
            id: self.entropy.id(now),
            owed,
            channel: Channel::Email,
            contact: Contact::Email(email),
            // Their own, not that of the device: it may be somebody else's.
            language: Some(self.languages.choose(user.locale.as_ref(), None)),
            client: client.clone(),
            created_at: now,
            deadline: now + LIFETIME,
            tries: 0,
            returned_by: None,
        })
    }
}
