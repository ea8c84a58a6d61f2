//! The command line.

use std::path::PathBuf;

use clap::{CommandFactory as _, FromArgMatches as _, Parser, Subcommand};
use rust_svc_build::Options;

/// Generates prost messages, tonic clients and servers and method descriptors from proto files.
///
/// Without a command this is a plugin of protoc and buf, which start it with a request on its
/// standard input:
///
///   protoc --plugin=protoc-gen-rust-svc=PATH --rust-svc_out=DIR --rust-svc_opt=KEY=VALUE -I DIR FILES
#[derive(Parser)]
#[command(name = "protoc-gen-rust-svc", version, verbatim_doc_comment)]
struct Args {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Generate code from proto files, with neither protoc nor buf.
    Compile(Compile),
    /// Write the protos that we carry, for protoc and buf to find.
    Protos(Protos),
}

#[derive(Parser)]
pub(crate) struct Compile {
    /// Proto files, or folders for every `.proto` file below them. With a descriptor set, the names
    /// of those of its files that are wanted.
    #[arg(required_unless_present = "descriptor_set")]
    pub(crate) protos: Vec<PathBuf>,
    /// A folder that import paths start from.
    #[arg(
        short = 'I',
        long = "proto_path",
        alias = "include",
        value_name = "DIR",
        default_value = "."
    )]
    pub(crate) includes: Vec<PathBuf>,
    /// The folder to write to. What an earlier run wrote there, by its list `mod-files.txt`, and what is not
    /// generated any more is removed, and named.
    #[arg(short, long, value_name = "DIR")]
    pub(crate) out: PathBuf,
    /// An option of the generator, as `KEY=VALUE`; may be given several times.
    #[arg(long = "opt", value_name = "KEY=VALUE")]
    pub(crate) options: Vec<String>,
    /// Read a FileDescriptorSet instead of proto files, as `buf build` writes it.
    #[arg(long, value_name = "FILE")]
    pub(crate) descriptor_set: Option<PathBuf>,
    /// Write nothing: list the files that would change, and exit with 1 if there are any.
    #[arg(long)]
    pub(crate) check: bool,
    /// Print nothing but errors.
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

#[derive(Parser)]
pub(crate) struct Protos {
    /// The folder to write to.
    #[arg(short, long, value_name = "DIR")]
    pub(crate) out: PathBuf,
}

/// Reads the command line; none if this is a plugin.
pub(crate) fn parse() -> Option<Command> {
    let command = Args::command().after_long_help(options_help());
    let command =
        command.mut_subcommand("compile", |compile| compile.after_long_help(options_help()));
    let matches = command.get_matches();
    let args = Args::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    args.command
}

/// The option table.
fn options_help() -> String {
    let mut help = String::from("Options of the generator, for --opt and --rust-svc_opt:\n");
    for option in Options::TABLE {
        help += &format!("\n  {}={}\n", option.key, option.shape.replace('`', ""));
        for line in option.doc.trim().lines() {
            help += &format!("      {}\n", line.trim());
        }
    }
    help
}
