//! A disk whose power can be cut: a file system of its own in a file, which forgets at once whatever was not flushed.
//! What is on it is not its business.
//!
//! The cut is the file system's own: from that moment on it writes nothing any more, not even its journal. What reached the file is
//! as on a disk without a cache that forgets: whether the machine's disk keeps what it says it keeps is not measured here.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use anyhow::Context;

const SIZE: &str = "1G";
/// `FS_IOC_SHUTDOWN` with `NOLOGFLUSH`: no library of ours makes such a call, and the workspace forbids unsafe code.
const CUT: &str = "import fcntl, os, struct, sys
fcntl.ioctl(os.open(sys.argv[1], os.O_RDONLY), 0x8004587D, struct.pack('I', 2))";
/// A process that was killed may hold its files for a moment.
const TRIES: usize = 100;

/// The disk. It is taken off with this value.
#[derive(Debug)]
pub(super) struct Disk {
    image: PathBuf,
    folder: PathBuf,
}

impl Disk {
    /// Makes one in a folder, mounts it, and sees that it forgets.
    pub(super) async fn attach(within: &Path) -> anyhow::Result<Self> {
        let (image, folder) = (within.join("disk.img"), within.join("disk"));
        fs::create_dir_all(&folder)?;
        let made = run("truncate", &["-s".as_ref(), SIZE.as_ref(), &image])
            .and_then(|()| run("mkfs.ext4", &["-q".as_ref(), "-F".as_ref(), &image]))
            .and_then(|()| mount(&image, &folder))
            .and_then(|()| run("python3", &["-c".as_ref(), "import fcntl".as_ref()]));
        let disk = Self { image, folder };
        made.context("cutting the power needs root, a loop device, mkfs.ext4 and python3")?;
        disk.prove().await?;
        Ok(disk)
    }

    /// A disk that forgets nothing would prove nothing, nor would one that forgets what was flushed.
    async fn prove(&self) -> anyhow::Result<()> {
        let (kept, forgotten) = (self.folder.join("kept"), self.folder.join("forgotten"));
        fs::write(&kept, "flushed")?;
        fs::File::open(&kept)?.sync_all()?;
        fs::File::open(&self.folder)?.sync_all()?;
        fs::write(&forgotten, "not flushed")?;
        self.cut()?;
        self.come_back().await?;
        let there = |path: &Path| fs::read(path).is_ok_and(|bytes| !bytes.is_empty());
        anyhow::ensure!(there(&kept) && !there(&forgotten), "the disk does not forget what was not flushed");
        Ok(fs::remove_file(kept)?)
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The power is gone.
    pub(super) fn cut(&self) -> anyhow::Result<()> {
        run("python3", &["-c".as_ref(), CUT.as_ref(), &self.folder])
    }

    /// The power is back: what was flushed is there. Nobody may have files open on it.
    pub(super) async fn come_back(&self) -> anyhow::Result<()> {
        let mut tries = 0;
        while let Err(error) = run("umount", &[&self.folder]) {
            tries += 1;
            anyhow::ensure!(tries < TRIES, "{error:#}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        mount(&self.image, &self.folder)
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // It may not have come to be mounted; what stays mounted is seen under target.
        let _ = run("umount", &["-l".as_ref(), &self.folder]);
    }
}

fn mount(image: &Path, folder: &Path) -> anyhow::Result<()> {
    run("mount", &["-o".as_ref(), "loop".as_ref(), image, folder])
}

fn run(program: &str, arguments: &[&Path]) -> anyhow::Result<()> {
    let output = Command::new(program).args(arguments).output().with_context(|| program.to_owned())?;
    let said = String::from_utf8_lossy(&output.stderr);
    anyhow::ensure!(output.status.success(), "{program}: {}", said.trim());
    Ok(())
}
