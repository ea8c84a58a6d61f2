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
    let changes = if args.check {
        folder.changes(&generated.files)?
    } else {
        folder.sync(&generated.files)?
    };
    progress.done();
    if !args.quiet {
        for warning in generated.warnings.iter().chain(&changes.warnings) {
            say(&warning.to_string());
        }
    }
    Ok(report(args, &generated, &changes.changes))
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
    if args.check {
        report_check(args, changes)
    } else {
        if !args.quiet {
            say_done(changes);
            say(&format!(
                "{} generated in `{}`, {} changed",
                count(generated.files.len()),
                args.out.display(),
                changes.len()
            ));
        }
        ExitCode::SUCCESS
    }
}

fn report_check(args: &Compile, changes: &[Change]) -> ExitCode {
    if changes.is_empty() {
        return ExitCode::SUCCESS;
    }
    if !args.quiet {
        let mut stdout = std::io::stdout();
        for change in changes {
            let _ = writeln!(stdout, "{change}");
        }
        say(&format!(
            "`{}` is not up to date: {} would change. Run the same command without `--check`.",
            args.out.display(),
            count(changes.len())
        ));
    }
    ExitCode::FAILURE
}

/// Names what is not as it was. What is new is in the way of nobody.
fn say_done(changes: &[Change]) {
    for change in changes {
        if !matches!(change, Change::Add(_)) {
            say(&change.done());
        }
    }
}

fn count(files: usize) -> String {
    match files {
        1 => "1 file".to_owned(),
        count => format!("{count} files"),
    }
}

fn write_protos(out: &Path) -> Outcome {
    let changes = Folder::new(out).write_protos()?;
    for warning in &changes.warnings {
        say(&warning.to_string());
    }
    say_done(&changes.changes);
    let out = out.display();
    say(&format!(
        "{} protos are in `{out}`. For protoc: `-I {out}`. For buf: a module beside your own, `- path: {out}` in \
         buf.yaml; and your own alone as `inputs` in buf.gen.yaml, such as `- directory: proto`, since these \
         need no code",
        rust_svc_build::embedded_protos().len(),
    ));
    Ok(ExitCode::SUCCESS)
}
