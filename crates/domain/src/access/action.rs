//! What somebody can want to do, and how the audit and the registry spell it.
//!
//! Who may do it is decided in [`super::policy`].
#![deny(clippy::wildcard_enum_match_arm, clippy::match_wildcard_for_single_variants)]

use super::listed::all_of;

/// What somebody wants to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Action {
    /// Create hospitals and see all of them.
    ManagePlatform,
    /// Change a hospital, its departments and visit types.
    ManageHospital,
    /// See members, open invitations and what is asked of staff.
    ManageMembers,
    /// Give a member of a hospital rights or take them away, or take an invitation back.
    ChangeMembers,
    /// Decide what a hospital asks of its staff when they sign in.
    SetStaffPolicy,
    /// Ask somebody in as a member of a hospital.
    InviteMember,
    /// Create and change doctors.
    ManageDoctors,
    /// Read and change a doctor's weekly hours, exceptions and photo.
    ManageHours,
    /// See what a hospital shows its members only: doctors and visit types that cannot be booked.
    ReadStaffPages,
    /// See a hospital's visits, in boards and lists: of them, those that [`Action::ReadAppointment`] allows.
    ReadSchedule,
    /// See a hospital's patients: of them, those that [`Action::ReadPatient`] allows.
    ReadPatients,
    /// See who a patient is, and the visits.
    ReadPatient,
    /// Book a visit for a patient.
    BookAppointment,
    /// See an appointment and its history.
    ReadAppointment,
    /// Confirm, receive, complete, or mark as not come.
    RunAppointment,
    /// Cancel an appointment.
    CancelAppointment,
    /// Put an appointment on another time.
    RescheduleAppointment,
    /// Say that a patient is here, on her own page.
    CheckInOneself,
    /// See the numbers on the wall of a waiting room.
    ReadWall,
    /// Move or cancel many visits of a doctor at once, and undo that.
    ChangeManyVisits,
    /// Put a patient on a waiting list.
    JoinWaitlist,
    /// See who waits for a time, and where one stands oneself.
    ReadWaitlist,
    /// Take a time that is kept for somebody who waits, or let it go.
    AnswerOffer,
    /// Take a patient off a waiting list.
    LeaveWaitlist,
    /// Ask a patient back for another visit, or take that back.
    OfferFollowUp,
    /// See that a patient is asked back.
    ReadFollowUp,
    /// See what a visit costs and what was paid.
    ReadBill,
    /// Pay for a visit on the provider's page.
    PayVisit,
    /// Note money that was taken at the desk.
    TakePayment,
    /// Give money back.
    RefundPayment,
    /// See a hospital's payments, in lists and sums.
    ReadPayments,
    /// See the patients and visits of one's own account.
    ReadOwnAccount,
    /// Make, change and end the private address of one's own calendar.
    ManageCalendar,
    /// Read one's own visits by that address.
    ReadCalendar,
    /// See the sign-ins of one's own account, and prove anew who one is.
    ManageSignIns,
    /// End sign-ins of one's own account.
    EndSignIns,
    /// Look after how one signs in: password, address, codes of the phone, the list of passkeys.
    ManageCredentials,
    /// Add passkeys to one's own account, and take them away.
    ManagePasskeys,
    /// See for whom one acts, answer who asks for help, add a child, and stop helping.
    ManageFamily,
    /// Choose who acts for a patient, and what they may do.
    ManageHelpers,
    /// End that somebody acts for a patient.
    EndHelp,
    /// Give a child who is old enough an account of her own.
    HandOverPatient,
    /// Declare an emergency to see a patient whom one does not treat.
    DeclareEmergency,
    /// See who looked at a patient's record.
    ReadPatientAudit,
    /// Ask a hospital about an access to a patient's record.
    AskAboutAccess,
    /// Search a hospital's audit, see and review its emergencies, answer questions about accesses.
    ReadAudit,
    /// Take a hospital's audit away as a file.
    ExportAudit,
}

// A new one is added here too; without that it does not compile.
all_of! {
    Action:
    ManagePlatform,
    ManageHospital,
    ManageMembers,
    ChangeMembers,
    SetStaffPolicy,
    InviteMember,
    ManageDoctors,
    ManageHours,
    ReadStaffPages,
    ReadSchedule,
    ReadPatients,
    ReadPatient,
    BookAppointment,
    ReadAppointment,
    RunAppointment,
    CancelAppointment,
    RescheduleAppointment,
    CheckInOneself,
    ReadWall,
    ChangeManyVisits,
    JoinWaitlist,
    ReadWaitlist,
    AnswerOffer,
    LeaveWaitlist,
    OfferFollowUp,
    ReadFollowUp,
    ReadBill,
    PayVisit,
    TakePayment,
    RefundPayment,
    ReadPayments,
    ReadOwnAccount,
    ManageCalendar,
    ReadCalendar,
    ManageSignIns,
    EndSignIns,
    ManageCredentials,
    ManagePasskeys,
    ManageFamily,
    ManageHelpers,
    EndHelp,
    HandOverPatient,
    DeclareEmergency,
    ReadPatientAudit,
    AskAboutAccess,
    ReadAudit,
    ExportAudit,
}

