//! Features of this crate that generated code needs: one error names a feature that is missing, in place of
//! an error for each path into it.

/// Gives code back if this crate has the features that come before it.
///
/// Between the two stand the names that the code declares. Where a feature is missing, they are imported from
/// a module that does not exist: rustc says that once, and is silent about whatever uses them.
#[doc(hidden)]
#[macro_export]
macro_rules! __needs {
    ([] $names:tt $($code:tt)*) => {
        $($code)*
    };
    ([errors $($more:ident)*] $($rest:tt)*) => {
        $crate::__needs_errors! { [$($more)*] $($rest)* }
    };
    ([testing $($more:ident)*] $($rest:tt)*) => {
        $crate::__needs_testing! { [$($more)*] $($rest)* }
    };
    ([$newer:ident $($more:ident)*] $names:tt $($code:tt)*) => {
        $crate::__lacks! {
            "the generated code needs a newer `rust-svc`: run `cargo update -p rust-svc`",
            [$($more)*] $names
        }
    };
}

/// Says what is missing, and looks at what else is needed.
#[doc(hidden)]
#[macro_export]
macro_rules! __lacks {
    ($what:literal, $more:tt []) => {
        ::core::compile_error!($what);
        $crate::__needs! { $more [] }
    };
    ($what:literal, $more:tt [$($name:ident)+]) => {
        $crate::__lacks! { $what, $more [] }
        pub use $crate::__private::see_the_error_above::{$($name),+};
    };
}

#[cfg(feature = "errors")]
#[doc(hidden)]
#[macro_export]
macro_rules! __needs_errors {
    ($($all:tt)*) => {
        $crate::__needs! { $($all)* }
    };
}

#[cfg(not(feature = "errors"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __needs_errors {
    ($more:tt $names:tt $($code:tt)*) => {
        $crate::__lacks! {
            "types of errors need a feature of `rust-svc`: in Cargo.toml, write `rust-svc = { version = \"0.1\", features = [\"errors\"] }`; or generate without them: `errors=false`",
            $more $names
        }
    };
}

#[cfg(feature = "testing")]
#[doc(hidden)]
#[macro_export]
macro_rules! __needs_testing {
    ($($all:tt)*) => {
        $crate::__needs! { $($all)* }
    };
}

#[cfg(not(feature = "testing"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __needs_testing {
    ($more:tt $names:tt $($code:tt)*) => {
        $crate::__lacks! {
            "mocks need a feature of `rust-svc`: in Cargo.toml, write `rust-svc = { version = \"0.1\", features = [\"testing\"] }`; or generate without them: `testing=false`",
            $more $names
        }
    };
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_version_is_this_one() {
        let (version, _) = env!("CARGO_PKG_VERSION").rsplit_once('.').unwrap();
        let (macros, _) = include_str!("needs.rs").split_once("#[cfg(test)]").unwrap();
        let said = macros.split("version = \\\"").skip(1);
        let said: Vec<_> = said.map(|rest| rest.split('\\').next().unwrap()).collect();
        assert_eq!(said, [version; 2]);
    }
}
