//! Sessions that move on to their next refresh token.

use std::collections::HashMap;

use entity::session::{Column, Entity, Model};
use sea_orm::sea_query::{CaseStatement, Expr, ExprTrait, Query, UpdateStatement, Values};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseConnection, DbErr, FromQueryResult, Iterable,
    Statement, Value,
};

use super::Store;
use super::sessions::{is_live, number, read, sweep_at};
use super::text::{MOST, Texts, padded};
use crate::domain::session::Generation;
use crate::domain::{Session, SessionId, Timestamp};

/// What a refresh token says: whose session it is of, and the how many-th of its tokens it is.
pub type Turn = (SessionId, Generation);

impl Store {
    /// Moves a live session on from `turn` to the next generation, and its end to `expires_at`, but
    /// not past its absolute maximum: in one round trip, with all who ask at the moment. Of all
    /// requests that show one token, one gets the session back.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn rotate(
        &self,
        turn: Turn,
        now: Timestamp,
        expires_at: Timestamp,
    ) -> Result<Option<Session>, DbErr> {
        let store = self.clone();
        let put = |turns: Vec<Turn>| async move {
            let rotate = || rotate_all(&store.db, &turns, now, expires_at);
            store.retrying(rotate).await
        };
        self.rotations.ask(turn, put).await
    }
}

/// For each of `turns`, in their order. Of several that are the same, the first gets the session.
async fn rotate_all(
    db: &DatabaseConnection,
    turns: &[Turn],
    now: Timestamp,
    expires_at: Timestamp,
) -> Result<Vec<Option<Session>>, DbErr> {
    let mut rotated = HashMap::with_capacity(turns.len());
    for turns in turns.chunks(MOST) {
        for row in db.query_all_raw(query(db, turns, now, expires_at)).await? {
            let session = read(Model::from_query_result(&row, "")?)?;
            rotated.insert((session.id, session.generation), session);
        }
    }
    let next = |(id, generation): &Turn| (*id, generation.next());
    Ok(turns
        .iter()
        .map(|turn| rotated.remove(&next(turn)))
        .collect())
}

fn query(
    db: &DatabaseConnection,
    turns: &[Turn],
    now: Timestamp,
    expires_at: Timestamp,
) -> Statement {
    static TEXTS: Texts = Texts::new();
    let sweep_at = sweep_at(expires_at);
    let (now_micros, end) = (
        now.as_micros(),
        [expires_at, expires_at, sweep_at, sweep_at],
    );
    let ids = padded(turns).map(|(id, _)| Value::from(id.0));
    let pairs = padded(turns).flat_map(|(id, shown)| [id.0.into(), number(shown).into()]);
    let values = [1.into(), now_micros.into(), now_micros.into()]
        .into_iter()
        .chain(end.map(|moment| moment.as_micros().into()))
        .chain(ids)
        .chain(pairs)
        .chain([now_micros.into()]);
    let backend = db.get_database_backend();
    TEXTS
        .of(turns.len())
        .with(backend, Values(values.collect()), || {
            backend.build(&update(turns, now, expires_at))
        })
}

/// Ids lead to the rows; which of a session's tokens was shown is asked of each row.
fn update(turns: &[Turn], now: Timestamp, expires_at: Timestamp) -> UpdateStatement {
    let or_its_end = |moment: Timestamp| {
        let (moment, ends_at) = (moment.as_micros(), Expr::col(Column::EndsAt));
        CaseStatement::new()
            .case(ends_at.clone().lt(moment), ends_at)
            .finally(moment)
    };
    let is_current = padded(turns).fold(Condition::any(), |any, (id, shown)| {
        let is_its = Column::Id
            .eq(id.0)
            .and(Column::Generation.eq(number(shown)));
        any.add(is_its)
    });
    Query::update()
        .table(Entity)
        .value(Column::Generation, Expr::col(Column::Generation).add(1))
        .value(Column::RotatedAt, now.as_micros())
        .value(Column::LastSeenAt, now.as_micros())
        .value(Column::ExpiresAt, or_its_end(expires_at))
        .value(Column::SweepAt, or_its_end(sweep_at(expires_at)))
        .and_where(Column::Id.is_in(padded(turns).map(|(id, _)| id.0)))
        .cond_where(is_current)
        .cond_where(is_live(now))
        .returning(Query::returning().columns(Column::iter()))
        .take()
}
