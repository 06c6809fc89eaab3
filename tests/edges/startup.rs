//! Starting the program: what it refuses, in one sentence and with a code of its own, and how it stops.

use std::{
    path::Path,
    process::{Child, Command, Output, Stdio},
    time::{Duration, Instant},
};

use sqlx::{Connection, Executor, SqliteConnection, sqlite::SqliteConnectOptions};

fn caresync(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_caresync"));
    command
        .args(arguments)
        .env_clear()
        .env("CARESYNC_DATA_DIR", folder)
        .env("CARESYNC_ADDR", "127.0.0.1:0")
        .env("RUST_LOG", "warn");
    command
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    caresync(folder, arguments).output().unwrap()
}

/// The one sentence of a refusal, and its code.
#[track_caller]
fn refusal(output: &Output) -> (String, i32) {
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let sentences: Vec<&str> = said.lines().filter(|line| line.starts_with("caresync: ")).collect();
    assert_eq!(sentences.len(), 1, "{said}");
    assert!(!said.contains("panicked") && !said.contains("backtrace"), "{said}");
    (sentences[0].to_owned(), output.status.code().unwrap())
}

struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A free port of this machine.
fn free_port() -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().to_string()
}

fn serve(folder: &Path, addr: &str) -> Running {
    let mut command = caresync(folder, &["serve", "--addr", addr]);
    let server = Running(command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap());
    let begun = Instant::now();
    while !run(folder, &["healthcheck", "--addr", addr]).status.success() {
        assert!(begun.elapsed() < Duration::from_secs(30), "the server does not start");
        std::thread::sleep(Duration::from_millis(100));
    }
    server
}

#[test]
fn a_second_process_on_the_same_folder_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let _first = serve(folder.path(), &free_port());
    let (sentence, code) = refusal(&run(folder.path(), &["serve", "--addr", &free_port()]));
    assert!(sentence.contains("another CareSync"), "{sentence}");
    assert_eq!(code, 75);
}

#[test]
fn a_stop_is_clean_and_leaves_the_folder_free() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = serve(folder.path(), &free_port());
    Command::new("kill").arg(server.0.id().to_string()).status().unwrap();
    let begun = Instant::now();
    let status = loop {
        if let Some(status) = server.0.try_wait().unwrap() {
            break status;
        }
        assert!(begun.elapsed() < Duration::from_secs(25), "the server does not stop");
        std::thread::sleep(Duration::from_millis(50));
    };
    assert!(status.success(), "{status}");
    assert!(run(folder.path(), &["fsck"]).status.success());
}

#[test]
fn a_folder_that_cannot_be_made_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    let (sentence, code) = refusal(&run(&file.join("data"), &["serve"]));
    assert!(sentence.contains("cannot be written"), "{sentence}");
    assert_eq!(code, 73);
}

#[tokio::test]
async fn a_newer_schema_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    assert!(run(folder.path(), &["migrate"]).status.success());
    let options = SqliteConnectOptions::new().filename(folder.path().join("caresync.db"));
    let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
    let newer = "INSERT INTO _sqlx_migrations (version, description, installed_on, success, checksum, execution_time) \
         VALUES (999999, 'newer', '2026-01-01 00:00:00', 1, x'00', 0)";
    connection.execute(newer).await.unwrap();
    connection.close().await.unwrap();
    let (sentence, code) = refusal(&run(folder.path(), &["serve"]));
    assert!(sentence.contains("newer"), "{sentence}");
    assert_eq!(code, 65);
}

#[test]
fn a_wrong_database_address_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let with =
        |url: &str| refusal(&caresync(folder.path(), &["serve"]).env("DATABASE_URL", url).output().unwrap());
    let (sentence, code) = with("mysql://somewhere/else");
    assert!(sentence.contains("DATABASE_URL"), "{sentence}");
    assert_eq!(code, 78);
    let (sentence, code) = with("postgres://nobody:secret-word@127.0.0.1:1/nothing");
    assert!(!sentence.contains("secret-word"), "{sentence}");
    assert_eq!(code, 69);
}

#[test]
fn limits_are_lifted_on_loopback_only() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = caresync(folder.path(), &["serve", "--addr", "0.0.0.0:0"]);
    let (sentence, code) = refusal(&command.env("CARESYNC_RATE_LIMITS", "off").output().unwrap());
    assert!(sentence.contains("CARESYNC_RATE_LIMITS"), "{sentence}");
    assert_eq!(code, 78);
}

#[test]
fn mail_and_keys_that_cannot_work_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let with = |name: &str, value: &str| {
        refusal(&caresync(folder.path(), &["serve"]).env(name, value).output().unwrap())
    };
    for (name, value) in
        [("SMTP_URL", "smtp://mail.example"), ("MAIL_FROM", "nobody"), ("CARESYNC_PASSWORD_PEPPER", "short")]
    {
        let (sentence, code) = with(name, value);
        assert!(sentence.contains(name), "{sentence}");
        assert_eq!(code, 78, "{sentence}");
    }
    assert!(run(folder.path(), &["migrate"]).status.success());
    let (sentence, code) = with("CARESYNC_PASSWORD_PEPPER", "another key of thirty-two letters");
    assert!(sentence.contains("pepper.key"), "{sentence}");
    assert_eq!(code, 78);
}

#[test]
fn a_provider_before_is_another_one_with_its_keys() {
    let folder = tempfile::tempdir().unwrap();
    let razorpay = [
        ("PAYMENT_PROVIDER", "razorpay"),
        ("RAZORPAY_KEY_ID", "rzp_x"),
        ("RAZORPAY_KEY_SECRET", "x"),
        ("PAYMENT_WEBHOOK_SECRET", "x"),
    ];
    let with = |before: &str| {
        let mut command = caresync(folder.path(), &["migrate"]);
        command.envs(razorpay).env("PAYMENT_PROVIDER_BEFORE", before);
        command
    };
    for (before, named) in [
        ("razorpay", "PAYMENT_PROVIDER_BEFORE"),
        ("sandbox-stripe", "PAYMENT_PROVIDER_BEFORE"),
        ("stripe", "STRIPE_SECRET_KEY"),
    ] {
        let (sentence, code) = refusal(&with(before).output().unwrap());
        assert!(sentence.contains(named), "{before}: {sentence}");
        assert_eq!(code, 78, "{sentence}");
    }
    assert!(with("stripe").env("STRIPE_SECRET_KEY", "sk_x").output().unwrap().status.success());
}

#[test]
fn a_taken_address_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let addr = listener.local_addr().unwrap().to_string();
    let (sentence, code) = refusal(&run(folder.path(), &["serve", "--addr", &addr]));
    assert!(sentence.contains(&addr), "{sentence}");
    assert_eq!(code, 69);
}

#[test]
fn an_administrator_is_made_with_a_password_from_the_environment() {
    let folder = tempfile::tempdir().unwrap();
    let create = |password: &str| {
        let arguments = ["create-admin", "--email", "pia@example.org", "--name", "Pia"];
        caresync(folder.path(), &arguments).env("CARESYNC_ADMIN_PASSWORD", password).output().unwrap()
    };
    let (sentence, code) = refusal(&create("short"));
    assert!(sentence.contains("password_too_short"), "{sentence}");
    assert_eq!(code, 1);
    assert!(create("three blue herons").status.success());
}

#[test]
fn the_document_is_printed() {
    let folder = tempfile::tempdir().unwrap();
    let output = run(folder.path(), &["openapi"]);
    let document: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(document["openapi"], "3.1.0");
}
