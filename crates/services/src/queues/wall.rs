//! The wall of a waiting room: numbers and doors. Names of patients are not read, so none can be told.

use std::collections::BTreeMap;

use domain::{
    Call, Error as Refusal,
    appointments::{Status, around},
    ids::HospitalId,
    queues::{
        CALLED_AT_ONCE, CalledNumber, NewWallAddress, QueueColumn, WaitingDoor, WallAddress, WallBoard,
    },
    time::{MINUTE, Moment},
};

use super::{Administered, QueueService, store};
use crate::{
    access::{Authorized, OfHospital, ReadWall},
    core::{instant, zone},
    db::{Conn, Reach},
    error::{Error, Result},
    secrets,
};

const HOUR: i64 = 60 * MINUTE;

impl QueueService {
    /// For a member of the hospital.
    pub(super) async fn wall_for(&self, call: &Call, hospital: HospitalId) -> Result<WallBoard> {
        let here: Authorized<ReadWall, _> = self.core.authorize(call, OfHospital(hospital)).await?;
        let named = self.named(hospital).await?;
        let mut conn = self.core.db.read(here.reach()).await?;
        self.board_of(&mut conn, hospital, named).await
    }

    /// For whoever has the secret of the address.
    pub(super) async fn open_wall(&self, secret: &str) -> Result<WallBoard> {
        let hospital = self.behind(secret).await?;
        let named = self.named(hospital).await?;
        let reach = Reach::house("the secret of the wall's address is the proof; numbers only");
        let mut conn = self.core.db.read(&reach).await?;
        self.board_of(&mut conn, hospital, named).await
    }

    /// Whose wall is behind a secret; that it was read is noted once an hour.
    pub(super) async fn behind(&self, secret: &str) -> Result<HospitalId> {
        let (hash, now) = (secrets::hash(secret), self.core.now_ms());
        let reach = Reach::house("the secret of the wall's address is the proof");
        let found = store::behind(&mut self.core.db.read(&reach).await?, &hash).await?;
        let found = found.ok_or(Refusal::NotFound)?;
        if found.read_at.is_none_or(|at| at <= now - HOUR) {
            self.core
                .db
                .write(&reach, move |conn| {
                    let hash = hash.clone();
                    Box::pin(async move { store::note_reading(conn, &hash, now).await })
                })
                .await?;
        }
        Ok(HospitalId(found.hospital_id))
    }

    /// The hospital's name and zone.
    async fn named(&self, hospital: HospitalId) -> Result<(String, String)> {
        let snapshot = self.core.directory.snapshot(&self.core).await?;
        let hospital = snapshot.hospitals.get(&hospital).ok_or(Refusal::NotFound)?;
        Ok((hospital.name.clone(), hospital.time_zone.clone()))
    }

    async fn board_of(
        &self,
        conn: &mut Conn,
        hospital: HospitalId,
        (hospital_name, time_zone): (String, String),
    ) -> Result<WallBoard> {
        let now = Moment::in_zone(self.core.clock.now(), &zone(&time_zone)?);
        let near = around(now.at().as_millisecond());
        let rows = store::numbers(conn, hospital, &now.date().to_string(), near).await?;
        let (mut called, mut waiting) = (Vec::new(), BTreeMap::<String, Vec<i64>>::new());
        for row in rows {
            let status = Status::parse(&row.status).ok_or(Error::Stored("status"))?;
            match QueueColumn::of(status) {
                Some(QueueColumn::InRoom) => called.push((row.called_at, row.number, row.door)),
                Some(QueueColumn::Arrived) => waiting.entry(row.door).or_default().push(row.number),
                Some(QueueColumn::Expected | QueueColumn::Done) | None => {}
            }
        }
        called.sort_by(|one, other| other.cmp(one));
        called.truncate(CALLED_AT_ONCE);
        let called = called.into_iter().map(|(_, number, door)| CalledNumber { number, door }).collect();
        let waiting = waiting.into_iter().map(|(door, numbers)| WaitingDoor { door, numbers }).collect();
        Ok(WallBoard { hospital_name, now, called, waiting })
    }

    pub(super) async fn address_of(&self, call: &Call, hospital: HospitalId) -> Result<WallAddress> {
        let here: Administered = self.core.authorize(call, OfHospital(hospital)).await?;
        let mut conn = self.core.db.read(here.reach()).await?;
        let (made_at, read_at) = store::find(&mut conn, &here).await?.ok_or(Refusal::NotFound)?;
        Ok(WallAddress { made_at: instant(made_at)?, read_at: read_at.map(instant).transpose()? })
    }

    pub(super) async fn make_address(&self, call: &Call, hospital: HospitalId) -> Result<NewWallAddress> {
        let here: Administered = self.core.authorize(call, OfHospital(hospital)).await?;
        let secret = secrets::token(&*self.core.random);
        let (hash, now, proof) = (secrets::hash(&secret), self.core.now_ms(), here.clone());
        self.core
            .change(&proof, move |conn| {
                let (here, hash) = (here.clone(), hash.clone());
                Box::pin(async move { store::put(conn, &here, &hash, now).await })
            })
            .await?;
        let wall = WallAddress { made_at: instant(now)?, read_at: None };
        Ok(NewWallAddress { wall, address: format!("{}/wall/{secret}", self.core.mail.origin()) })
    }

    pub(super) async fn end_address(&self, call: &Call, hospital: HospitalId) -> Result<()> {
        let here: Administered = self.core.authorize(call, OfHospital(hospital)).await?;
        let proof = here.clone();
        self.core
            .change(&proof, move |conn| {
                let here = here.clone();
                Box::pin(async move {
                    let there = store::end(conn, &here).await?;
                    if there { Ok(()) } else { Err(Error::from(Refusal::NotFound)) }
                })
            })
            .await
    }
}
