//! Child processes: running one to its end, reading what one says, and keeping one as a service that stops with us.
//! It does not know what the processes are for.
//!
//! Every child gets a process group of its own, so that Ctrl-C reaches xtask alone and xtask decides who stops in
//! which order.

use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;

static INTERRUPTED: AtomicBool = AtomicBool::new(false);
const GLANCE: Duration = Duration::from_millis(25);
const PATIENCE: Duration = Duration::from_secs(15);

/// From now on Ctrl-C and SIGTERM ask for an orderly end instead of ending the process.
pub(crate) fn catch_interrupts() -> Result<()> {
    ctrlc::set_handler(|| INTERRUPTED.store(true, Ordering::SeqCst)).context("cannot listen for Ctrl-C")
}

pub(crate) fn interrupted() -> bool {
    INTERRUPTED.load(Ordering::SeqCst)
}

/// A running child that is stopped when it goes out of scope.
pub(crate) struct Service {
    child: Child,
    stop: Signal,
}

impl Service {
    pub(crate) fn start(command: &mut Command, stop: Signal) -> Result<Self> {
        let child = command
            .stdin(Stdio::null())
            .process_group(0)
            .spawn()
            .with_context(|| format!("cannot start {}", name_of(command)))?;
        Ok(Self { child, stop })
    }

    /// How it ended, if it has ended.
    pub(crate) fn ended(&mut self) -> Result<Option<ExitStatus>> {
        Ok(self.child.try_wait()?)
    }

    /// Waits for the end of the child, for `limit` at most, or until somebody asks xtask to stop.
    fn wait(&mut self, limit: Option<Duration>) -> Result<ExitStatus> {
        let start = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait()? {
                return Ok(status);
            }
            if interrupted() {
                bail!("interrupted");
            }
            if limit.is_some_and(|limit| start.elapsed() > limit) {
                bail!("gave up after {} seconds", start.elapsed().as_secs());
            }
            std::thread::sleep(GLANCE);
        }
    }

    fn signal(&self, signal: Signal) {
        if let Ok(id) = i32::try_from(self.child.id()) {
            // The group may be gone already, which is what was wanted.
            let _ = killpg(Pid::from_raw(id), signal);
        }
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(Some(_))) {
            return;
        }
        self.signal(self.stop);
        let start = Instant::now();
        while start.elapsed() < PATIENCE {
            if !matches!(self.child.try_wait(), Ok(None)) {
                return;
            }
            std::thread::sleep(GLANCE);
        }
        self.signal(Signal::SIGKILL);
        let _ = self.child.wait();
    }
}

/// Runs to the end; an unsuccessful end is an error.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    run_within(command, None)
}

/// Like [`run`], with a limit in time.
pub(crate) fn run_within(command: &mut Command, limit: Option<Duration>) -> Result<()> {
    let name = name_of(command);
    let status = Service::start(command, Signal::SIGTERM)?.wait(limit).with_context(|| name.clone())?;
    if status.success() { Ok(()) } else { bail!("{name}: {status}") }
}

/// What the command says on standard output. Its standard error is kept for the message of a failure.
pub(crate) fn capture(command: &mut Command) -> Result<String> {
    let name = name_of(command);
    let output = command.stdin(Stdio::null()).output().with_context(|| format!("cannot start {name}"))?;
    if !output.status.success() {
        bail!("{name}: {}\n{}", output.status, String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}

/// True when the command can be run and succeeds.
pub(crate) fn succeeds(command: &mut Command) -> bool {
    capture(command).is_ok()
}

/// Runs to the end, and shows each line of standard output after `read` has seen it.
pub(crate) fn read_lines(command: &mut Command, mut read: impl FnMut(&str)) -> Result<bool> {
    let mut service = Service::start(command.stdout(Stdio::piped()), Signal::SIGTERM)?;
    let output = service.child.stdout.take().context("the child has no standard output")?;
    let (send, receive) = mpsc::channel();
    let reader = std::thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            if send.send(line).is_err() {
                break;
            }
        }
    });
    loop {
        match receive.recv_timeout(GLANCE * 4) {
            Ok(line) => {
                read(&line);
                println!("{line}");
            }
            Err(mpsc::RecvTimeoutError::Timeout) if interrupted() => bail!("interrupted"),
            Err(mpsc::RecvTimeoutError::Timeout) => {}
            Err(mpsc::RecvTimeoutError::Disconnected) => break,
        }
    }
    let _ = reader.join();
    Ok(service.wait(None)?.success())
}

fn name_of(command: &Command) -> String {
    let program = std::path::Path::new(command.get_program());
    let mut name = program.file_name().unwrap_or_default().to_string_lossy().into_owned();
    for argument in command.get_args().take(3) {
        name.push(' ');
        name.push_str(&argument.to_string_lossy());
    }
    name
}
