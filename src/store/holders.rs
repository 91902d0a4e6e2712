//! Who holds an access token.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use entity::session::{Column, Entity, Model};
use entity::user;
use sea_orm::sea_query::Values;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseConnection, DbErr, EntityTrait, FromQueryResult,
    QueryFilter, QueryTrait, Statement, Value,
};

use super::batches::Batches;
use super::sessions::{is_live, read};
use super::text::{MOST, Texts, padded};
use super::{keys, users};
use crate::domain::{Kid, Session, SessionId, Timestamp, User};

/// What an access token says: whose session it is of, and which key has signed it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Shown {
    /// The session.
    pub session: SessionId,
    /// The key.
    pub kid: Kid,
}

/// Looks up live sessions, with whose they are: what each request with an access token asks.
#[derive(Clone, Debug)]
pub struct Holders {
    db: DatabaseConnection,
    batches: Arc<Batches<Shown, (Session, User)>>,
}

impl Holders {
    /// Those that `db` knows of.
    #[must_use]
    pub fn new(db: DatabaseConnection) -> Self {
        Self {
            db,
            batches: Arc::default(),
        }
    }

    /// A live session and whose it is, in one round trip; `None` also when the key that has signed
    /// the token is revoked or gone.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn find(
        &self,
        shown: Shown,
        now: Timestamp,
    ) -> Result<Option<(Session, User)>, DbErr> {
        let db = self.db.clone();
        let put = |all: Vec<Shown>| async move { find_all(&db, &all, now).await };
        self.batches.ask(shown, put).await
    }
}

/// For each of `all`, in their order: in one round trip for each key and each 32 sessions.
async fn find_all(
    db: &DatabaseConnection,
    all: &[Shown],
    now: Timestamp,
) -> Result<Vec<Option<(Session, User)>>, DbErr> {
    let mut found = HashMap::with_capacity(all.len());
    let kids: HashSet<Kid> = all.iter().map(|it| it.kid).collect();
    for kid in kids {
        let signed = all.iter().filter(|it| it.kid == kid);
        let sessions: Vec<_> = signed.map(|it| it.session).collect();
        for sessions in sessions.chunks(MOST) {
            for row in db.query_all_raw(query(db, sessions, kid, now)).await? {
                let session = read(Model::from_query_result(&row, "A_")?)?;
                let user = users::read(user::Model::from_query_result(&row, "B_")?)?;
                let shown = Shown {
                    session: session.id,
                    kid,
                };
                found.insert(shown, (session, user));
            }
        }
    }
    Ok(all.iter().map(|shown| found.get(shown).cloned()).collect())
}

fn query(db: &DatabaseConnection, sessions: &[SessionId], kid: Kid, now: Timestamp) -> Statement {
    static TEXTS: Texts = Texts::new();
    let ids = || padded(sessions).map(|it| it.0);
    let others = [
        now.as_micros().into(),
        1.into(), // what `EXISTS` selects
        kid.to_string().into(),
    ];
    let values = Values(ids().map(Value::from).chain(others).collect());
    let backend = db.get_database_backend();
    TEXTS.of(sessions.len()).with(backend, values, || {
        Entity::find()
            .filter(Column::Id.is_in(ids()))
            .filter(is_live(now))
            .filter(keys::in_force(kid))
            .find_also_related(user::Entity)
            .build(backend)
    })
}
