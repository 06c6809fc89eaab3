//! Calendars: the private address under which a program reads an account's visits, one visit as a file, and the entry of a letter.
//!
//! Letters themselves are in `mail`; which visits an account may see is decided where they are listed.

mod entries;
mod ics;
mod readings;
mod store;
mod words;

use std::sync::Arc;

use async_trait::async_trait;
use domain::{
    Actor, Call, Error as Refusal,
    access::Origin,
    appointments::Status,
    calendars::{CalendarFile, Calendars, Feed, FeedDetail, NewFeed, SetFeed},
    ids::{AccountId, AppointmentId, PatientId},
    time::{MINUTE, Span},
};

pub(crate) use ics::Method;
pub(crate) use store::end_since;

use crate::{
    access::{Authorized, ManageCalendar, OfAccount, ReadAppointment},
    accounts::AccountService,
    appointments::{self, AppointmentRow},
    core::{Core, instant},
    db::Reach,
    error::{Error, Result},
    mail::{self, Letter},
    secrets, sessions,
};
use entries::House;
use ics::Person;
use readings::Readings;
use words::words;

const HOUR: i64 = 60 * MINUTE;
/// How far back a calendar goes.
const PAST: i64 = 30 * 24 * HOUR;

/// The service.
pub(crate) struct CalendarService {
    core: Core,
    accounts: Arc<AccountService>,
    readings: Readings,
}

/// The caller's own account.
type Own = Authorized<ManageCalendar, OfAccount>;

impl CalendarService {
    pub(crate) fn new(core: Core, accounts: Arc<AccountService>) -> Self {
        Self { core, accounts, readings: Readings::default() }
    }

    async fn own(&self, call: &Call) -> Result<Own> {
        self.core.authorize(call, OfAccount::own(call)?).await
    }

    async fn found(&self, own: &Own) -> Result<Feed> {
        let mut conn = self.core.db.read(own.reach()).await?;
        view(&store::find(&mut conn, own).await?.ok_or(Refusal::NotFound)?)
    }

    async fn make(&self, call: &Call, command: SetFeed) -> Result<NewFeed> {
        let own = self.own(call).await?;
        let principal = call.actor.signed_in()?;
        // Nobody is asked for her password here, so its owner must hear of it: at an address that is hers.
        if !principal.verified {
            return Err(Refusal::EmailUnverified.into());
        }
        let secret = secrets::token(&*self.core.random);
        let (hash, now, epoch) = (secrets::hash(&secret), self.core.now_ms(), principal.session_epoch);
        let letter = Letter::CalendarFeed { account: own.object().id().0 };
        let letter = mail::draft(&self.core, &principal.email, letter);
        let proof = own.clone();
        self.core
            .change(&proof, move |conn| {
                let (own, hash, letter) = (own.clone(), hash.clone(), letter.clone());
                Box::pin(async move {
                    // Whoever was signed out meanwhile leaves no key behind.
                    if !sessions::hold_epoch(conn, own.object().id(), epoch).await? {
                        return Err(Refusal::Unauthenticated.into());
                    }
                    store::put(conn, &own, &hash, command.detail, now).await?;
                    mail::post(conn, &letter).await
                })
            })
            .await?;
        self.core.mail.wake();
        let feed = Feed { detail: command.detail, made_at: instant(now)?, read_at: None };
        Ok(NewFeed { feed, address: format!("{}/calendar/{secret}.ics", self.core.mail.origin()) })
    }

    async fn change(&self, call: &Call, detail: FeedDetail) -> Result<Feed> {
        let own = self.own(call).await?;
        let principal = call.actor.signed_in()?;
        let (epoch, now) = (principal.session_epoch, self.core.now_ms());
        let letter = Letter::CalendarFeed { account: own.object().id().0 };
        let letter = mail::draft(&self.core, &principal.email, letter);
        let proof = own.clone();
        self.core
            .change(&proof, move |conn| {
                let (own, letter) = (own.clone(), letter.clone());
                Box::pin(async move {
                    let before = store::find(conn, &own).await?.ok_or(Refusal::NotFound)?;
                    if detail <= detail_of(&before)? {
                        return store::set_detail(conn, &own, detail).await;
                    }
                    // An address that tells more is as good as a new one, to whoever has it already.
                    if !sessions::hold_epoch(conn, own.object().id(), epoch).await? {
                        return Err(Refusal::Unauthenticated.into());
                    }
                    store::set_detail(conn, &own, detail).await?;
                    store::note_telling_more(conn, &own, now).await?;
                    mail::post(conn, &letter).await
                })
            })
            .await?;
        self.core.mail.wake();
        self.found(&proof).await
    }

    async fn end(&self, call: &Call) -> Result<()> {
        let own = self.own(call).await?;
        let proof = own.clone();
        self.core
            .change(&proof, move |conn| {
                let own = own.clone();
                Box::pin(async move {
                    let there = store::end(conn, &own).await?;
                    if there { Ok(()) } else { Err(Refusal::NotFound.into()) }
                })
            })
            .await
    }

