//! Word to a person of what happened to their account.

use std::time::Duration;

use sea_orm::{ConnectionTrait, DbErr};

use super::Auth;
use crate::domain::device::Client;
use crate::domain::{Channel, Contact, Session, User};
use crate::store::deliveries::{self, Delivery, Owed};
use crate::store::{sessions, users};

/// Word that comes later than this helps nobody.
const LIFETIME: Duration = Duration::from_hours(1);

impl Auth {
    /// Owes word of a sign-in, if `session` is on a device that `user` had not used before.
    pub(super) async fn note_sign_in(
        &self,
        db: &impl ConnectionTrait,
        user: &User,
        session: &Session,
        client: &Client,
    ) -> Result<bool, DbErr> {
        let is_new =
            self.policy.notices.new_device && !sessions::is_known_device(db, session).await?;
        Ok(is_new && self.owe(db, Owed::NewDevice, user, client).await?)
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
        match users::find_by_id(db, session.user).await? {
            Some(user) => self.owe(db, Owed::TokenReuse, &user, client).await,
            None => Ok(false),
        }
    }

    /// Notices go by e-mail only: whoever can bring one about must not spend the operator's money.
    /// Tells whether the person has an address.
    async fn owe(
        &self,
        db: &impl ConnectionTrait,
        owed: Owed,
        user: &User,
        client: &Client,
    ) -> Result<bool, DbErr> {
        let Some(email) = user.email.clone() else {
            return Ok(false);
        };
        let now = self.clock.now();
        let delivery = Delivery {
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
        };
        deliveries::insert(db, &delivery, false).await?;
        Ok(true)
    }
}
