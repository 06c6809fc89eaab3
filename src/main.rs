//! The `caresync` binary: hands over to the command line of the library.
//! It holds nothing else, so that tests can reach everything else.

use std::process::ExitCode;

fn main() -> ExitCode {
    caresync::cli::main()
}
