//! Rows of `sessions`.

use std::collections::{HashMap, HashSet};

use entity::session::{ActiveModel, Column, Entity, Model};
use entity::user;
use sea_orm::sea_query::{CaseStatement, Expr, ExprTrait, Query, SelectStatement, Values};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait, Set, Value,
};

use super::statement::Statement;
use super::text::Text;
use super::{corrupt, keys, users};
use crate::domain::device::Label;
use crate::domain::session::Generation;
use crate::domain::{Kid, Session, SessionId, Timestamp, User, UserId};

/// How many sessions one statement looks up at most.
const MOST: usize = 32;

/// Opens a session.
#[must_use]
pub fn opening(session: &Session) -> Statement {
    let text = |label: &Option<Label>| label.as_ref().map(|label| label.as_str().to_owned());
    Statement::inserting_one(ActiveModel {
        id: Set(session.id.0),
        user_id: Set(session.user.0),
        generation: Set(number(session.generation)),
        rotated_at: Set(session.rotated_at.as_micros()),
        device_name: Set(text(&session.device_name)),
        user_agent: Set(text(&session.user_agent)),
        ip_address: Set(session.ip_address.map(|ip| ip.to_string())),
        created_at: Set(session.created_at.as_micros()),
        last_seen_at: Set(session.last_seen_at.as_micros()),
        expires_at: Set(session.expires_at.as_micros()),
        ends_at: Set(session.ends_at.as_micros()),
        revoked_at: Set(None),
        sweep_at: Set(session
            .ends_at
            .min(sweep_at(session.expires_at))
            .as_micros()),
    })
}

/// What an access token says: whose session it is of, and which key has signed it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Shown {
    /// The session.
    pub session: SessionId,
    /// The key.
    pub kid: Kid,
}

