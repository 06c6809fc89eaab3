//! Invitations: an administrator asks somebody in, whoever holds the link's secret accepts. Until then it can be taken back.
//!
//! An address that somebody has confirmed must be signed in with her account to accept: nobody takes her place by an invitation.

use domain::{
    Call, Error as Refusal,
    access::{Action, Principal, Role},
    accounts::{AcceptInvitation, Invitation, InviteMember},
    error::Findings,
    ids::{HospitalId, InvitationId, MembershipId},
    text,
};

use super::{
    AccountService, members,
    store::{self, invitations::Asked},
};
use crate::{
    access::{self, Authorized, ChangeMembers, OfHospital, OfSeat},
    audit::{self, Entry},
    credentials::links,
    db::Reach,
    error::{Error, Result},
    idempotency::{self, Keyed},
    mail::{self, Letter},
    secrets,
};

/// A place that the caller may ask somebody into.
pub(super) type Seat = Authorized<access::InviteMember, OfSeat>;

impl AccountService {
    pub(super) async fn ask_in(&self, call: &Call, command: InviteMember) -> Result<Invitation> {
        let hospital = command.hospital_id;
        let principal = call.actor.signed_in()?;
        let snapshot = self.core.directory.snapshot(&self.core).await?;
        if !snapshot.hospitals.contains_key(&hospital) {
            return Err(Refusal::NotFound.into());
        }
        let leaderless = {
            let mut conn = self.core.db.read(&Reach::house("the decision on inviting looks at it")).await?;
            !store::has_administrator(&mut conn, hospital).await?
        };
        let seat = OfSeat { hospital, role: command.role, leaderless };
        let seat: Authorized<access::InviteMember, _> = self.core.authorize(call, seat).await?;
        let mut findings = Findings::new();
        let email = findings.take("email", text::email(&command.email)).unwrap_or_default();
        let is_doctor = command.role == Role::Doctor;
        // It would only change her own role.
        findings.require(email != principal.email, "email", "email_own");
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

    /// A repeated request is answered alike: the secret belongs to the invitation.
    async fn keep(&self, seat: &Seat, asked: Asked, keyed: Option<Keyed>) -> Result<Invitation> {
        let (now, hospital, place) = (self.core.now_ms(), seat.object().hospital, seat.clone());
        let hash = secrets::hash(&links::invitation_secret(&self.core, asked.id.0));
        let letter = mail::draft(&self.core, &asked.email, Letter::Invitation { invitation: asked.id.0 });
        let (post, proven) = (letter, self.core.proven);
        let id = self
            .core
            .change(seat, move |conn| {
                let (seat, asked) = (place.clone(), asked.clone());
                let (hash, keyed, letter) = (hash.clone(), keyed.clone(), post.clone());
                Box::pin(async move {
                    let id = asked.id;
                    if let Some(earlier) = idempotency::earlier_or(conn, keyed.as_ref(), id.0, now).await? {
                        return Ok(InvitationId(earlier));
                    }
                    store::invitations::insert(conn, &seat, asked, hash, now).await?;
                    if !proven {
                        mail::post(conn, &letter).await?;
                    }
                    Ok(id)
                })
            })
            .await?;
        self.core.mail.wake();
        let mut conn = self.core.db.read(seat.reach()).await?;
        let rows = store::invitations::open_of(&mut conn, hospital, now).await?;
        let row = rows.into_iter().find(|row| row.id == id.0).ok_or(Refusal::NotFound)?;
        row.view(Some(links::invitation_secret(&self.core, id.0)))
    }

    /// Any administrator does, since whoever has invited may have left. Who has come already is a member, and is suspended.
    pub(super) async fn take_back(
        &self,
        call: &Call,
        hospital: HospitalId,
        invitation: InvitationId,
    ) -> Result<()> {
        let here: Authorized<ChangeMembers, _> = self.core.authorize(call, OfHospital(hospital)).await?;
        let (proof, now) = (here.clone(), self.core.now_ms());
        self.core
            .change(&proof, move |conn| {
                let here = here.clone();
                Box::pin(async move {
                    // The invitation first, as whoever accepts it: held the other way round, each could wait for the other.
                    if !store::invitations::end(conn, &here, invitation, now).await? {
                        return Err(Error::from(Refusal::NotFound));
                    }
                    members::hold(conn, &here).await
                })
            })
            .await
    }

    pub(super) async fn read_invitation(&self, token: &str) -> Result<Invitation> {
        let mut conn = self.core.db.read(&Reach::house("the secret of the invitation is the proof")).await?;
        let row = store::invitations::find(&mut conn, &secrets::hash(token), self.core.now_ms())
            .await?
            .ok_or(Refusal::NotFound)?;
        row.view(None)
    }

    pub(super) async fn accept(&self, call: &Call, command: AcceptInvitation) -> Result<Principal> {
        let invitation = self.read_invitation(&command.token).await?;
        let (id, new) = match call.actor.principal() {
            // Whoever only claims the address does not come in its owner's place.
            Some(principal)
                if principal.email == invitation.email && (principal.verified || !invitation.has_account) =>
            {
                (principal.account_id, None)
            }
            Some(_) => return Err(Refusal::Forbidden.into()),
            None if invitation.has_account => return Err(Refusal::Unauthenticated.into()),
            None => {
                let new = self.invited_account(&invitation, &command).await?;
                (new.id, Some(new))
            }
        };
        let letter = new.as_ref().map(|new| self.confirmation(new, String::new()));
        let (hash, now) = (secrets::hash(&command.token), self.core.now_ms());
        let membership = MembershipId(self.core.new_id());
        self.core
            .db
            .write(&Reach::house("the secret of the invitation is the proof"), move |conn| {
                let (hash, new, letter) = (hash.clone(), new.clone(), letter.clone());
                Box::pin(async move {
                    // Read again in the transaction: a link works once.
                    let row = store::invitations::find(conn, &hash, now).await?.ok_or(Refusal::NotFound)?;
                    if !store::invitations::use_up(conn, row.id, now).await?
                        || !store::invitations::still_stands(conn, row.id).await?
                    {
                        return Err(Refusal::NotFound.into());
                    }
                    if let Some(new) = new {
                        store::insert(conn, new, now).await?;
                    }
                    if let Some(letter) = letter.flatten() {
                        mail::post(conn, &letter).await?;
                    }
                    store::insert_membership(conn, membership, id, &row, now).await?;
                    // Without it nothing would tell since when somebody may do what a member may.
                    let joined = Entry::by_link(id, Action::InviteMember, now).at(row.hospital_id.into());
                    audit::append(conn, joined).await
                })
            })
            .await?;
        self.core.mail.wake();
        Ok(self.load(id).await?.ok_or(Refusal::NotFound)?)
    }

    /// The address is the one that the hospital names; that it is this person's is confirmed later, as everybody's.
    async fn invited_account(
        &self,
        invitation: &Invitation,
        command: &AcceptInvitation,
    ) -> Result<store::NewAccount> {
        let mut findings = Findings::new();
        let full_name =
            findings.take("full_name", text::required(&command.full_name, 120)).unwrap_or_default();
        let known = [invitation.email.as_str(), &full_name, &invitation.hospital_name];
        findings.take("password", self.new_password(&command.password, &known));
        findings.finish()?;
        self.new_account(invitation.email.clone(), full_name, command.password.clone(), false).await
    }
}
