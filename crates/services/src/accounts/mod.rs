//! Accounts: signing up, checking passwords, members.
//!
//! Web sessions are in `sessions`, tokens in `sign_ins`; cookies and headers are the server's.

mod invitations;
mod members;
mod recognise;
mod staff_policy;
mod store;

pub(crate) use store::{
    colleagues,
    invitations::{end_made_since as end_invitations_since, end_to as end_invitations_to},
};

use async_trait::async_trait;
use domain::{
    Call,
    access::{Acting, Membership, Principal, Role},
    accounts::{
        AcceptInvitation, Accounts, Entry, Invitation, InviteMember, MemberState, Members, OwnPatient,
        Passed, RegisterPatient, Registered, SignIn, StaffPolicy, Step,
    },
    error::Findings,
    family::Permissions,
    ids::{AccountId, DoctorId, HospitalId, InvitationId, MembershipId, PasskeyId, PatientId},
    text,
    time::parse_date,
};

use crate::{
    access::{Authorized, ManageMembers, OfAccount, OfHospital, ReadOwnAccount},
    core::{Core, instant},
    db::Reach,
    emergencies,
    error::{Error, Result},
    family,
    mail::{self, Draft, Letter},
    passwords::rules,
    second_factors,
    seed::DEMO_PLATFORM,
};

/// A hospital whose members the caller manages.
type Managed = Authorized<ManageMembers, OfHospital>;
/// The longest path that a mail leads back to.
pub(crate) const LONGEST_PATH: usize = 500;

/// The service.
pub(crate) struct AccountService {
    core: Core,
}

impl AccountService {
    pub(crate) fn new(core: Core) -> Self {
        Self { core }
    }

    async fn register(&self, command: RegisterPatient) -> Result<Registered> {
        let today = self.core.clock.now().to_zoned(jiff::tz::TimeZone::UTC).date();
        let mut findings = Findings::new();
        // In the order in which people are asked: the summary of what is wrong keeps it.
        let full_name =
            findings.take("full_name", text::required(&command.full_name, 120)).unwrap_or_default();
        // Somewhere on earth it is already tomorrow.
        let latest = domain::time::plus_days(today, 1);
        let born = findings.take("birth_date", text::birth_date(&command.birth_date, latest));
        let email = findings.take("email", text::email(&command.email)).unwrap_or_default();
        findings.take("password", self.new_password(&command.password, &[&email, &full_name]));
        findings.finish()?;
        let account = self.new_account(email.clone(), full_name.clone(), command.password, false).await?;
        let letter = self.confirmation(&account, command.next);
        let account_id = account.id;
        let patient_id = PatientId(self.core.new_id());
        let patient = store::NewPatient {
            id: patient_id,
            search_name: text::search_form(&full_name),
            full_name: full_name.clone(),
            birth_date: born.map(|date| date.to_string()).unwrap_or_default(),
        };
        let now = self.core.now_ms();
        self.core
            .db
            .write(&Reach::house("somebody signs up"), move |conn| {
                let (account, patient, letter) = (account.clone(), patient.clone(), letter.clone());
                Box::pin(async move {
                    store::insert(conn, account, now).await?;
                    store::insert_patient(conn, account_id, patient, now).await?;
                    if let Some(letter) = letter {
                        mail::post(conn, &letter).await?;
                    }
                    Ok(())
                })
            })
            .await?;
        self.core.mail.wake();
        Ok(Registered { account_id, patient_id, email, full_name })
    }

    async fn new_account(
        &self,
        email: String,
        full_name: String,
        password: String,
        platform_admin: bool,
    ) -> Result<store::NewAccount> {
        let password_hash = self.core.passwords.hash(password, self.core.random.clone()).await?;
        Ok(store::NewAccount {
            id: AccountId(self.core.new_id()),
            email,
            password_hash,
            full_name,
            platform_admin,
            // Whoever makes administrators has the server in hand.
            verified: platform_admin || self.core.proven,
        })
    }

    /// The letter that asks the owner of an address to confirm it; none where that is not asked.
    fn confirmation(&self, account: &store::NewAccount, next: String) -> Option<Draft> {
        // A path that is longer than any of ours leads nowhere.
        let next = if next.len() <= LONGEST_PATH { next } else { String::new() };
        let letter = Letter::Confirm { account: account.id.0, next };
        (!account.verified).then(|| mail::draft(&self.core, &account.email, letter))
    }

