//! The actions as types, and what each can be done to; a pair that is not here cannot be authorised.
//!
//! Who may do them is `domain::access`' business.

use domain::access::Action;

use super::{ActionOn, OfAccount, OfDoctor, OfHospital, OfPatient, OfPlatform, OfSeat};

macro_rules! actions {
    ($($name:ident on $($resource:ty),+;)*) => {$(
        #[doc = concat!("The action `", stringify!($name), "` as a type.")]
        pub(crate) struct $name;
        $(impl ActionOn<$resource> for $name {
            const ACTION: Action = Action::$name;
        })+
    )*};
}

actions! {
    ManagePlatform on OfPlatform;
    ManageHospital on OfHospital;
    ManageMembers on OfHospital;
    ChangeMembers on OfHospital;
    SetStaffPolicy on OfHospital;
    InviteMember on OfSeat;
    ManageDoctors on OfHospital, OfDoctor;
    ManageHours on OfDoctor;
    ReadStaffPages on OfHospital;
    ReadSchedule on OfHospital;
    ReadPatients on OfHospital;
    ReadPatient on OfPatient;
    BookAppointment on OfPatient, crate::follow_ups::TicketRow;
    ReadAppointment on crate::appointments::AppointmentRow;
    ChangeManyVisits on OfDoctor, crate::changes::ChangeRow;
    JoinWaitlist on OfPatient;
    AnswerOffer on crate::waitlist::EntryRow;
    LeaveWaitlist on crate::waitlist::EntryRow;
    ReadWaitlist on OfHospital;
    ReadWall on OfHospital;
    OfferFollowUp on crate::appointments::AppointmentRow, crate::follow_ups::TicketRow;
    ReadFollowUp on crate::appointments::AppointmentRow, crate::follow_ups::TicketRow;
    ReadBill on crate::appointments::AppointmentRow;
    PayVisit on crate::appointments::AppointmentRow;
    TakePayment on crate::appointments::AppointmentRow;
    RefundPayment on crate::appointments::AppointmentRow;
    ReadPayments on OfHospital;
    ReadOwnAccount on OfAccount;
    ManageCalendar on OfAccount;
    ManageSignIns on OfAccount;
    EndSignIns on OfAccount;
    ManageCredentials on OfAccount;
    ManagePasskeys on OfAccount;
    ManageFamily on OfAccount;
    ManageHelpers on OfPatient;
    EndHelp on OfPatient;
    HandOverPatient on OfPatient;
    DeclareEmergency on OfHospital;
    ReadPatientAudit on OfPatient;
    AskAboutAccess on OfPatient;
    ReadAudit on OfHospital;
    ExportAudit on OfHospital;
}
