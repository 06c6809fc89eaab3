//! The house: opens the database, builds the services on it, and closes everything again.
//!
//! Edges get `domain::Services` from here and see nothing else of this crate but sessions.

use std::{
    collections::BTreeMap,
    path::PathBuf,
    sync::{Arc, OnceLock},
    time::Duration,
};

use domain::{Services, ids::AccountId};
use uuid::Uuid;

use crate::{
    accounts::AccountService,
    appointments::AppointmentService,
    audit::{self, AuditReport, AuditService},
    availability::AvailabilityService,
    calendars::CalendarService,
    changes::ChangeService,
    core::Core,
    credentials::{self, CredentialService},
    db::{self, OpenError},
    directory::{self, Directory},
    doctors::DoctorService,
    edition::Edition,
    emergencies::EmergencyService,
    family::{self, FamilyService},
    follow_ups::FollowUpService,
    fsck::{self, FsckReport},
    history::{self, KeptTime, TakenPlace, TakenStep},
    hospitals::HospitalService,
    hub::Hub,
    mail::{self, Mail, MailSettings},
    outside::{
        clock::{Clock, SystemClock},
        random::{Random, SystemRandom},
    },
    passkeys::PasskeyService,
    passwords::{PasswordCost, Passwords},
    payments::{self, Cashier, PaymentService, PaymentSettings},
    pepper::Pepper,
    queues::QueueService,
    resources::ResourceService,
    second_factors::SecondFactorService,
    seed::{
        self, SeedReport,
        bulk::{self, BulkSize},
    },
    series::SeriesService,
    sessions::Sessions,
    sign_ins::{Ended, SignInService},
    waitlist::{self, WaitlistService},
};

/// How often what has ended is removed.
const SWEEP_EVERY: Duration = Duration::from_mins(10);

/// Where the data are.
#[derive(Clone, Default)]
pub struct Settings {
    /// Folder for SQLite's file and its lock; unused with PostgreSQL.
    pub data_dir: PathBuf,
    /// Address of a PostgreSQL database.
    pub database_url: Option<String>,
    /// Connections to PostgreSQL; 0 for the default.
    pub max_connections: u32,
    /// Whether there are limits on what one person does: visits booked by herself, emergencies, tries of passwords. Off for
    /// measurements only.
    pub limits: bool,
    /// How mail leaves.
    pub mail: MailSettings,
    /// Where visits are paid for.
    pub payments: PaymentSettings,
    /// Where they were paid for before, while money may still be there that is to be taken or sent back.
    pub payments_before: PaymentSettings,
    /// The key that passwords are peppered with; without one it is kept in the data folder.
    pub pepper: Option<String>,
    /// The key before it, while there are passwords from its time.
    pub pepper_before: Option<String>,
    /// The address that people type, such as `https://care.example`, to which browsers bind passkeys; empty for none.
    pub passkey_origin: String,
    /// How much hashing a password costs.
    pub password_cost: PasswordCost,
    /// Whether platform administrators have their rights without a second factor. For tests only.
    pub platform_password_alone: bool,
}

/// The open house.
pub struct House {
    /// What the system can do.
    pub services: Services,
    /// Web sessions.
    pub sessions: Sessions,
    core: Core,
    sweeper: tokio::task::JoinHandle<()>,
    postman: OnceLock<tokio::task::JoinHandle<()>>,
    teller: OnceLock<tokio::task::JoinHandle<()>>,
    relay: OnceLock<tokio::task::JoinHandle<()>>,
    usher: OnceLock<tokio::task::JoinHandle<()>>,
}

impl House {
    /// Opens the house on the system's clock. The schema is brought up to date by [`House::migrate`].
    pub async fn open(settings: Settings) -> Result<Self, OpenError> {
        Self::open_with(settings, Arc::new(SystemClock)).await
    }

    /// Opens the house on a given clock.
    pub async fn open_with(settings: Settings, clock: Arc<dyn Clock>) -> Result<Self, OpenError> {
        let directory = Arc::new(Directory::default());
        let ended = Arc::new(Ended::default());
        let hub = Hub::new(directory.clone(), ended.clone());
        let url = settings.database_url.as_deref();
        let db = db::open(&settings.data_dir, url, settings.max_connections, hub).await?;
        let random: Arc<dyn Random> = Arc::new(SystemRandom);
        let (given, before) = (settings.pepper.as_deref(), settings.pepper_before.as_deref());
        let pepper = Arc::new(Pepper::open(given, before, &settings.data_dir, &*random)?);
        let passwords = Passwords::new(settings.password_cost, pepper.clone(), &*random)
            .map_err(|e| OpenError::Unreachable(e.to_string()))?;
        let mail = Arc::new(Mail::new(&settings.mail, &settings.data_dir)?);
        let cashier =
            Arc::new(Cashier::new(&settings.payments, &settings.payments_before, &settings.mail.origin)?);
        let core = Core {
            db,
            cashier,
            freed: Arc::default(),
            known: Arc::default(),
            contests: Arc::default(),
            pepper,
            mail,
            proven: false,
            platform_password_alone: settings.platform_password_alone,
            clock,
            random,
            passwords: Arc::new(passwords),
            directory,
            ended,
            denials: Arc::default(),
            limits: settings.limits,
            passkey_origin: settings.passkey_origin,
        };
        let sessions = Sessions::new(core.clone());
        let sweeper = tokio::spawn(sweep(core.clone(), sessions.clone()));
        Ok(Self {
            services: services(&core),
            sessions,
            core,
            sweeper,
            postman: OnceLock::new(),
            teller: OnceLock::new(),
            relay: OnceLock::new(),
            usher: OnceLock::new(),
        })
    }