    /// Whether a password may be chosen by whom these words are known of. The demo's is known to everybody on purpose.
    pub(crate) fn new_password(&self, password: &str, known: &[&str]) -> Result<(), &'static str> {
        if self.core.proven { Ok(()) } else { rules::check(password, known) }
    }

    /// Makes an administrator of the platform, for whoever runs the server.
    pub(crate) async fn create_platform_admin(
        &self,
        email: &str,
        full_name: &str,
        password: &str,
    ) -> Result<AccountId> {
        let mut findings = Findings::new();
        let email = findings.take("email", text::email(email)).unwrap_or_default();
        let full_name = findings.take("full_name", text::required(full_name, 120)).unwrap_or_default();
        findings.take("password", self.new_password(password, &[&email, &full_name]));
        findings.finish()?;
        let account = self.new_account(email, full_name, password.to_owned(), true).await?;
        let (id, now) = (account.id, self.core.now_ms());
        self.core
            .db
            .write(&Reach::house("whoever has the server in hand"), move |conn| {
                Box::pin(store::insert(conn, account.clone(), now))
            })
            .await?;
        Ok(id)
    }

    /// Whether an address has an account.
    pub(crate) async fn exists(&self, email: &str) -> Result<bool> {
        let mut conn = self.core.db.read(&Reach::house("whoever has the server in hand")).await?;
        Ok(store::find_by_email(&mut conn, email).await?.is_some())
    }

    /// Patients whom the caller owns, and those for whom she may do something today.
    pub(crate) async fn patients(&self, call: &Call) -> Result<Vec<OwnPatient>> {
        let own: Authorized<ReadOwnAccount, _> = self.core.authorize(call, OfAccount::own(call)?).await?;
        let rows = {
            let mut conn = self.core.db.read(own.reach()).await?;
            store::own_patients(&mut conn, &own, family::today(&self.core)).await?
        };
        let rows = self.core.open(&own, rows).await?;
        rows.into_iter()
            .map(|(row, permissions)| {
                Ok(OwnPatient {
                    id: PatientId(row.id),
                    full_name: row.full_name,
                    birth_date: parse_date(&row.birth_date).map_err(Error::Stored)?,
                    relation: row.terms.relation,
                    permissions,
                })
            })
            .collect()
    }
}

/// An account with everything that gives it rights.
async fn complete(
    core: &Core,
    conn: &mut crate::db::Conn,
    found: store::FoundRow,
    passkey: Option<PasskeyId>,
) -> Result<Principal> {
    let now = core.now_ms();
    let store::FoundRow { account: row, only_patient, employed } = found;
    let account_id = AccountId(row.id);
    let today = instant(now)?.to_zoned(jiff::tz::TimeZone::UTC).date();
    let (patients, acting) = match only_patient {
        Some(own) => (vec![PatientId(own)], Vec::new()),
        None => minded(store::patients(conn, account_id).await?, today)?,
    };
    let rows = if employed { store::memberships(conn, account_id).await? } else { Vec::new() };
    // The demo's login stands in the manual.
    let exempt = core.proven || core.platform_password_alone || row.email == DEMO_PLATFORM;
    let of_platform = row.platform_admin && !exempt;
    let asked = of_platform || rows.iter().any(|row| row.staff_second_factor);
    let lacks = asked && !second_factors::is_shown(conn, account_id, passkey).await?;
    let platform_held_back = of_platform && lacks;
    let (held_back, memberships): (Vec<_>, Vec<_>) =
        rows.into_iter().partition(|row| lacks && row.staff_second_factor);
    let emergencies = if memberships.iter().any(|row| row.doctor_id.is_some()) {
        emergencies::lasting(conn, account_id, now).await?
    } else {
        Vec::new()
    };
    Ok(Principal {
        account_id,
        full_name: row.full_name,
        email: row.email,
        verified: row.verified_at.is_some(),
        patients,
        acting,
        memberships: memberships.into_iter().map(membership).collect::<Result<_>>()?,
        held_back: held_back.into_iter().map(membership).collect::<Result<_>>()?,
        platform_admin: row.platform_admin && !platform_held_back,
        platform_held_back,
        emergencies,
        session_epoch: row.session_epoch,
    })
}

fn membership(row: store::MembershipRow) -> Result<Membership> {
    Ok(Membership {
        id: MembershipId(row.id),
        hospital_id: HospitalId(row.hospital_id),
        hospital_name: row.hospital_name,
        role: Role::parse(&row.role).map_err(Error::Stored)?,
        doctor_id: row.doctor_id.map(DoctorId),
    })
}

