//! The commands: `compile` and `protos`.

use std::error::Error;
use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;

use rust_svc_build::{Change, Folder, Generated, Input, Options};

use crate::args::{Compile, Protos};
use crate::progress::Progress;

type Outcome = Result<ExitCode, Box<dyn Error>>;

/// `protoc-gen-rust-svc compile`.
pub(crate) fn compile(args: &Compile) -> ExitCode {
    finish(try_compile(args))
}

/// `protoc-gen-rust-svc protos`.
pub(crate) fn protos(args: &Protos) -> ExitCode {
    finish(write_protos(&args.out))
}

fn finish(outcome: Outcome) -> ExitCode {
    outcome.unwrap_or_else(|error| {
        say(&error.to_string());
        ExitCode::FAILURE
    })
}

/// Standard error may be closed, as behind `| head`: that is no reason to fail.
fn say(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}

fn try_compile(args: &Compile) -> Outcome {
    let mut progress = Progress::new(args.quiet);
    progress.stage("reading protos");
    let options = Options::parse_pairs(&args.options);
    let input = read(args);
    let (options, input) = match (options, input) {
        (Ok(options), Ok(input)) => (options, input),
        (Err(options), Err(input)) => {
            say(&options.to_string());
            return Err(input);
        }
        (Err(error), _) => return Err(error.into()),
        (_, Err(error)) => return Err(error),
    };
    progress.stage("generating");
    let generated = rust_svc_build::generate(&input, &options)?;
    // Joining nothing would leave a `/` at the end.
    let folder = match options.out_folder().as_str() {
        "" => Folder::new(&args.out),
        below => Folder::new(args.out.join(below)),
    };
    progress.stage("writing");
    let changes = match args.check {
        true => folder.changes(&generated.files)?,
        false => folder.sync(&generated.files)?,
    };
    progress.done();
    if !args.quiet {
        for warning in &generated.warnings {
            say(&warning.to_string());
        }
    }
    Ok(report(args, &generated, &changes))
}

fn read(args: &Compile) -> Result<Input, Box<dyn Error>> {
    let Some(path) = &args.descriptor_set else {
        return Ok(Input::from_protos(&args.protos, &args.includes)?);
    };
    let bytes = std::fs::read(path)
        .map_err(|error| format!("error: cannot read `{}`: {error}", path.display()))?;
    let mut input = Input::from_descriptor_set(&bytes)?;
    if !args.protos.is_empty() {
        let names: Vec<_> = args
            .protos
            .iter()
            .map(|path| path.to_string_lossy())
            .collect();
        input.list(&names)?;
    }
    Ok(input)
}

fn report(args: &Compile, generated: &Generated, changes: &[Change]) -> ExitCode {
    let count = |changes: &[Change]| match changes.len() {
        1 => "1 file".to_owned(),
        count => format!("{count} files"),
    };
    let out = args.out.display();
    if args.check {
        if changes.is_empty() {
            return ExitCode::SUCCESS;
        }
        if args.quiet {
            return ExitCode::FAILURE;
        }
        let mut stdout = std::io::stdout();
        for change in changes {
            let _ = writeln!(stdout, "{change}");
        }
        say(&format!(
            "`{out}` is not up to date: {} would change. Run the same command without `--check`.",
            count(changes)
        ));
        return ExitCode::FAILURE;
    }
    if !args.quiet {
        say(&format!(
            "{} generated in `{out}`, {} changed",
            match generated.files.len() {
                1 => "1 file".to_owned(),
                count => format!("{count} files"),
            },
            changes.len()
        ));
    }
    ExitCode::SUCCESS
}

fn write_protos(out: &Path) -> Outcome {
    for (name, text) in rust_svc_build::embedded_protos() {
        let path = out.join(name);
        let write = || {
            std::fs::create_dir_all(path.parent().unwrap_or(out))?;
            std::fs::write(&path, text)
        };
        write().map_err(|error| format!("error: cannot write `{}`: {error}", path.display()))?;
    }
    say(&format!(
        "{} protos written to `{}`: give that folder to protoc with `-I`, or to buf as a module",
        rust_svc_build::embedded_protos().len(),
        out.display()
    ));
    Ok(ExitCode::SUCCESS)
}
