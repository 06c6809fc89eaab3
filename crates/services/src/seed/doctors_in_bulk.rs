//! Doctors of the bulk data, with what can be booked and when they work: many rows in one statement.
//!
//! Through the services each of them would have the whole directory read anew, twice: two thousand would read it four thousand
//! times, and it would grow meanwhile.

use domain::{coding, ids::DoctorId, text, time::parse_time};
use serde_json::{Value, json};

use super::{
    bulk::{House, id_of},
    people, store,
};
use crate::{core::Core, db::Reach};

/// Doctors per transaction: with their hours and visit types about 3,000 rows.
const AT_ONCE: usize = 250;
/// From Monday to Friday.
const WORKING_DAYS: i64 = 5;
/// In the morning and in the afternoon.
const WINDOWS: [(&str, &str); 2] = [("08:00", "12:00"), ("13:00", "17:00")];

/// The rows of some doctors, as the statements take them.
#[derive(Clone, Default)]
struct Rows {
    doctors: Vec<Value>,
    hours: Vec<Value>,
}

/// So many doctors, spread evenly over the hospitals: where each works, and who she is. Those of one hospital follow each other, so that
/// what is written of them later goes to pages that were written a moment ago.
pub(super) async fn insert_doctors<'a>(
    core: &Core,
    houses: &'a [House],
    count: usize,
) -> anyhow::Result<Vec<(&'a House, DoctorId)>> {
    let now = core.now_ms();
    let mut made = Vec::with_capacity(count);
    let mut rows = Rows::default();
    for number in 0..count {
        let house = houses.get(number * houses.len() / count.max(1));
        let house = house.ok_or_else(|| anyhow::anyhow!("doctors without a hospital"))?;
        let id = DoctorId(id_of(now, 4, number));
        rows.add(house, id, (number, now))?;
        made.push((house, id));
        if rows.doctors.len() == AT_ONCE || number + 1 == count {
            insert(core, &std::mem::take(&mut rows), now).await?;
        }
    }
    Ok(made)
}

impl Rows {
    fn add(&mut self, house: &House, id: DoctorId, (number, now): (usize, i64)) -> anyhow::Result<()> {
        let code = coding::SPECIALTIES.get(number % coding::SPECIALTIES.len()).copied();
        let specialties = serde_json::to_string(&[code.unwrap_or("cardiology")])?;
        let name = format!("Dr. {} {:03}", people::patient(number * 3 + 1).full_name, number + 1);
        let search_name = text::search_form(&name);
        let (id, hospital) = (id.0.simple().to_string(), house.id.0.simple().to_string());
        self.doctors.push(json!([id, hospital, name, search_name, specialties]));
        let time = |text| parse_time(text).map_err(anyhow::Error::msg);
        let windows = (1..=WORKING_DAYS).flat_map(|weekday| WINDOWS.map(|window| (weekday, window)));
        for (index, (weekday, (start, end))) in windows.enumerate() {
            let window = id_of(now, 5, number * 100 + index).simple().to_string();
            self.hours.push(json!([window, id, weekday, time(start)?.to_string(), time(end)?.to_string()]));
        }
        Ok(())
    }
}

async fn insert(core: &Core, rows: &Rows, now: i64) -> anyhow::Result<()> {
    let text = |rows: &Vec<Value>| serde_json::to_string(rows);
    let (doctors, hours) = (text(&rows.doctors)?, text(&rows.hours)?);
    core.db
        .write(&Reach::house("an empty house is filled"), move |conn| {
            let (doctors, hours) = (doctors.clone(), hours.clone());
            Box::pin(async move {
                store::insert_doctors(conn, &doctors, now).await?;
                store::insert_kinds(conn).await?;
                store::insert_hours(conn, &hours).await
            })
        })
        .await?;
    Ok(())
}