    /// Begins to send mail, and goes on until the house is closed.
    pub fn send_mail(&self) {
        self.postman.get_or_init(|| tokio::spawn(mail::run(self.core.clone())));
    }

    /// Begins to settle payments and to give back times that are held no longer, and goes on until the house is closed.
    pub fn settle_payments(&self) {
        self.teller.get_or_init(|| tokio::spawn(payments::run(self.core.clone())));
    }

    /// Begins to offer times that come free to those who wait, and goes on until the house is closed.
    pub fn offer_freed_times(&self) {
        self.relay.get_or_init(|| tokio::spawn(waitlist::run(self.core.clone())));
    }

    /// Begins to read the next free times of doctors ahead of those who search, and goes on until the house is closed.
    pub fn look_ahead(&self) {
        self.usher.get_or_init(|| tokio::spawn(directory::times::keep_fresh(self.core.clone())));
    }

    /// Offers what is free now to those who wait; returns how many offers were made. For tests, which cannot wait.
    #[doc(hidden)]
    pub async fn offer_due(&self) -> domain::Result<usize> {
        Ok(waitlist::offer_due(&self.core).await?)
    }

    /// Settles what is due now, and gives back what is held no longer; returns how much there was. For tests, which cannot wait.
    #[doc(hidden)]
    pub async fn settle_due(&self) -> domain::Result<usize> {
        Ok(payments::settle_due(&self.core).await?)
    }

    /// Grows with every change that may be one of a public page, on whatever node it was made.
    pub fn edition(&self) -> Edition {
        self.core.db.hub().edition().clone()
    }

