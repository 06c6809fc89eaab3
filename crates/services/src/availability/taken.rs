//! What is taken when a time is asked for: the doctor's own, seats of groups, days that take no more, rooms and devices.
//!
//! Offering, explaining, booking and the waiting list all get it here, so none of them forgets a part.

use domain::{
    ids::{DoctorId, ResourceId},
    slots::{Besides, Busy, FullDays, Limits, Pool, Pools, Question, Schedule, Seats, Shape},
    time::Span,
};
use jiff::Timestamp;

use super::store::{TakenTime, blocks, numbers};
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
    /// How many of the kind may come to one time.
    pub(crate) capacity: i64,
    /// What the kind needs besides; none when it needs nothing.
    pub(crate) needs: Option<&'a Needs>,
}

/// A visit that is to go away: with whom it is, what it takes, and its number there. Blocks of one doctor are the same or never overlap,
/// so that names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Going {
    pub(crate) doctor: DoctorId,
    pub(crate) block: Span,
    pub(crate) seat: i64,
}

impl Going {
    /// Whether this is where it stands.
    pub(crate) fn stands(&self, at: (DoctorId, Span)) -> bool {
        (self.doctor, self.block) == at
    }
}

/// What is taken.
pub(crate) struct Taken {
    busy: Busy,
    seats: Option<Seats>,
    shape: Shape,
    full: Option<FullDays>,
    pools: Option<Pools>,
}

/// What a visit is given at a time that is free.
#[derive(Debug, Clone)]
pub(crate) struct Spot {
    /// What it has in common with others of its time; none where it has the time alone.
    pub(crate) group: Option<String>,
    /// Its number among them.
    pub(crate) number: i64,
    /// What it has of rooms and devices.
    pub(crate) resources: Vec<ResourceId>,
}

impl Demand<'_> {
    fn limits(&self) -> Limits {
        Limits { all: self.schedule.rules.most_a_day, of_kind: self.of_kind }
    }

    /// Whether the whole day has to be looked at, and not the time alone.
    pub(crate) fn counts(&self) -> bool {
        self.limits().any()
    }

    /// Whether several may come to one time.
    pub(crate) fn is_group(&self) -> bool {
        self.capacity > 1
    }

    /// Whether a taken time is one that such a visit may join.
    fn may_join(&self, visit: &TakenTime) -> bool {
        let own = || group_key(self.doctor, self.shape, visit.start);
        self.is_group() && visit.group.as_ref().is_some_and(|group| *group == own())
    }
}

/// What the visits of one time of a doctor have in common: what they are, and when they and what is kept free around them begin and end.
/// Whoever books one derives the same. The views of taken time know a group by how its key begins.
fn group_key(doctor: DoctorId, shape: Shape, start: i64) -> String {
    let (visit, block) = (shape.visit(start), shape.block(start));
    let (doctor, kind) = (doctor.0.simple(), shape.kind.visit_type.0.simple());
    format!("group {doctor} {kind} {} {} {} {}", visit.start, visit.end, block.start, block.end)
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
    let goes = |doctor, block, seat| without == Some(Going { doctor, block, seat });
    let mut visits = blocks(conn, demand.doctor, span, now.as_millisecond()).await?;
    visits.retain(|visit| !goes(demand.doctor, visit.block, visit.seat));
    let visit_type = demand.shape.kind.visit_type;
    let full = demand.counts().then(|| {
        let begins = visits.iter().map(|visit| (visit.start, visit.visit_type));
        FullDays::of(&demand.schedule.zone, demand.limits(), visit_type, begins)
    });
    let pools = match demand.needs {
        None => None,
        Some(needs) => {
            let mut rows = resources::taken(conn, visit_type, span, now.as_millisecond()).await?;
            rows.retain(|row| !goes(row.doctor(), row.block(), row.seat()));
            Some(pools(needs, &rows))
        }
    };
    let (groups, others): (Vec<_>, Vec<_>) = visits.into_iter().partition(|visit| demand.may_join(visit));
    let seats = demand
        .is_group()
        .then(|| Seats::of(demand.capacity, groups.iter().map(|visit| (visit.start, visit.seat))));
    let busy = Busy::new(others.into_iter().map(|visit| visit.block).collect());
    Ok(Taken { busy, seats, shape: demand.shape, full, pools })
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
        let besides =
            Besides { seats: self.seats.as_ref(), full: self.full.as_ref(), pools: self.pools.as_ref() };
        Question { schedule, shape, busy: &self.busy, now, besides }
    }

    /// All of the doctor's time that is taken, groups with seats left included.
    pub(crate) fn whole(&self) -> Busy {
        let begins = self.seats.iter().flat_map(Seats::begins);
        self.busy.and(&Busy::new(begins.map(|start| self.shape.block(start)).collect()))
    }

    /// The same, and more of the doctor's time.
    pub(crate) fn and(self, more: Vec<Span>) -> Self {
        Self { busy: self.busy.and(&Busy::new(more)), ..self }
    }

    /// How many more may come to a time; none where nobody shares it.
    pub(crate) fn places_left(&self, start: i64) -> Option<i64> {
        self.seats.as_ref().map(|seats| seats.left(start))
    }

    /// The times, each as often as visits may be put on it.
    pub(crate) fn places(&self, starts: Vec<i64>) -> Vec<i64> {
        let often = |start| usize::try_from(self.places_left(start).unwrap_or(1)).unwrap_or(1);
        starts.into_iter().flat_map(|start| std::iter::repeat_n(start, often(start))).collect()
    }

    /// What a visit is given at a time that the engine lets through: whoever joins a group has the rooms of the group.
    pub(crate) async fn spot(
        &self,
        conn: &mut Conn,
        demand: &Demand<'_>,
        start: i64,
        now: Timestamp,
    ) -> Result<Spot> {
        let block = demand.shape.block(start);
        let Some(seats) = &self.seats else {
            return Ok(Spot { group: None, number: 1, resources: self.assign(block) });
        };
        let group = group_key(demand.doctor, demand.shape, start);
        let resources = if seats.stands(start) {
            resources::of_group(conn, &group, now.as_millisecond()).await?
        } else {
            self.assign(block)
        };
        let number = seats.next(start, &numbers(conn, demand.doctor, &group, block.start).await?);
        Ok(Spot { group: Some(group), number, resources })
    }

    /// Rooms and devices for a block; nothing where it needs nothing, or cannot have it.
    fn assign(&self, block: Span) -> Vec<ResourceId> {
        self.pools.as_ref().and_then(|pools| pools.assign(block).ok()).unwrap_or_default()
    }

    /// What the need is called that cannot be met then.
    pub(crate) fn lacking(&self, block: Span) -> Option<String> {
        self.pools.as_ref()?.lacking(block).map(str::to_owned)
    }
}
