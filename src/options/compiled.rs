//! Generators of other crates: prost-build and tonic-build are compiled in by cargo features.

use super::{Messages, Options, Stubs};
use crate::diagnostics::Diagnostic;

/// The generators of other crates that are compiled in.
#[derive(Clone, Copy)]
pub(crate) struct Compiled {
    prost_build: bool,
    tonic_build: bool,
}

impl Compiled {
    /// The generators of this build, by its cargo features.
    pub(crate) const HERE: Self = Self {
        prost_build: cfg!(feature = "prost-build"),
        tonic_build: cfg!(feature = "tonic-build"),
    };

    /// One error for each generator that the options need and that is not compiled in.
    ///
    /// tonic-build is needed for `services` only: their number, without which `runtime=false` needs nothing.
    pub(crate) fn missing(self, options: &Options, services: usize) -> Vec<Diagnostic> {
        let mut missing = Vec::new();
        if options.messages == Messages::Prost && !self.prost_build {
            missing.push(error(
                "`messages=prost` needs prost-build",
                "prost-build",
                "leave out `messages=prost`",
            ));
        }
        let has_stubs = services > 0 && (options.client || options.server);
        if has_stubs && options.effective_stubs() == Stubs::Tonic && !self.tonic_build {
            let (message, otherwise) = match options.stubs {
                Stubs::Tonic => ("`stubs=tonic` needs tonic-build", "leave out `stubs=tonic`"),
                Stubs::Svc => (
                    "clients and servers without the runtime need tonic-build",
                    "generate neither with `client=false,server=false`, or leave out `runtime=false`",
                ),
            };
            missing.push(error(message, "tonic-build", otherwise));
        }
        missing
    }
}

fn error(message: &str, feature: &str, otherwise: &str) -> Diagnostic {
    let version = concat!(
        env!("CARGO_PKG_VERSION_MAJOR"),
        ".",
        env!("CARGO_PKG_VERSION_MINOR")
    );
    Diagnostic::error(format!(
        "{message}: the feature `{feature}` of `rust-svc-build` is off"
    ))
    .with_help(format!(
        "write `rust-svc-build = {{ version = \"{version}\", features = [\"{feature}\"] }}` in Cargo.toml; or {otherwise}"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn missing(parameter: &str, services: usize) -> Vec<String> {
        let nothing = Compiled {
            prost_build: false,
            tonic_build: false,
        };
        let options = Options::parse(parameter).unwrap();
        let missing = nothing.missing(&options, services);
        missing.iter().map(Diagnostic::to_line).collect()
    }

    #[test]
    fn names_the_feature_and_the_line_for_cargo_toml() {
        assert_eq!(
            missing("messages=prost,stubs=tonic", 1),
            [
                "`messages=prost` needs prost-build: the feature `prost-build` of `rust-svc-build` is off (write `rust-svc-build = { version = \"0.1\", features = [\"prost-build\"] }` in Cargo.toml; or leave out `messages=prost`)",
                "`stubs=tonic` needs tonic-build: the feature `tonic-build` of `rust-svc-build` is off (write `rust-svc-build = { version = \"0.1\", features = [\"tonic-build\"] }` in Cargo.toml; or leave out `stubs=tonic`)",
            ]
        );
        assert_eq!(
            missing("runtime=false", 1),
            [
                "clients and servers without the runtime need tonic-build: the feature `tonic-build` of `rust-svc-build` is off (write `rust-svc-build = { version = \"0.1\", features = [\"tonic-build\"] }` in Cargo.toml; or generate neither with `client=false,server=false`, or leave out `runtime=false`)",
            ]
        );
    }

    #[test]
    fn needs_nothing_for_what_is_not_generated() {
        for (parameter, services) in [
            ("", 1),
            ("runtime=false", 0),
            ("runtime=false,client=false,server=false", 1),
            ("stubs=tonic,client=false,server=false", 1),
        ] {
            assert_eq!(missing(parameter, services), [""; 0], "{parameter}");
        }
    }
}
