//! The process of the limits as the rows see it: started beside a server under measurement, on the same core and the same file.
//! What it answers is its own business.

use std::{fs, net::SocketAddr, process::Stdio, time::Duration};

use anyhow::{Context, bail};
use serde_json::Value;
use tokio::process::{Child, Command};

use super::{DOCTORS, WORD, page::Frame};
use crate::{
    client::{Ask, Client},
    data::{Data, Size},
    machine,
    rows::found,
    server::Server,
};

const TRIES: usize = 5_000;

/// The process. It dies with this value.
#[derive(Debug)]
pub(crate) struct Limits {
    pub(crate) host: SocketAddr,
    child: Child,
}

impl Limits {
    /// Beside a server that has data of a size, which nobody changes; none on PostgreSQL.
    pub(crate) async fn beside(
        server: &Server,
        data: &mut Data<'_>,
        size: Size,
    ) -> anyhow::Result<Option<Self>> {
        if data.on_postgres() {
            return Ok(None);
        }
        let (folder, own) = (data.folder(size).await?, data.empty()?);
        fs::write(own.join(DOCTORS), serde_json::to_vec(&doctors(server.host).await?)?)?;
        let page = Client::new(server.host).expect(&Ask::get("/doctors"), 200).await?.text();
        Frame::of(&page).context("the page of doctors has no cards")?.write(&own)?;
        let host = machine::free_address()?;
        let mut command = Command::from(machine::on_server_core(&std::env::current_exe()?));
        command.arg(WORD).arg("--folder").arg(folder).arg("--own").arg(own);
        command.arg("--addr").arg(host.to_string()).stdin(Stdio::null()).kill_on_drop(true);
        let mut child = command.spawn().context("starting the limits")?;
        let mut client = Client::new(host);
        for _ in 0..TRIES {
            if client.send(&Ask::get("/ready")).await.is_ok_and(|answer| answer.status == 200) {
                return Ok(Some(Self { host, child }));
            }
            if let Some(status) = child.try_wait()? {
                bail!("the limits ended with {status}");
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        bail!("the limits are not ready")
    }

    /// Ends it; it has nothing to lose.
    pub(crate) async fn stop(mut self) -> anyhow::Result<()> {
        Ok(self.child.kill().await?)
    }
}

/// All doctors, as the server gives them.
async fn doctors(host: SocketAddr) -> anyhow::Result<Vec<Value>> {
    let mut client = Client::new(host);
    let (mut doctors, mut more) = (Vec::new(), String::new());
    loop {
        let ask = Ask::get(format!("/api/v1/doctors?limit=100{more}"));
        let page = client.expect(&ask, 200).await?.json()?;
        doctors.extend(found::list(&page, "items").iter().cloned());
        match found::after(&page) {
            Some(next) => more = next,
            None => return Ok(doctors),
        }
    }
}
