//! Server functions of the app and what each needs.
//! What they do stands in the app.

use domain::access::Action;

use super::{
    Entry,
    Policy::{Needs, Public, Secret},
    entry,
};

/// All of them, by name.
pub(super) const ALL: &[Entry] = &[
    entry("POST", "/_fn/accept-invitation", Secret),
    entry("POST", "/_fn/book", Needs(&[Action::BookAppointment])),
    entry("POST", "/_fn/cancel-visit", Needs(&[Action::ReadAppointment])),
    entry("POST", "/_fn/doctor", Public),
    entry("POST", "/_fn/doctors", Public),
    entry("POST", "/_fn/end-other-sign-ins", Needs(&[Action::ManageSignIns])),
    entry("POST", "/_fn/end-sign-in", Needs(&[Action::ManageSignIns])),
    entry("POST", "/_fn/free-week", Public),
    entry("POST", "/_fn/hospital", Public),
    entry("POST", "/_fn/hospital-add-department", Needs(&[Action::ManageHospital])),
    entry("POST", "/_fn/hospital-add-exception", Needs(&[Action::ManageHours])),
    entry("POST", "/_fn/hospital-book", Needs(&[Action::BookAppointment])),
    entry("POST", "/_fn/hospital-booking", Needs(&[Action::ReadPatient])),
    entry("POST", "/_fn/hospital-day", Needs(&[Action::ReadSchedule])),
    entry("POST", "/_fn/hospital-departments", Public),
    entry("POST", "/_fn/hospital-doctor", Needs(&[Action::ReadStaffPages])),
    entry("POST", "/_fn/hospital-doctors", Needs(&[Action::ReadStaffPages])),
    entry("POST", "/_fn/hospital-end", Needs(&[Action::ReadAppointment])),
    entry("POST", "/_fn/hospital-fresh-invitation", Public),
    entry("POST", "/_fn/hospital-hours", Needs(&[Action::ManageHours])),
    entry("POST", "/_fn/hospital-invite", Needs(&[Action::InviteMember])),
    entry("POST", "/_fn/hospital-member-state", Needs(&[Action::ManageMembers])),
    entry("POST", "/_fn/hospital-members", Needs(&[Action::ManageMembers])),
    entry("POST", "/_fn/hospital-move", Needs(&[Action::ReadAppointment])),
    entry("POST", "/_fn/hospital-patient", Needs(&[Action::ReadPatient])),
    entry("POST", "/_fn/hospital-patients", Needs(&[Action::ReadPatients])),
    entry("POST", "/_fn/hospital-remove-exception", Needs(&[Action::ManageHours])),
    entry("POST", "/_fn/hospital-save", Needs(&[Action::ManageHospital])),
    entry("POST", "/_fn/hospital-save-doctor", Needs(&[Action::ManageDoctors])),
    entry("POST", "/_fn/hospital-save-hours", Needs(&[Action::ManageHours])),
    entry("POST", "/_fn/hospital-save-visit-type", Needs(&[Action::ManageHospital])),
    entry("POST", "/_fn/hospital-settings", Public),
    entry("POST", "/_fn/hospital-visit-types", Public),
    entry("POST", "/_fn/hospital-week", Needs(&[Action::ReadStaffPages])),
    entry("POST", "/_fn/invitation", Secret),
    entry("POST", "/_fn/my-visits", Needs(&[Action::ReadOwnAccount])),
    entry("POST", "/_fn/own-patients", Needs(&[Action::ReadOwnAccount])),
    entry("POST", "/_fn/platform-add-hospital", Needs(&[Action::ManagePlatform])),
    entry("POST", "/_fn/platform-hospitals", Public),
    entry("POST", "/_fn/sign-in", Secret),
    entry("POST", "/_fn/sign-ins", Needs(&[Action::ManageSignIns])),
    entry("POST", "/_fn/sign-up", Public),
    entry("POST", "/_fn/visit", Needs(&[Action::ReadAppointment])),
];
