//! SQL that decisions look at.
//!
//! Nothing is decided here.

use domain::ids::{DoctorId, PatientId};
use uuid::Uuid;

use crate::{
    db::{Conn, sql},
    error::Result,
};

/// Whether a doctor has or had a visit of a patient since an instant; a time that is only held is none yet.
pub(super) async fn treats(
    conn: &mut Conn,
    doctor: DoctorId,
    patient: PatientId,
    since: i64,
) -> Result<bool> {
    Ok(sql!(
        conn,
        optional(Uuid,),
        "SELECT id FROM appointments
         WHERE patient_id = $2 AND doctor_id = $1 AND occupies AND hold_expires_at IS NULL AND starts_at >= $3 LIMIT 1",
        doctor.0,
        patient.0,
        since
    )?
    .is_some())
}