    async fn open(&self, secret: &str, origin: &Origin) -> Result<CalendarFile> {
        let hash = secrets::hash(secret);
        let row = {
            let reach = Reach::house("the secret of the address is the proof");
            store::behind(&mut self.core.db.read(&reach).await?, &hash).await?.ok_or(Refusal::NotFound)?
        };
        let (account, now) = (AccountId(row.account_id), self.core.now_ms());
        if self.core.limits {
            self.readings.count(account, now)?;
        }
        let principal = self.accounts.load(account).await?.ok_or(Refusal::NotFound)?;
        let call = Call { origin: origin.clone(), ..Call::by(Actor::Account(Box::new(principal))) };
        let span = Span { start: now - PAST, end: i64::MAX };
        let visits = appointments::between(&self.core, &call, span).await?;
        if row.read_at.is_none_or(|at| at <= now - HOUR) {
            let reach = Reach::house("the secret of the address is the proof");
            self.core
                .db
                .write(&reach, move |conn| {
                    let hash = hash.clone();
                    Box::pin(async move { store::note_reading(conn, &hash, now).await })
                })
                .await?;
        }
        let detail = detail_of(&row)?;
        let name = if detail == FeedDetail::Busy { &words()?.busy_name } else { &words()?.name };
        let entries = visits.iter().map(|visit| self.entry(&call, visit, detail));
        let entries = entries.collect::<Result<Vec<_>>>()?;
        ics::file(Method::Publish, Some(name), &entries, self.core.clock.now())
    }

    fn entry(&self, call: &Call, visit: &AppointmentRow, detail: FeedDetail) -> Result<ics::Entry> {
        let acting = call.actor.principal().and_then(|who| who.acts_for(PatientId(visit.patient_id)));
        let name = acting.map(|acting| acting.full_name.as_str());
        entries::entry(visit, detail, name, &house(&self.core))
    }

    async fn one(&self, call: &Call, id: AppointmentId) -> Result<CalendarFile> {
        let visit: Authorized<ReadAppointment, AppointmentRow> = self.core.load(call, id).await?;
        let status = appointments::status_of(visit.object())?;
        if status.is_held() || status == Status::Expired {
            // A time that is only held, or was, is no visit.
            return Err(Refusal::NotFound.into());
        }
        let entry = self.entry(call, visit.object(), FeedDetail::Full)?;
        let entry = ics::Entry { reminds: true, ..entry };
        ics::file(Method::Publish, None, &[entry], self.core.clock.now())
    }
}

/// The part of a letter about a visit that calendars read.
pub(crate) fn invitation(
    core: &Core,
    visit: &AppointmentRow,
    method: Method,
    attendee: &str,
) -> Result<CalendarFile> {
    let entry = entries::invitation(visit, attendee, &house(core))?;
    ics::file(method, None, &[entry], core.clock.now())
}

/// The part of a letter about a row of visits that calendars read. Mail is read by many, so it says that they are visits, and no more.
pub(crate) fn publication(core: &Core, visits: &[AppointmentRow]) -> Result<CalendarFile> {
    let entry = |visit| {
        let entry = entries::entry(visit, FeedDetail::Visit, None, &house(core))?;
        Ok(ics::Entry { reminds: true, ..entry })
    };
    let entries = visits.iter().map(entry).collect::<Result<Vec<_>>>()?;
    ics::file(Method::Publish, None, &entries, core.clock.now())
}

fn house(core: &Core) -> House<'_> {
    let (name, email) = core.mail.sender();
    House { origin: core.mail.origin(), sender: Person { name, email } }
}

fn view(row: &store::FeedRow) -> Result<Feed> {
    Ok(Feed {
        detail: detail_of(row)?,
        made_at: instant(row.made_at)?,
        read_at: row.read_at.map(instant).transpose()?,
    })
}

fn detail_of(row: &store::FeedRow) -> Result<FeedDetail> {
    FeedDetail::parse(&row.detail).map_err(|_| Error::Stored("detail of a calendar"))
}

#[async_trait]
impl Calendars for CalendarService {
    async fn feed(&self, call: &Call) -> domain::Result<Feed> {
        Ok(self.found(&self.own(call).await?).await?)
    }

    async fn make_feed(&self, call: &Call, command: SetFeed) -> domain::Result<NewFeed> {
        Ok(self.make(call, command).await?)
    }

    async fn change_feed(&self, call: &Call, command: SetFeed) -> domain::Result<Feed> {
        Ok(self.change(call, command.detail).await?)
    }

    async fn end_feed(&self, call: &Call) -> domain::Result<()> {
        Ok(self.end(call).await?)
    }

    async fn read_feed(&self, secret: &str, origin: &Origin) -> domain::Result<CalendarFile> {
        Ok(self.open(secret, origin).await?)
    }

    async fn visit(&self, call: &Call, id: AppointmentId) -> domain::Result<CalendarFile> {
        Ok(self.one(call, id).await?)
    }
}
