//! The server processes of a run: started, killed, cut off, started again; and where each client finds hers.
//! What clients do meanwhile is `actor`'s business.

use std::{net::SocketAddr, path::PathBuf, sync::atomic::Ordering, time::Duration};

use anyhow::Context;
use tokio::sync::watch;

use super::{actor::Shared, disk::Disk};
use crate::{cli::Options, machine::Dice, report, server::Server};

const EARLIEST_MS: usize = 80;
const LATEST_MS: usize = 400;
/// Every so many disturbances a line is printed.
const TELL_EVERY: usize = 20;

/// What happens to a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Blow {
    Kill,
    Cut,
}

/// One process, and its address for those who want it.
#[derive(Debug)]
struct Node {
    folder: PathBuf,
    server: Option<Server>,
    host: watch::Sender<Option<SocketAddr>>,
}

/// All processes.
#[derive(Debug)]
pub(super) struct Nodes<'a> {
    options: &'a Options,
    all: Vec<Node>,
    restarts: Vec<f64>,
}

impl<'a> Nodes<'a> {
    /// One process for each folder.
    pub(super) async fn start(options: &'a Options, folders: Vec<PathBuf>) -> anyhow::Result<Self> {
        let mut nodes = Vec::new();
        for folder in folders {
            let server = Server::start(options, &folder).await?;
            let host = watch::Sender::new(Some(server.host));
            nodes.push(Node { folder, server: Some(server), host });
        }
        Ok(Self { options, all: nodes, restarts: Vec::new() })
    }

    pub(super) fn first(&self) -> anyhow::Result<SocketAddr> {
        let host = self.all.first().and_then(|node| *node.host.borrow());
        host.context("no server")
    }

    /// Where a client finds her server, whenever it is there.
    pub(super) fn host_of(&self, client: usize) -> watch::Receiver<Option<SocketAddr>> {
        let mut all = self.all.iter().cycle().skip(client % self.all.len().max(1));
        all.next().map_or_else(|| watch::Sender::new(None).subscribe(), |node| node.host.subscribe())
    }

    /// Strikes as often as was asked for, or until nobody wants anything any more. Returns how often of each.
    pub(super) async fn disturb(
        &mut self,
        mut disk: Option<&mut Disk>,
        shared: &Shared,
        dice: &mut Dice,
    ) -> anyhow::Result<(u32, u32)> {
        let (mut kills, mut cuts) = (0, 0);
        for (count, blow) in blows(self.options, dice).into_iter().enumerate() {
            let life = EARLIEST_MS + dice.below(LATEST_MS - EARLIEST_MS);
            tokio::time::sleep(Duration::from_millis(u64::try_from(life)?)).await;
            if shared.left.load(Ordering::Relaxed) == 0 {
                break;
            }
            let place = dice.below(self.all.len());
            match blow {
                Blow::Kill => kills += 1,
                Blow::Cut => cuts += 1,
            }
            self.strike(place, blow, disk.as_deref_mut()).await?;
            if (count + 1).is_multiple_of(TELL_EVERY) {
                let left = shared.left.load(Ordering::Relaxed);
                report::line(&format!("  {kills} kills, {cuts} cuts, {left} operations to go"))?;
            }
        }
        Ok((kills, cuts))
    }

    async fn strike(&mut self, place: usize, blow: Blow, disk: Option<&mut Disk>) -> anyhow::Result<()> {
        let node = self.all.get_mut(place).context("no such server")?;
        let server = node.server.take().context("a server that is gone")?;
        let cut = disk.filter(|_| blow == Blow::Cut);
        if let Some(disk) = &cut {
            disk.cut()?;
        }
        server.kill().await?;
        node.host.send_replace(None);
        if let Some(disk) = cut {
            disk.come_back().await?;
        }
        let server = Server::start(self.options, &node.folder).await?;
        self.restarts.push(server.ready_after.as_secs_f64());
        node.host.send_replace(Some(server.host));
        node.server = Some(server);
        Ok(())
    }

    /// Ends all. Returns how long each restart took.
    pub(super) async fn stop(self) -> anyhow::Result<Vec<f64>> {
        for node in self.all {
            if let Some(server) = node.server {
                server.stop().await?;
            }
        }
        Ok(self.restarts)
    }
}

/// Kills and cuts in an order that nobody foresees.
fn blows(options: &Options, dice: &mut Dice) -> Vec<Blow> {
    let (mut kills, mut cuts) = (options.kills, options.cuts);
    let mut blows = Vec::new();
    while kills + cuts > 0 {
        if dice.below(kills + cuts) < cuts {
            cuts -= 1;
            blows.push(Blow::Cut);
        } else {
            kills -= 1;
            blows.push(Blow::Kill);
        }
    }
    blows
}
