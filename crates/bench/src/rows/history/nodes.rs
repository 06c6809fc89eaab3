//! The server processes of a run: started, killed, cut off, started again; and where each client finds hers.
//! What clients do meanwhile is `actor`'s business.

use std::{net::SocketAddr, path::PathBuf, sync::atomic::Ordering, time::Duration};

use anyhow::Context;
use tokio::sync::watch;

use super::{actor::Shared, disk::Disk};
use crate::{cli::Options, machine::Dice, report, server::Server};

const EARLIEST_MS: usize = 80;
const LATEST_MS: usize = 400;
/// A clock goes forward by so many seconds, and by up to so many more: what is held for a quarter of an hour is over then, and what was made
/// longer by five minutes may be or not.
const JUMP: usize = 15 * 60 + 30;
const JUMP_MORE: usize = 6 * 60;
/// Every so many disturbances a line is printed.
const TELL_EVERY: usize = 20;

/// How often what happened.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Blows {
    pub(super) kills: usize,
    pub(super) cuts: usize,
    pub(super) jumps: usize,
}

/// What happens to a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Blow {
    Kill,
    Cut,
    /// All servers are killed, and their clocks are ahead when they come back.
    Jump,
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
            let server = Server::start_ahead(options, &folder, 0).await?;
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

    /// Strikes as often as was asked for, spread over the run, or until nobody wants anything any more.
    pub(super) async fn disturb(
        &mut self,
        mut disk: Option<&mut Disk>,
        shared: &Shared,
        dice: &mut Dice,
    ) -> anyhow::Result<Blows> {
        let mut done = Blows::default();
        let jumps = self.options.jumps.unwrap_or(0);
        for (count, blow) in blows(self.options, jumps, dice).into_iter().enumerate() {
            let life = EARLIEST_MS + dice.below(LATEST_MS - EARLIEST_MS);
            tokio::time::sleep(Duration::from_millis(u64::try_from(life)?)).await;
            match blow {
                Blow::Kill => done.kills += 1,
                Blow::Cut => done.cuts += 1,
                Blow::Jump => {
                    // Each after its share of the operations, so that times are held and offered between two of them.
                    done.jumps += 1;
                    let share = shared.all - shared.all * done.jumps / (jumps + 1);
                    while shared.left.load(Ordering::Relaxed) > share {
                        tokio::time::sleep(Duration::from_millis(5)).await;
                    }
                }
            }
            if shared.left.load(Ordering::Relaxed) == 0 {
                break;
            }
            match blow {
                Blow::Jump => self.jump(shared, dice).await?,
                Blow::Kill | Blow::Cut => {
                    let place = dice.below(self.all.len());
                    self.strike(place, blow, disk.as_deref_mut(), shared).await?;
                }
            }
            if (count + 1).is_multiple_of(TELL_EVERY) {
                let left = shared.left.load(Ordering::Relaxed);
                let Blows { kills, cuts, jumps } = done;
                let told = format!("  {kills} kills, {cuts} cuts, {jumps} jumps, {left} operations to go");
                report::line(&told)?;
            }
        }
        Ok(done)
    }

    async fn strike(
        &mut self,
        place: usize,
        blow: Blow,
        disk: Option<&mut Disk>,
        shared: &Shared,
    ) -> anyhow::Result<()> {
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
        self.come_back(place, shared).await
    }

    /// Starts a server again.
    async fn come_back(&mut self, place: usize, shared: &Shared) -> anyhow::Result<()> {
        let node = self.all.get_mut(place).context("no such server")?;
        let ahead = shared.ahead.load(Ordering::Relaxed);
        let server = Server::start_ahead(self.options, &node.folder, ahead).await?;
        self.restarts.push(server.ready_after.as_secs_f64());
        node.host.send_replace(Some(server.host));
        node.server = Some(server);
        Ok(())
    }

    /// Sets the clocks of all forward while none of them runs: those of several nodes show one time.
    async fn jump(&mut self, shared: &Shared, dice: &mut Dice) -> anyhow::Result<()> {
        for node in &mut self.all {
            node.server.take().context("a server that is gone")?.kill().await?;
            node.host.send_replace(None);
        }
        shared.ahead.fetch_add(u64::try_from(JUMP + dice.below(JUMP_MORE))?, Ordering::Relaxed);
        for place in 0..self.all.len() {
            self.come_back(place, shared).await?;
        }
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

/// Kills and cuts in an order that nobody foresees, and jumps evenly among them.
fn blows(options: &Options, jumps: usize, dice: &mut Dice) -> Vec<Blow> {
    let (mut kills, mut cuts) = (options.kills, options.cuts);
    let (all, mut jumped) = (kills + cuts, 0);
    let mut blows = Vec::new();
    for struck in 0..=all {
        while jumped < jumps && struck * (jumps + 1) >= all * (jumped + 1) {
            jumped += 1;
            blows.push(Blow::Jump);
        }
        if kills + cuts == 0 {
            break;
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jumps_lie_evenly_among_kills_and_cuts_and_none_is_left_out() {
        let line = "history --kills 20 --cuts 2 --server a --site b";
        let options = Options::parse(line.split_whitespace().map(str::to_owned)).unwrap();
        let all = blows(&options, 10, &mut Dice::new(1));
        let count = |blow| all.iter().filter(|one| **one == blow).count();
        assert_eq!((count(Blow::Kill), count(Blow::Cut), count(Blow::Jump)), (20, 2, 10));
        let between: Vec<usize> = all.split(|blow| *blow == Blow::Jump).map(<[Blow]>::len).collect();
        assert_eq!(between, [2; 11]);
        let quiet = Options::parse(["history".to_owned()]).unwrap();
        assert_eq!(blows(&quiet, 3, &mut Dice::new(1)), [Blow::Jump; 3]);
    }
}