/// The live ones among the sessions of `shown` whose key is in force, and whose they are: in one
/// round trip for each key and each 32 sessions.
///
/// # Errors
/// When the database fails.
pub async fn find_live_with_users(
    db: &impl ConnectionTrait,
    shown: &[Shown],
    now: Timestamp,
) -> Result<HashMap<Shown, (Session, User)>, DbErr> {
    let mut found = HashMap::with_capacity(shown.len());
    let kids: HashSet<Kid> = shown.iter().map(|it| it.kid).collect();
    for kid in kids {
        let signed = shown.iter().filter(|it| it.kid == kid);
        let sessions: Vec<_> = signed.map(|it| it.session).collect();
        for sessions in sessions.chunks(MOST) {
            let query = live_with_users(db, sessions, kid, now);
            for row in db.query_all_raw(query).await? {
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
    Ok(found)
}

/// The last one is asked for several times, so that there is a text for each power of two only.
fn live_with_users(
    db: &impl ConnectionTrait,
    sessions: &[SessionId],
    kid: Kid,
    now: Timestamp,
) -> sea_orm::Statement {
    const SIZES: usize = MOST.ilog2() as usize + 1;
    static TEXTS: [Text; SIZES] = [const { Text::new() }; SIZES];
    let count = sessions.len().next_power_of_two();
    let ids = || {
        let last = sessions.last();
        sessions
            .iter()
            .chain(last.into_iter().cycle())
            .map(|it| it.0)
            .take(count)
    };
    let others = [
        now.as_micros().into(),
        1.into(), // what `EXISTS` selects
        kid.to_string().into(),
    ];
    let values = Values(ids().map(Value::from).chain(others).collect());
    let backend = db.get_database_backend();
    TEXTS[count.ilog2() as usize].with(backend, values, || {
        Entity::find()
            .filter(Column::Id.is_in(ids()))
            .filter(is_live(now))
            .filter(keys::in_force(kid))
            .find_also_related(user::Entity)
            .build(backend)
    })
}

/// A session, live or over.
///
/// # Errors
/// When the database fails.
pub async fn find(db: &impl ConnectionTrait, id: SessionId) -> Result<Option<Session>, DbErr> {
    Entity::find_by_id(id.0)
        .one(db)
        .await?
        .map(read)
        .transpose()
}

/// The other sessions of the same person, live or not yet forgotten, on the same device: with its
/// name and its `User-Agent`.
#[must_use]
pub fn on_device_of(session: &Session) -> SelectStatement {
    let is = |column: Column, label: &Option<Label>| match label {
        Some(label) => column.eq(label.as_str()),
        None => column.is_null(),
    };
    Query::select()
        .column(Column::Id)
        .from(Entity)
        .and_where(Column::UserId.eq(session.user.0))
        .and_where(Column::Id.ne(session.id.0))
        .and_where(is(Column::DeviceName, &session.device_name))
        .and_where(is(Column::UserAgent, &session.user_agent))
        .to_owned()
}

/// Moves a live session from `shown` to the next generation and its end to `expires_at`, but not
/// past its absolute maximum. Of all requests that show one token, one gets the session back.
///
/// # Errors
/// When the database fails.
pub async fn rotate(
    db: &impl ConnectionTrait,
    id: SessionId,
    shown: Generation,
    now: Timestamp,
    expires_at: Timestamp,
) -> Result<Option<Session>, DbErr> {
    let now_micros = now.as_micros();
    let or_its_end = |moment: Timestamp| {
        let (moment, ends_at) = (moment.as_micros(), Expr::col(Column::EndsAt));
        CaseStatement::new()
            .case(ends_at.clone().lt(moment), ends_at)
            .finally(moment)
    };
    let rotated = Entity::update_many()
        .col_expr(Column::Generation, number(shown.next()).into())
        .col_expr(Column::RotatedAt, now_micros.into())
        .col_expr(Column::LastSeenAt, now_micros.into())
        .col_expr(Column::ExpiresAt, or_its_end(expires_at).into())
        .col_expr(Column::SweepAt, or_its_end(sweep_at(expires_at)).into())
        .filter(Column::Id.eq(id.0))
        .filter(Column::Generation.eq(number(shown)))
        .filter(is_live(now))
        .exec_with_returning(db)
        .await?;
    rotated.into_iter().next().map(read).transpose()
}

/// Which of the live sessions to end.
#[derive(Clone, Copy, Debug)]
pub enum Which {
    /// One, whoever it belongs to: its refresh token was shown.
    One(SessionId),
    /// One, whoever it belongs to: an access token of it was shown that this key has signed, which
    /// counts while the key does.
    Signed(SessionId, Kid),
    /// One of this person's.
    OneOf(UserId, SessionId),
    /// All of this person's.
    AllOf(UserId),
    /// All of this person's but one.
    AllBut(UserId, SessionId),
}

/// Ends sessions, and gives those that were live.
///
/// # Errors
/// When the database fails.
pub async fn revoke(
    db: &impl ConnectionTrait,
    which: Which,
    now: Timestamp,
) -> Result<Vec<Session>, DbErr> {
    let whose = |user: UserId| Condition::all().add(Column::UserId.eq(user.0));
    let chosen = match which {
        Which::One(id) => Condition::all().add(Column::Id.eq(id.0)),
        Which::Signed(id, kid) => keys::in_force(kid).add(Column::Id.eq(id.0)),
        Which::OneOf(user, id) => whose(user).add(Column::Id.eq(id.0)),
        Which::AllOf(user) => whose(user),
        Which::AllBut(user, id) => whose(user).add(Column::Id.ne(id.0)),
    };
    let revoked = Entity::update_many()
        .col_expr(Column::RevokedAt, now.as_micros().into())
        .filter(chosen)
        .filter(is_live(now))
        .exec_with_returning(db)
        .await?;
    revoked.into_iter().map(read).collect()
}

/// A person's live sessions, newest first, at most `limit` of them, from the one after `after`.
///
/// # Errors
/// When the database fails.
pub async fn page(
    db: &impl ConnectionTrait,
    user: UserId,
    after: Option<SessionId>,
    limit: u64,
    now: Timestamp,
) -> Result<Vec<Session>, DbErr> {
    let mut query = Entity::find()
        .filter(Column::UserId.eq(user.0))
        .filter(is_live(now));
    if let Some(after) = after {
        query = query.filter(Column::Id.lt(after.0));
    }
    // Ids are UUIDv7: their order is the order of time.
    let rows = query.order_by_desc(Column::Id).limit(limit).all(db).await?;
    rows.into_iter().map(read).collect()
}

fn is_live(now: Timestamp) -> Condition {
    Condition::all()
        .add(Column::RevokedAt.is_null())
        .add(Column::ExpiresAt.gt(now.as_micros()))
}

/// When to look whether a session is over: at the end of the day on which it expires. So it stays
/// the same from one refresh to the next, but once a day, and so do all indexed columns: then
/// PostgreSQL changes one page for a refresh, and no index (decision 32).
fn sweep_at(expires_at: Timestamp) -> Timestamp {
    expires_at.end_of_day()
}

fn number(generation: Generation) -> i32 {
    i32::try_from(generation.0).unwrap_or(i32::MAX)
}

fn read(row: Model) -> Result<Session, DbErr> {
    Ok(Session {
        id: SessionId(row.id),
        user: UserId(row.user_id),
        generation: Generation(u32::try_from(row.generation).map_err(|_| corrupt("generation"))?),
        rotated_at: Timestamp::from_micros(row.rotated_at),
        device_name: row.device_name.as_deref().and_then(Label::clean),
        user_agent: row.user_agent.as_deref().and_then(Label::clean),
        ip_address: row.ip_address.and_then(|ip| ip.parse().ok()),
        created_at: Timestamp::from_micros(row.created_at),
        last_seen_at: Timestamp::from_micros(row.last_seen_at),
        expires_at: Timestamp::from_micros(row.expires_at),
        ends_at: Timestamp::from_micros(row.ends_at),
        revoked_at: row.revoked_at.map(Timestamp::from_micros),
    })
}
