//! The machine: its cores, its load, who runs where, the date.
//! Pinning is done by `taskset`, when the machine has it; nothing here is needed for a row to be right.

use std::{fs, process::Command, time::Duration};

/// Whether there is a core for the server and another for the load.
pub(crate) fn can_pin() -> bool {
    cores() >= 2 && Command::new("taskset").arg("--version").output().is_ok_and(|o| o.status.success())
}

/// Puts this process on core 1. The server is started on core 0.
pub(crate) fn pin_load() {
    if can_pin() {
        let pid = std::process::id().to_string();
        let _ = Command::new("taskset").args(["-a", "-c", "-p", "1", &pid]).output();
    }
}

/// The program, on core 0 if that can be had.
pub(crate) fn on_server_core(program: &std::path::Path) -> Command {
    if !can_pin() {
        return Command::new(program);
    }
    let mut command = Command::new("taskset");
    command.args(["-c", "0"]).arg(program);
    command
}

/// Where nobody listens yet.
pub(crate) fn free_address() -> std::io::Result<std::net::SocketAddr> {
    std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()
}

/// One line about where this was measured.
pub(crate) fn describe() -> String {
    let read = |path| fs::read_to_string(path).unwrap_or_default();
    let cpu = read("/proc/cpuinfo");
    let model = cpu.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or("unknown processor");
    let model = model.trim_start_matches([' ', '\t', ':']);
    let pinned = if can_pin() { "server on core 0, load on core 1" } else { "not pinned" };
    format!("{} cores ({model}), {pinned}, load average {}", cores(), load_average())
}

/// Of the last 1, 5 and 15 minutes.
pub(crate) fn load_average() -> String {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ').take(3).collect::<Vec<_>>().join(" ")
}

/// Memory of a process that is in use, in bytes.
pub(crate) fn resident(pid: u32) -> usize {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
    line.split_whitespace().next().and_then(|kib| kib.parse::<usize>().ok()).unwrap_or(0) * 1024
}

/// How many files and connections a process of ours may have open.
pub(crate) fn open_files() -> usize {
    let limits = fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files")).unwrap_or_default();
    line.split_whitespace().next().and_then(|most| most.parse().ok()).unwrap_or(usize::MAX)
}

/// The n-th of many loopback addresses, so that one machine can be many clients.
pub(crate) fn loopback(number: usize) -> std::net::IpAddr {
    let part = |of: usize| u8::try_from(of % 250 + 1).unwrap_or(1);
    std::net::IpAddr::from([127, 9, part(number / 250), part(number)])
}

/// Processor time that this thread, which is all of the load, has used.
pub(crate) fn own_time() -> Duration {
    let text = fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    Duration::from_nanos(text.split(' ').next().and_then(|ns| ns.parse().ok()).unwrap_or(0))
}

/// Today somewhere; rows that need a free day take the one after it.
#[expect(clippy::disallowed_methods, reason = "the server that is measured runs on the system's clock")]
pub(crate) fn today() -> jiff::civil::Date {
    jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date()
}

/// Epoch milliseconds, as every process on this machine reads them.
#[expect(clippy::disallowed_methods, reason = "the server that is measured runs on the system's clock")]
pub(crate) fn clock() -> i64 {
    jiff::Timestamp::now().as_millisecond()
}

/// The library that sets the clock of a process, where the machine has its program, which knows where it is.
pub(crate) fn faketime() -> Option<std::path::PathBuf> {
    let output =
        Command::new("faketime").args(["-m", "-f", "+0s", "printenv", "LD_PRELOAD"]).output().ok()?;
    let said = String::from_utf8(output.stdout).ok()?;
    let path = std::path::PathBuf::from(said.trim().split(':').next()?);
    path.is_file().then_some(path)
}

fn cores() -> usize {
    // Not `available_parallelism`: it would see the pinning of this process.
    fs::read_to_string("/proc/cpuinfo")
        .map_or(1, |text| text.lines().filter(|l| l.starts_with("processor")).count())
}

/// Random enough for picking keys, and the same in every run (xorshift).
#[derive(Debug, Clone)]
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// A number below the bound.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        let bound = u64::try_from(bound.max(1)).unwrap_or(1);
        usize::try_from(self.0 % bound).unwrap_or(0)
    }
}
