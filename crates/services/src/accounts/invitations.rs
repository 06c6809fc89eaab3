//! Invitations: an administrator asks somebody in, whoever holds the link's secret accepts.
//!
//! An address that has an account must sign in to accept: nobody takes it over by an invitation.

use domain::{
    Call, Error as Refusal,
    access::{Principal, Role},
    accounts::{AcceptInvitation, Invitation, InviteMember},
    error::Findings,
    ids::{InvitationId, MembershipId},
    text,
};

use super::{
    AccountService,
    store::{self, invitations::Asked},
};
use crate::{
    access::{self, Authorized, OfSeat},
    error::Result,
    idempotency::{self, Keyed},
    secrets,
};

/// A place that the caller may ask somebody into.
pub(super) type Seat = Authorized<access::InviteMember, OfSeat>;

impl AccountService {
    pub(super) async fn ask_in(&self, call: &Call, command: InviteMember) -> Result<Invitation> {
        let hospital = command.hospital_id;
        call.actor.signed_in()?;
        let snapshot = self.core.directory.snapshot(&self.core).await?;
        if !snapshot.hospitals.contains_key(&hospital) {
            return Err(Refusal::NotFound.into());
        }
        let leaderless = {
            let mut conn = self.core.db.read().await?;
            !store::has_administrator(&mut conn, hospital).await?
        };
        let seat = OfSeat { hospital, role: command.role, leaderless };
        let seat: Authorized<access::InviteMember, _> = self.core.authorize(call, seat).await?;
        let mut findings = Findings::new();
        let email = findings.take("email", text::email(&command.email)).unwrap_or_default();
        let is_doctor = command.role == Role::Doctor;
        findings.require(
            is_doctor == command.doctor_id.is_some(),
            "doctor_id",
            if is_doctor { "required" } else { "doctor_not_expected" },
        );
        if let Some(doctor) = command.doctor_id {
            let here = snapshot.doctors.get(&doctor).is_some_and(|entry| entry.hospital.id == hospital);
            findings.require(here, "doctor_id", "doctor_unknown");
        }
        findings.finish()?;
        let keyed = Keyed::of(call, "invite_member", &command)?;
        let id = InvitationId(self.core.new_id());
        let asked = Asked { id, email, doctor: command.doctor_id };
        self.keep(&seat, asked, keyed).await
    }

    /// A repeated request gets a fresh secret for the same invitation: the first answer, with the only copy, was lost.
    async fn keep(&self, seat: &Seat, asked: Asked, keyed: Option<Keyed>) -> Result<Invitation> {
        let token = secrets::token(&*self.core.random);
        let (hash, now) = (secrets::hash(&token), self.core.now_ms());
        let (hospital, place) = (seat.object().hospital, seat.clone());
        let id = self
            .core
            .change(seat, move |conn| {
                let (seat, asked) = (place.clone(), asked.clone());
                let (hash, keyed) = (hash.clone(), keyed.clone());
                Box::pin(async move {
                    if let Some(earlier) = idempotency::earlier(conn, keyed.as_ref()).await? {
                        store::invitations::set_secret(conn, InvitationId(earlier), hash).await?;
                        return Ok(InvitationId(earlier));
                    }
                    let id = asked.id;
                    idempotency::remember(conn, keyed.as_ref(), id.0, now).await?;
                    store::invitations::insert(conn, &seat, asked, hash, now).await?;
                    Ok(id)
                })
            })
            .await?;
        let mut conn = self.core.db.read().await?;
        let rows = store::invitations::open_of(&mut conn, hospital, now).await?;
        let row = rows.into_iter().find(|row| row.id == id.0).ok_or(Refusal::NotFound)?;
        row.view(Some(token))
    }

    pub(super) async fn read_invitation(&self, token: &str) -> Result<Invitation> {
        let mut conn = self.core.db.read().await?;
        let row = store::invitations::find(&mut conn, &secrets::hash(token), self.core.now_ms())
            .await?
            .ok_or(Refusal::NotFound)?;
        row.view(None)
    }

    pub(super) async fn accept(&self, call: &Call, command: AcceptInvitation) -> Result<Principal> {
        let invitation = self.read_invitation(&command.token).await?;
        let (id, new) = match call.actor.principal() {
            Some(principal) if principal.email == invitation.email => (principal.account_id, None),
            Some(_) => return Err(Refusal::Forbidden.into()),
            None if invitation.has_account => return Err(Refusal::Unauthenticated.into()),
            None => {
                let new = self.invited_account(&invitation.email, &command).await?;
                (new.id, Some(new))
            }
        };
        let (hash, now) = (secrets::hash(&command.token), self.core.now_ms());
        let membership = MembershipId(self.core.new_id());
        self.core
            .db
            .write(move |conn| {
                let (hash, new) = (hash.clone(), new.clone());
                Box::pin(async move {
                    // Read again in the transaction: a link works once.
                    let row = store::invitations::find(conn, &hash, now).await?.ok_or(Refusal::NotFound)?;
                    if let Some(new) = new {
                        store::insert(conn, new, now).await?;
                    }
                    store::insert_membership(conn, membership, id, &row, now).await?;
                    store::invitations::use_up(conn, row.id, now).await
                })
            })
            .await?;
        Ok(self.load(id).await?.ok_or(Refusal::NotFound)?)
    }

    async fn invited_account(&self, email: &str, command: &AcceptInvitation) -> Result<store::NewAccount> {
        let mut findings = Findings::new();
        let full_name =
            findings.take("full_name", text::required(&command.full_name, 120)).unwrap_or_default();
        findings.take("password", text::new_password(&command.password, email));
        findings.finish()?;
        self.new_account(email.to_owned(), full_name, command.password.clone(), false).await
    }
}
