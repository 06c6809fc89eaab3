//! The question of the row `slots`, W1: one doctor, thirty days with a noon break, forty visits, a zone that changes its clocks.

use domain::{
    availability::{BookingRules, Kind, TimeWindow, WeeklyWindow},
    hospitals::Modality,
    slots::{Besides, Busy, Question, Schedule, Shape, offer},
    time::{parse_time, plus_days},
};
use jiff::{
    Timestamp,
    civil::{Date, date},
    tz::TimeZone,
};

/// Twenty-four visits of twenty minutes on each of thirty days.
pub const CANDIDATES: usize = 720;
const DAYS: i32 = 30;
const BOOKED: usize = 40;

/// A doctor's month.
#[derive(Debug, Clone)]
pub struct Month {
    schedule: Schedule,
    shape: Shape,
    busy: Busy,
    now: Timestamp,
    first: Date,
}

impl Month {
    /// The month, once it is sure that it has as many candidates and free times as it should.
    pub fn new() -> anyhow::Result<Self> {
        let kind = Kind {
            visit_type: "00000000-0000-0000-0000-000000000000".parse()?,
            modality: Modality::InPerson,
        };
        let shape = Shape { kind, minutes: 20, before: 0, after: 0 };
        // Berlin's clocks go forward on the 28th of March 2027.
        let (first, now) = (date(2027, 3, 10), "2027-03-01T00:00:00Z".parse()?);
        let mut month = Self { schedule: schedule()?, shape, busy: Busy::default(), now, first };
        let all = month.candidates();
        anyhow::ensure!(all.len() == CANDIDATES, "{} candidates", all.len());
        let taken = all.iter().step_by(CANDIDATES / BOOKED).take(BOOKED);
        month.busy = Busy::new(taken.map(|&start| shape.block(start)).collect());
        let left = month.offer().len();
        anyhow::ensure!(left == CANDIDATES - BOOKED, "{left} free");
        Ok(month)
    }

    /// All free times, as the server asks for them.
    pub fn offer(&self) -> Vec<i64> {
        self.besides(&self.busy)
    }

    /// What would be free if nothing were booked.
    pub fn candidates(&self) -> Vec<i64> {
        self.besides(&Busy::default())
    }

    fn besides(&self, busy: &Busy) -> Vec<i64> {
        let Self { schedule, shape, now, first, .. } = self;
        let question = Question { schedule, shape: *shape, busy, now: *now, besides: Besides::default() };
        offer(&question, *first, plus_days(*first, DAYS - 1))
    }
}

fn schedule() -> anyhow::Result<Schedule> {
    let mut weekly = Vec::new();
    for weekday in 1..=7 {
        for (start, end) in [("08:00", "12:00"), ("13:00", "17:00")] {
            let time = |text| parse_time(text).map_err(anyhow::Error::msg);
            weekly.push(WeeklyWindow::new(weekday, TimeWindow { start: time(start)?, end: time(end)? }));
        }
    }
    let rules = BookingRules { cadence_minutes: 20, notice_minutes: 60, horizon_days: 90, most_a_day: None };
    Ok(Schedule {
        zone: TimeZone::get("Europe/Berlin")?,
        weekly,
        exceptions: Vec::new(),
        openings: Vec::new(),
        away: Busy::default(),
        closed: Busy::default(),
        rules,
    })
}