impl Action {
    /// The code in the audit and in the registry.
    pub fn code(self) -> &'static str {
        match self {
            Self::ManagePlatform => "manage_platform",
            Self::ManageHospital => "manage_hospital",
            Self::ManageMembers => "manage_members",
            Self::ChangeMembers => "change_members",
            Self::SetStaffPolicy => "set_staff_policy",
            Self::InviteMember => "invite_member",
            Self::ManageDoctors => "manage_doctors",
            Self::ManageHours => "manage_hours",
            Self::ReadStaffPages => "read_staff_pages",
            Self::ReadSchedule => "read_schedule",
            Self::ReadPatients => "read_patients",
            Self::ReadPatient => "read_patient",
            Self::BookAppointment => "book_appointment",
            Self::ReadAppointment => "read_appointment",
            Self::RunAppointment => "run_appointment",
            Self::CancelAppointment => "cancel_appointment",
            Self::RescheduleAppointment => "reschedule_appointment",
            Self::CheckInOneself => "check_in_oneself",
            Self::ReadWall => "read_wall",
            Self::ChangeManyVisits => "change_many_visits",
            Self::JoinWaitlist => "join_waitlist",
            Self::ReadWaitlist => "read_waitlist",
            Self::AnswerOffer => "answer_offer",
            Self::LeaveWaitlist => "leave_waitlist",
            Self::OfferFollowUp => "offer_follow_up",
            Self::ReadFollowUp => "read_follow_up",
            Self::ReadBill => "read_bill",
            Self::PayVisit => "pay_visit",
            Self::TakePayment => "take_payment",
            Self::RefundPayment => "refund_payment",
            Self::ReadPayments => "read_payments",
            Self::ReadOwnAccount => "read_own_account",
            Self::ManageCalendar => "manage_calendar",
            Self::ReadCalendar => "read_calendar",
            Self::ManageSignIns => "manage_sign_ins",
            Self::EndSignIns => "end_sign_ins",
            Self::ManageCredentials => "manage_credentials",
            Self::ManagePasskeys => "manage_passkeys",
            Self::ManageFamily => "manage_family",
            Self::ManageHelpers => "manage_helpers",
            Self::EndHelp => "end_help",
            Self::HandOverPatient => "hand_over_patient",
            Self::DeclareEmergency => "declare_emergency",
            Self::ReadPatientAudit => "read_patient_audit",
            Self::AskAboutAccess => "ask_about_access",
            Self::ReadAudit => "read_audit",
            Self::ExportAudit => "export_audit",
        }
    }

    /// Whether the caller must have given her password or a code a short while ago: what a stranger at an open screen, or with a
    /// stolen cookie, must not be able to do. Changes of password, address and second factor carry the password with them.
    pub fn needs_proof(self) -> bool {
        match self {
            Self::ChangeMembers
            | Self::SetStaffPolicy
            | Self::InviteMember
            | Self::RefundPayment
            | Self::EndSignIns
            | Self::ManagePasskeys
            | Self::DeclareEmergency
            | Self::ManageHelpers
            | Self::HandOverPatient
            | Self::ExportAudit => true,
            Self::ManagePlatform
            | Self::ManageHospital
            | Self::ManageMembers
            | Self::ManageDoctors
            | Self::ManageHours
            | Self::ReadStaffPages
            | Self::ReadSchedule
            | Self::ReadPatients
            | Self::ReadPatient
            | Self::BookAppointment
            | Self::ReadAppointment
            | Self::RunAppointment
            | Self::CancelAppointment
            | Self::RescheduleAppointment
            | Self::CheckInOneself
            | Self::ReadWall
            | Self::ChangeManyVisits
            | Self::JoinWaitlist
            | Self::ReadWaitlist
            | Self::AnswerOffer
            | Self::LeaveWaitlist
            | Self::OfferFollowUp
            | Self::ReadFollowUp
            | Self::ReadBill
            | Self::PayVisit
            | Self::TakePayment
            | Self::ReadPayments
            | Self::ReadOwnAccount
            | Self::ManageCalendar
            | Self::ReadCalendar
            | Self::ManageSignIns
            | Self::ManageCredentials
            | Self::ManageFamily
            | Self::EndHelp
            | Self::ReadPatientAudit
            | Self::AskAboutAccess
            | Self::ReadAudit => false,
        }
    }

    /// Reads a code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.code() == code)
    }
}
