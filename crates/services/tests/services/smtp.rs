//! A mail server of one test: speaks enough SMTP to take letters, and refuses with the codes that it is told.
//!
//! It runs on a thread of its own, so that no test waits for it.

use std::{
    collections::VecDeque,
    io::{BufRead, BufReader, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Mutex},
};

use crate::letters::Letter;

/// What the server does with the next letters; when nothing is said, it takes them.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Mood {
    /// Answers `RCPT TO` with this code.
    Refuse(u16),
    /// Closes the connection in the middle of the letter.
    HangUp,
    /// Takes the letter, and closes the connection before it says so.
    TakeAndHangUp,
}

#[derive(Default)]
struct Shared {
    moods: VecDeque<Mood>,
    taken: Vec<Letter>,
}

/// The server.
pub(crate) struct Smtp {
    pub(crate) address: SocketAddr,
    shared: Arc<Mutex<Shared>>,
}

impl Smtp {
    pub(crate) fn start(address: SocketAddr) -> Self {
        let listener = TcpListener::bind(address).unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Mutex::new(Shared::default()));
        let theirs = shared.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                // A client that hangs up is no failure of the server.
                let _ = converse(stream, &theirs);
            }
        });
        Self { address, shared }
    }

    pub(crate) fn next(&self, moods: &[Mood]) {
        self.shared.lock().unwrap().moods.extend(moods);
    }

    pub(crate) fn taken(&self) -> Vec<Letter> {
        self.shared.lock().unwrap().taken.clone()
    }
}

fn converse(mut stream: TcpStream, shared: &Mutex<Shared>) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    stream.write_all(b"220 mail.example ready\r\n")?;
    let mut mood = None;
    while let Some(line) = lines.next() {
        let line = line?;
        let word = line.split(' ').next().unwrap_or_default().to_ascii_uppercase();
        let answer = match word.as_str() {
            "EHLO" => "250 mail.example\r\n".to_owned(),
            "RCPT" => {
                mood = shared.lock().unwrap().moods.pop_front();
                match mood {
                    Some(Mood::Refuse(code)) => format!("{code} no, {line}\r\n"),
                    _ => "250 ok\r\n".to_owned(),
                }
            }
            "DATA" => {
                stream.write_all(b"354 go on\r\n")?;
                let letter = read(&mut lines)?;
                if !matches!(mood, Some(Mood::HangUp)) {
                    shared.lock().unwrap().taken.push(Letter::parse(&letter));
                }
                if mood.is_some() {
                    return Ok(());
                }
                "250 taken\r\n".to_owned()
            }
            "QUIT" => {
                stream.write_all(b"221 bye\r\n")?;
                return Ok(());
            }
            _ => "250 ok\r\n".to_owned(),
        };
        stream.write_all(answer.as_bytes())?;
    }
    Ok(())
}

fn read(lines: &mut impl Iterator<Item = std::io::Result<String>>) -> std::io::Result<String> {
    let mut letter = String::new();
    for line in lines {
        let line = line?;
        if line == "." {
            break;
        }
        letter.push_str(line.strip_prefix('.').unwrap_or(&line));
        letter.push_str("\r\n");
    }
    Ok(letter)
}