    /// The headers that matter of a notice of a payment provider, in lower case.
    pub fn notice_headers(&self, provider: &str) -> &'static [&'static str] {
        self.core.cashier.signs_with(provider)
    }

    /// Where the pages of payment providers live, for the page that leads there.
    pub fn payment_pages(&self) -> Vec<String> {
        self.core.cashier.page_origins()
    }

    /// Sends the mail that is due now; returns how many letters there were. For tests, which cannot wait.
    #[doc(hidden)]
    pub async fn deliver_mail(&self) -> domain::Result<usize> {
        Ok(mail::deliver_all(&self.core).await?)
    }

    /// How many hashes were computed to check passwords: the same number, whoever asks for whom. For tests.
    #[doc(hidden)]
    pub fn password_checks(&self) -> u64 {
        self.core.passwords.checks()
    }

    /// How often the next free times of a doctor were read from the database: once, however many search. For tests.
    #[doc(hidden)]
    pub fn times_read(&self) -> u64 {
        self.core.directory.times_read()
    }

    /// Removes what has ended. It happens by itself; this is for tests, which cannot wait.
    #[doc(hidden)]
    pub async fn sweep(&self) -> domain::Result<u64> {
        let gone = self.sessions.sweep().await? + credentials::sweep(&self.core).await?;
        family::sweep(&self.core).await?;
        Ok(gone)
    }

    /// Applies what the schema misses; returns the names of the steps it took.
    pub async fn migrate(&self) -> Result<Vec<String>, OpenError> {
        let steps = self.core.db.migrate().await?;
        self.core.db.refuse_open_walls().await?;
        self.core.pepper.adopt(&self.core.db, self.core.now_ms()).await?;
        Ok(steps)
    }

    /// Whether the database answers and its schema is current.
    pub async fn ready(&self) -> bool {
        self.core.db.ping().await && self.core.db.is_current().await
    }

    /// Fills an empty house with the demo: through the services, so that it keeps every rule.
    pub async fn seed_demo(&self) -> anyhow::Result<SeedReport> {
        // A demo has patients with many visits.
        seed::demo(&Core { limits: false, proven: true, ..self.core.clone() }).await
    }

    /// Fills an empty house with data in bulk. For measurements only: every patient has one public password.
    #[doc(hidden)]
    pub async fn seed_bulk(&self, size: BulkSize) -> anyhow::Result<SeedReport> {
        bulk::fill(&Core { proven: true, ..self.core.clone() }, size).await
    }

    /// Whether the demo's well-known logins exist.
    pub async fn demo_logins_exist(&self) -> bool {
        AccountService::new(self.core.clone()).exists(seed::DEMO_PLATFORM).await.unwrap_or(false)
    }

    /// Makes an administrator of the platform.
    pub async fn create_platform_admin(
        &self,
        email: &str,
        full_name: &str,
        password: &str,
    ) -> domain::Result<AccountId> {
        let accounts = AccountService::new(self.core.clone());
        Ok(accounts.create_platform_admin(email, full_name, password).await?)
    }

    /// Checks what must always hold.
    pub async fn fsck(&self) -> anyhow::Result<FsckReport> {
        fsck::run(&self.core).await
    }

    /// The next steps of all visits after one, in the order in which the database took them; none when there are no more.
    #[doc(hidden)]
    pub async fn steps_after(&self, ordinal: i64) -> anyhow::Result<Vec<TakenStep>> {
        history::after(&self.core, ordinal).await
    }

    /// The next places in waiting lists after one, by id; none when there are no more.
    #[doc(hidden)]
    pub async fn places_after(&self, place: Uuid) -> anyhow::Result<Vec<TakenPlace>> {
        history::places(&self.core, place).await
    }

    /// The next times that were kept for those who wait, after one, by id; none when there are no more.
    #[doc(hidden)]
    pub async fn kept_after(&self, offer: Uuid) -> anyhow::Result<Vec<KeptTime>> {
        history::kept(&self.core, offer).await
    }

    /// Checks every chain of the audit, and that anchors kept from earlier are still in theirs.
    pub async fn verify_audit(&self, anchors: &BTreeMap<String, String>) -> anyhow::Result<AuditReport> {
        Ok(audit::verify(&self.core, anchors).await?)
    }

    /// `sqlite` or `postgres`.
    pub fn engine(&self) -> &'static str {
        self.core.db.engine()
    }

    /// Lets what is running finish, then closes the database.
    pub async fn close(self) {
        self.sweeper.abort();
        if let Some(postman) = self.postman.get() {
            // A letter that was on its way is sent again at the next start.
            postman.abort();
        }
        if let Some(teller) = self.teller.get() {
            // What it was working on is looked at again once its lease is over.
            teller.abort();
        }
        if let Some(relay) = self.relay.get() {
            // An offer is one transaction: it was made, or it was not.
            relay.abort();
        }
        if let Some(usher) = self.usher.get() {
            usher.abort();
        }
        self.core.db.close().await;
    }
}

/// The services on a common ground.
pub(crate) fn services(core: &Core) -> Services {
    let accounts = Arc::new(AccountService::new(core.clone()));
    let sign_ins = Arc::new(SignInService::new(core.clone(), accounts.clone()));
    Services {
        passkeys: Arc::new(PasskeyService::new(core.clone(), accounts.clone(), sign_ins.clone())),
        sign_ins,
        second_factors: Arc::new(SecondFactorService::new(core.clone(), accounts.clone())),
        credentials: Arc::new(CredentialService::new(core.clone(), accounts.clone())),
        accounts: accounts.clone(),
        hospitals: Arc::new(HospitalService::new(core.clone())),
        resources: Arc::new(ResourceService::new(core.clone())),
        doctors: Arc::new(DoctorService::new(core.clone())),
        availability: Arc::new(AvailabilityService::new(core.clone())),
        appointments: Arc::new(AppointmentService::new(core.clone())),
        calendars: Arc::new(CalendarService::new(core.clone(), accounts.clone())),
        changes: Arc::new(ChangeService::new(core.clone())),
        audit: Arc::new(AuditService::new(core.clone())),
        payments: Arc::new(PaymentService::new(core.clone())),
        queues: Arc::new(QueueService::new(core.clone())),
        waitlist: Arc::new(WaitlistService::new(core.clone())),
        follow_ups: Arc::new(FollowUpService::new(core.clone())),
        series: Arc::new(SeriesService::new(core.clone())),
        families: Arc::new(FamilyService::new(core.clone(), accounts.clone())),
        emergencies: Arc::new(EmergencyService::new(core.clone())),
        live: Arc::new(core.db.hub().clone()),
    }
}

async fn sweep(core: Core, sessions: Sessions) {
    loop {
        tokio::time::sleep(SWEEP_EVERY).await;
        if let Err(error) = credentials::sweep(&core).await {
            tracing::warn!(%error, "removing what nobody confirmed");
        }
        if let Err(error) = family::sweep(&core).await {
            tracing::warn!(%error, "telling of birthdays");
        }
        if let Err(error) = sessions.sweep().await {
            tracing::warn!(%error, "removing what has ended");
        }
    }
}
