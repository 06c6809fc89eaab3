//! The `caresync` binary: hands over to the command line of the library.
//! It holds nothing else, so that tests can reach everything else.

use std::process::ExitCode;

/// Keeps memory flat under many threads, where the system's allocator lets it grow.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    caresync::cli::main()
}
