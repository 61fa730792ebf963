//! Stands between the service and its PostgreSQL server, and does what networks and servers do to each other.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;

/// What the relay does with connections, those there are and those to come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Passes everything on.
    Pass,
    /// Passes nothing on of connections that listen, without a word, as a pooler does or a firewall that forgot them.
    CutOffListeners,
    /// Passes nothing on at all, as a server that hangs.
    Hang,
    /// Is not there.
    Gone,
}

struct State {
    mode: Mutex<Mode>,
    changed: Condvar,
    open: Mutex<Vec<TcpStream>>,
}

/// A relay on a port of its own. It ends with the process.
pub(crate) struct Relay {
    port: u16,
    state: Arc<State>,
}

impl Relay {
    /// To this `host:port`.
    pub(crate) fn to(target: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let state =
            Arc::new(State { mode: Mutex::new(Mode::Pass), changed: Condvar::new(), open: Mutex::new(Vec::new()) });
        let (target, taking) = (target.to_owned(), Arc::clone(&state));
        thread::spawn(move || listener.incoming().for_each(|client| take(client.unwrap(), &target, &taking)));
        Self { port, state }
    }

    /// The URL of a database, by way of the relay and without TLS, which it could not look into.
    pub(crate) fn url(&self, direct: &str) -> String {
        let (start, rest) = direct.rsplit_once('@').unwrap();
        let (_, name) = rest.split_once('/').unwrap();
        format!("{start}@127.0.0.1:{}/{name}?sslmode=disable", self.port)
    }

    pub(crate) fn set(&self, mode: Mode) {
        *self.state.mode.lock().unwrap() = mode;
        self.state.changed.notify_all();
        if mode == Mode::Gone {
            for connection in self.state.open.lock().unwrap().drain(..) {
                drop(connection.shutdown(Shutdown::Both));
            }
        }
    }
}

fn take(client: TcpStream, target: &str, state: &Arc<State>) {
    if *state.mode.lock().unwrap() == Mode::Gone {
        return;
    }
    let Ok(server) = TcpStream::connect(target) else { return };
    state.open.lock().unwrap().extend([client.try_clone().unwrap(), server.try_clone().unwrap()]);
    let listens = Arc::new(Mutex::new(false));
    let ways = [(client.try_clone().unwrap(), server.try_clone().unwrap()), (server, client)];
    for (from, to) in ways {
        let (state, listens) = (Arc::clone(state), Arc::clone(&listens));
        thread::spawn(move || pass(from, to, &state, &listens));
    }
}

fn pass(mut from: TcpStream, mut to: TcpStream, state: &State, listens: &Mutex<bool>) {
    let mut buffer = [0; 16_384];
    while let Ok(count @ 1..) = from.read(&mut buffer) {
        if buffer[..count].windows(7).any(|word| word == b"LISTEN ") {
            *listens.lock().unwrap() = true;
        }
        let held =
            |mode: &mut Mode| *mode == Mode::Hang || (*mode == Mode::CutOffListeners && *listens.lock().unwrap());
        drop(state.changed.wait_while(state.mode.lock().unwrap(), held).unwrap());
        if to.write_all(&buffer[..count]).is_err() {
            break;
        }
    }
    drop((from.shutdown(Shutdown::Both), to.shutdown(Shutdown::Both)));
}