/// The patients that an account owns, and those for whom it acts today.
fn minded(rows: Vec<store::PatientRow>, today: jiff::civil::Date) -> Result<(Vec<PatientId>, Vec<Acting>)> {
    let (mut patients, mut acting) = (Vec::new(), Vec::new());
    for row in rows {
        let patient_id = PatientId(row.id);
        let Some(arrangement) = row.terms.arrangement()? else {
            patients.push(patient_id);
            continue;
        };
        let born = parse_date(&row.birth_date).map_err(Error::Stored)?;
        let permissions = arrangement.on(born, today);
        let hands_over = arrangement.hands_over(born, today) && !row.owned;
        if permissions != Permissions::NONE || hands_over {
            acting.push(Acting {
                patient_id,
                full_name: row.full_name,
                relation: arrangement.relation,
                permissions,
                guards: arrangement.guards(born, today),
                hands_over,
            });
        }
    }
    Ok((patients, acting))
}

/// What letters need of an account.
pub(crate) struct Brief {
    pub(crate) email: String,
    pub(crate) verified_at: Option<i64>,
}

/// An account, as letters need it.
pub(crate) async fn brief(core: &Core, account: uuid::Uuid) -> Result<Option<Brief>> {
    brief_within(&mut core.db.read(&Reach::house("a letter is written")).await?, account).await
}

/// The same in the transaction of the letter's cause.
pub(crate) async fn brief_within(conn: &mut crate::db::Conn, account: uuid::Uuid) -> Result<Option<Brief>> {
    let row = store::find(conn, AccountId(account)).await?;
    Ok(row.map(|row| Brief { email: row.account.email, verified_at: row.account.verified_at }))
}

/// Whoever has confirmed an address.
pub(crate) async fn verified(core: &Core, email: &str) -> Result<Option<uuid::Uuid>> {
    let mut conn = core.db.read(&Reach::house("a letter is written")).await?;
    Ok(store::find_by_email(&mut conn, email).await?.map(|row| row.id))
}

/// An invitation that can still be accepted.
pub(crate) async fn open_invitation(core: &Core, id: uuid::Uuid) -> Result<Option<Invitation>> {
    let mut conn = core.db.read(&Reach::house("a letter is written")).await?;
    store::invitations::open(&mut conn, id, core.now_ms()).await?.map(|row| row.view(None)).transpose()
}

#[async_trait]
impl Accounts for AccountService {
    async fn register_patient(&self, _call: &Call, command: RegisterPatient) -> domain::Result<Registered> {
        Ok(self.register(command).await?)
    }

    async fn sign_in(&self, command: SignIn, marks: &str) -> domain::Result<Step> {
        let principal = self.check(command, marks).await?;
        Ok(self.next_step(principal, marks).await?)
    }

    async fn step(&self, who: Principal, marks: &str) -> domain::Result<Step> {
        Ok(self.next_step(who, marks).await?)
    }

    async fn give_code(&self, passed: Passed, code: &str, marks: &str) -> domain::Result<Entry> {
        Ok(self.finish(passed, code, marks).await?)
    }

    async fn principal(&self, account: AccountId) -> domain::Result<Option<Principal>> {
        Ok(self.load(account).await?)
    }

    async fn principal_by(
        &self,
        account: AccountId,
        passkey: Option<PasskeyId>,
    ) -> domain::Result<Option<Principal>> {
        Ok(self.load_by(account, passkey).await?)
    }

    async fn own_patients(&self, call: &Call) -> domain::Result<Vec<OwnPatient>> {
        Ok(self.patients(call).await?)
    }

    async fn invite(&self, call: &Call, command: InviteMember) -> domain::Result<Invitation> {
        Ok(self.ask_in(call, command).await?)
    }

    async fn invitation(&self, token: &str) -> domain::Result<Invitation> {
        Ok(self.read_invitation(token).await?)
    }

    async fn accept_invitation(&self, call: &Call, command: AcceptInvitation) -> domain::Result<Principal> {
        Ok(self.accept(call, command).await?)
    }

    async fn withdraw_invitation(
        &self,
        call: &Call,
        hospital: HospitalId,
        invitation: InvitationId,
    ) -> domain::Result<()> {
        Ok(self.take_back(call, hospital, invitation).await?)
    }

    async fn members(&self, call: &Call, hospital: HospitalId) -> domain::Result<Members> {
        Ok(self.list_members(call, hospital).await?)
    }

    async fn set_member_state(
        &self,
        call: &Call,
        hospital: HospitalId,
        member: MembershipId,
        state: MemberState,
    ) -> domain::Result<Members> {
        Ok(self.change_member(call, hospital, member, state).await?)
    }

    async fn staff_policy(&self, call: &Call, hospital: HospitalId) -> domain::Result<StaffPolicy> {
        Ok(self.read_staff_policy(call, hospital).await?)
    }

    async fn set_staff_policy(
        &self,
        call: &Call,
        hospital: HospitalId,
        policy: StaffPolicy,
    ) -> domain::Result<StaffPolicy> {
        Ok(self.change_staff_policy(call, hospital, policy).await?)
    }
}
