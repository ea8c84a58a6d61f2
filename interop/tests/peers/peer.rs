//! Programs in other languages.

use std::path::PathBuf;
use std::process::{Output, Stdio};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};
use tokio::time::timeout;

/// A program that takes longer is stuck.
const PATIENCE: Duration = Duration::from_secs(60);

#[derive(Clone, Copy, Debug)]
pub(crate) enum Language {
    Python,
    Node,
    Go,
}

impl Language {
    fn name(self) -> &'static str {
        match self {
            Self::Python => "python",
            Self::Node => "node",
            Self::Go => "go",
        }
    }

    /// Whether its programs are installed. `RUST_SVC_INTEROP` says where, and what is not there is told;
    /// without the variable nobody has asked for peers.
    pub(crate) fn is_there(self) -> bool {
        let name = self.name();
        let Some(folder) = std::env::var_os("RUST_SVC_INTEROP") else {
            eprintln!(
                "SKIPPED interop with {name}: RUST_SVC_INTEROP is not set, see interop/README.md"
            );
            return false;
        };
        let is_there = PathBuf::from(folder).join(name).join("ready").exists();
        if !is_there {
            eprintln!("SKIPPED interop with {name}: interop/install.sh did not install it");
        }
        is_there
    }

    fn command(self, program: &str) -> Command {
        let script = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("run-peer.sh");
        let mut command = Command::new(script);
        command.args([self.name(), program]).kill_on_drop(true);
        command
    }

    /// Runs the client to its end with the service config of the example, and gives what it prints.
    pub(crate) async fn client(self, address: &str, token: &str) -> serde_json::Value {
        let mut command = self.command("client");
        command.args([address, token, user_service::SERVICE_CONFIG]);
        let output = timeout(PATIENCE, command.output()).await;
        let output = output.expect("a client that ends").expect("it runs");
        let Output { status, stdout, .. } = &output;
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(status.success(), "{self:?}: {status}: {errors}");
        serde_json::from_slice(stdout).unwrap_or_else(|error| panic!("{self:?}: {error}: {errors}"))
    }

    /// Starts the server, and gives where it listens.
    pub(crate) async fn server(self) -> (Child, String) {
        let mut command = self.command("server");
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut server = command.spawn().expect("it starts");
        let stdout = server.stdout.take().expect("a pipe");
        let mut lines = BufReader::new(stdout).lines();
        let line = timeout(PATIENCE, lines.next_line()).await;
        let line = line.expect("a line").expect("text").unwrap_or_default();
        let port = line.strip_prefix("listening on ");
        let port = port.unwrap_or_else(|| panic!("{self:?} said {line:?}"));
        (server, format!("127.0.0.1:{port}"))
    }
}
