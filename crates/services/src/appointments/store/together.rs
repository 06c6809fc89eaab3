//! SQL of calling a visit off together with the one that it hangs on.
//!
//! Nothing is decided here.

use domain::ids::AppointmentId;

use crate::{
    db::{Conn, sql},
    error::Result,
};

/// Calls a visit off for the patient's side, if it still has the version that was read.
pub(in crate::appointments) async fn call_off(
    conn: &mut Conn,
    visit: AppointmentId,
    version: i64,
    late: bool,
) -> Result<bool> {
    let rows = sql!(
        conn,
        execute,
        "UPDATE appointments SET status = 'cancelled', occupies = FALSE, cancelled_by = 'patient', cancelled_late = $3,
                version = version + 1
         WHERE id = $1 AND version = $2",
        visit.0,
        version,
        late
    )?;
    Ok(rows == 1)
}
