//! Series: the dates of one that is wanted, booking it, what is left of it, and calling the rest off.
//!
//! Each visit is booked and cancelled by `appointments`; there is no second way to a visit.

use async_trait::async_trait;
use domain::{
    Call,
    appointments::{BookAppointment, Initiator, Move, MoveAppointment},
    error::Findings,
    ids::AppointmentId,
    series::{
        BookSeries, CancelSeries, PlanSeries, PlannedVisit, Series, SeriesPlan, SeriesVisit, VisitSeries,
        check, wall_times,
    },
    time::{Moment, RequestedStart},
};

use crate::{
    appointments::AppointmentService,
    core::{Core, instant, zone},
    error::{Error, Result},
};

/// The service.
pub(crate) struct SeriesService {
    appointments: AppointmentService,
}

impl SeriesService {
    pub(crate) fn new(core: Core) -> Self {
        Self { appointments: AppointmentService::new(core) }
    }

    async fn planned(&self, call: &Call, command: PlanSeries) -> Result<SeriesPlan> {
        let mut findings = Findings::new();
        check(&mut findings, command.every_weeks, command.count);
        let start = findings.take("start", command.start.parse::<RequestedStart>());
        findings.finish()?;
        let Some(start) = start else { return Err(Error::Stored("a checked command")) };
        let one = BookAppointment {
            doctor_id: command.doctor_id,
            visit_type_id: command.visit_type_id,
            start: command.start,
            patient_id: command.patient_id,
            reason: None,
            price_minor: None,
        };
        let row = self.appointments.row(call, &one).await?;
        let first = match start {
            RequestedStart::Instant(moment) => {
                moment.at().to_zoned(row.entry.schedule.zone.clone()).datetime()
            }
            RequestedStart::Local(local) => local,
        };
        let locals = wall_times(first, command.every_weeks, command.count);
        let starts: Vec<_> = locals.iter().map(|local| RequestedStart::Local(*local)).collect();
        let found = self.appointments.obstacles(call, &row, &starts).await?;
        let visits = (1..).zip(locals).zip(found).map(|((number, local), found)| PlannedVisit {
            number,
            local,
            start: found.start,
            rule: found.rule.map(str::to_owned),
            alternatives: found.alternatives,
        });
        Ok(SeriesPlan { time_zone: row.entry.hospital.time_zone.clone(), visits: visits.collect() })
    }

    async fn read(&self, call: &Call, visit: AppointmentId) -> Result<Option<VisitSeries>> {
        let Some(row) = self.appointments.row_of(call, visit).await? else { return Ok(None) };
        let total = i64::try_from(row.numbers.len()).unwrap_or(i64::MAX);
        let mut visits = Vec::with_capacity(row.visits.len());
        for found in &row.visits {
            let number = row.numbers.iter().find(|(id, _)| *id == found.id).map(|(_, number)| *number);
            let lead = row.leads.iter().find(|(id, _)| *id == found.id).map(|(_, lead)| *lead);
            let situation = self.appointments.situation_of(call, found, row.in_care)?;
            let own_zone = zone(&found.time_zone)?;
            let mut cancels_too = Vec::new();
            if situation.initiator() == Initiator::Patient {
                for (_, starts_at, whose) in row.goes_too.iter().filter(|(with, ..)| *with == found.id) {
                    cancels_too.push(Moment::in_zone(instant(*starts_at)?, &zone(whose)?));
                }
            }
            visits.push(SeriesVisit {
                id: AppointmentId(found.id),
                number: number.ok_or(Error::Stored("number in a series"))?,
                start: Moment::in_zone(instant(found.starts_at)?, &own_zone),
                status: situation.status,
                cancellable: situation.check(Move::Cancel).is_ok(),
                late: lead.is_some_and(|lead| situation.is_late(lead)),
                cancels_too,
                version: found.version,
            });
        }
        Ok(Some(VisitSeries { id: row.series, total, visits }))
    }

    async fn read_again(&self, call: &Call, visit: AppointmentId) -> Result<VisitSeries> {
        self.read(call, visit).await?.ok_or(Error::Stored("series of a visit"))
    }
}

#[async_trait]
impl Series for SeriesService {
    async fn plan(&self, call: &Call, command: PlanSeries) -> domain::Result<SeriesPlan> {
        Ok(self.planned(call, command).await?)
    }

    async fn book(&self, call: &Call, command: BookSeries) -> domain::Result<VisitSeries> {
        let first = self.appointments.book_row(call, &command).await?;
        Ok(self.read_again(call, first).await?)
    }

    async fn of_visit(&self, call: &Call, visit: AppointmentId) -> domain::Result<Option<VisitSeries>> {
        Ok(self.read(call, visit).await?)
    }

    async fn cancel_from(
        &self,
        call: &Call,
        visit: AppointmentId,
        command: CancelSeries,
    ) -> domain::Result<VisitSeries> {
        let CancelSeries { reason, version } = command;
        self.appointments.cancel_from(call, visit, MoveAppointment { reason, version }).await?;
        Ok(self.read_again(call, visit).await?)
    }
}
