//! What every handler may reach: the services, the settings of the edge, and what the stop of the server waits for.
//! It is made once at the start and cloned for nothing.

use std::{ops::Deref, sync::Arc};

use axum::extract::FromRef;
use domain::Services;
use leptos::config::LeptosOptions;
use services::{House, clock::Clock};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    config::Config,
    web::{limits::sockets::Sockets, site::Site},
};

/// Shared by all requests.
#[derive(Clone)]
pub struct AppState(Arc<Shared>);

/// What is shared.
pub struct Shared {
    /// What the system can do.
    pub services: Services,
    /// The house itself, for health and sessions.
    pub house: Arc<House>,
    /// The instant of a request.
    pub clock: Arc<dyn Clock>,
    /// Settings of the edge.
    pub config: Config,
    /// The built site.
    pub site: Site,
    /// Changes that are still being made.
    pub tasks: TaskTracker,
    /// Says that the server stops.
    pub stopping: CancellationToken,
    /// Who holds how many live sockets.
    pub(crate) sockets: Sockets,
    /// Where the client lies, as pages name it.
    pub options: LeptosOptions,
}

impl AppState {
    /// Wires an open house to the edge.
    pub fn new(house: Arc<House>, clock: Arc<dyn Clock>, config: Config) -> Self {
        let site = Site::open(config.site_root.clone());
        let options = LeptosOptions::builder()
            .output_name("caresync")
            .site_root(site.root.to_string_lossy())
            .site_pkg_dir(site.pkg())
            .site_addr(config.addr)
            .build();
        let services = house.services.clone();
        let (tasks, stopping) = (TaskTracker::new(), CancellationToken::new());
        let sockets = Sockets::default();
        Self(Arc::new(Shared { services, house, clock, config, site, tasks, stopping, sockets, options }))
    }
}

impl Deref for AppState {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

impl FromRef<AppState> for LeptosOptions {
    fn from_ref(state: &AppState) -> Self {
        state.options.clone()
    }
}

impl FromRef<AppState> for TaskTracker {
    fn from_ref(state: &AppState) -> Self {
        state.tasks.clone()
    }
}
