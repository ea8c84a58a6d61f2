//! Check of the features that generated code needs: one error names a missing feature, in place of an error for each path
//! into it.

/// Expands to the code if this crate has the features in the first list.
///
/// The second list has the names that the code declares. If a feature is missing, they are imported from a module that does
/// not exist: rustc reports that once, and reports no use of them.
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

/// Reports a missing feature, and checks the others.
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
            "error types need a feature of `rust-svc`: in Cargo.toml, write `rust-svc = { version = \"0.1\", features = [\"errors\"] }`; or generate without them: `errors=false`",
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
