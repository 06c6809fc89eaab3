//! What is taken when a time is asked for: the doctor's own, days that take no more, rooms and devices.
//!
//! Offering, explaining, booking and the waiting list all get it here, so none of them forgets a part.

use domain::{
    ids::{DoctorId, ResourceId},
    slots::{Besides, Busy, FullDays, Limits, Pool, Pools, Question, Schedule, Shape},
    time::Span,
};
use jiff::Timestamp;

use super::store::blocks;
use crate::{
    db::Conn,
    error::Result,
    resources::{self, Needs},
};

/// What is asked of a doctor's time.
#[derive(Clone, Copy)]
pub(crate) struct Demand<'a> {
    pub(crate) doctor: DoctorId,
    pub(crate) schedule: &'a Schedule,
    pub(crate) shape: Shape,
    /// How many of the kind a day takes.
    pub(crate) of_kind: Option<i64>,
    /// What the kind needs besides; none when it needs nothing.
    pub(crate) needs: Option<&'a Needs>,
}

/// A visit that is to go away: with whom it is and what it takes. Two blocks of one doctor never overlap, so that names it.
pub(crate) type Going = (DoctorId, Span);

/// What is taken.
pub(crate) struct Taken {
    busy: Busy,
    full: Option<FullDays>,
    pools: Option<Pools>,
}

impl Demand<'_> {
    fn limits(&self) -> Limits {
        Limits { all: self.schedule.rules.most_a_day, of_kind: self.of_kind }
    }

    /// Whether the whole day has to be looked at, and not the time alone.
    pub(crate) fn counts(&self) -> bool {
        self.limits().any()
    }
}

/// Reads what may touch visits in a span; where there are limits, it must hold whole days of them. A visit that is to go away is not in
/// the way. Without limits and needs it is one statement.
pub(crate) async fn taken(
    conn: &mut Conn,
    demand: &Demand<'_>,
    span: Span,
    without: Option<Going>,
    now: Timestamp,
) -> Result<Taken> {
    let mut visits = blocks(conn, demand.doctor, span, now.as_millisecond()).await?;
    visits.retain(|visit| without != Some((demand.doctor, visit.block)));
    let visit_type = demand.shape.kind.visit_type;
    let full = demand.counts().then(|| {
        let begins = visits.iter().map(|visit| (visit.start, visit.visit_type));
        FullDays::of(&demand.schedule.zone, demand.limits(), visit_type, begins)
    });
    let pools = match demand.needs {
        None => None,
        Some(needs) => {
            let mut rows = resources::taken(conn, visit_type, span, now.as_millisecond()).await?;
            rows.retain(|row| without != Some((row.doctor(), row.block())));
            Some(pools(needs, &rows))
        }
    };
    let busy = Busy::new(visits.into_iter().map(|visit| visit.block).collect());
    Ok(Taken { busy, full, pools })
}

fn pools(needs: &Needs, rows: &[resources::TakenRow]) -> Pools {
    let busy = |id: ResourceId| {
        Busy::new(rows.iter().filter(|row| row.resource() == id).map(resources::TakenRow::block).collect())
    };
    let pool = |need: &resources::NeedOf| Pool {
        name: need.name.clone(),
        resources: need.resources.iter().map(|id| (*id, busy(*id))).collect(),
    };
    Pools(needs.0.iter().map(pool).collect())
}

impl Taken {
    /// The question about it that the engine answers.
    pub(crate) fn question<'a>(
        &'a self,
        schedule: &'a Schedule,
        shape: Shape,
        now: Timestamp,
    ) -> Question<'a> {
        let besides = Besides { full: self.full.as_ref(), pools: self.pools.as_ref() };
        Question { schedule, shape, busy: &self.busy, now, besides }
    }

    /// The doctor's time that is taken.
    pub(crate) fn busy(&self) -> &Busy {
        &self.busy
    }

    /// The same, and more of the doctor's time.
    pub(crate) fn and(self, more: Vec<Span>) -> Self {
        Self { busy: self.busy.and(&Busy::new(more)), ..self }
    }

    /// What a visit is given for its block; nothing where it needs nothing, or cannot have it.
    pub(crate) fn assign(&self, block: Span) -> Vec<ResourceId> {
        self.pools.as_ref().and_then(|pools| pools.assign(block).ok()).unwrap_or_default()
    }

    /// What the need is called that cannot be met then.
    pub(crate) fn lacking(&self, block: Span) -> Option<String> {
        self.pools.as_ref()?.lacking(block).map(str::to_owned)
    }
}
