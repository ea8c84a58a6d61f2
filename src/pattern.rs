//! Proto paths in options, matched as prost-build matches them.

/// Whether a pattern of an option means a path (`.pkg.Message.field`) or something above it.
///
/// `.` is everything, `.pkg.Message` that and all below it, `.pkg.Message$` that alone, and `Message.field`,
/// without a leading dot, everything that ends so.
pub(crate) fn matches(pattern: &str, path: &str) -> bool {
    if let Some(exact) = exact(pattern) {
        return path == exact;
    }
    match pattern.strip_prefix('.') {
        Some("") => true,
        Some(_) => is_at_or_below(path, pattern),
        None => ends_so(pattern, path),
    }
}

/// Matches as [`matches`] does, for options about packages and services, where `user.v1` means `.user.v1` as well.
pub(crate) fn names(pattern: &str, path: &str) -> bool {
    matches(pattern, path) || is_at_or_below(path, &format!(".{pattern}"))
}

/// Whether a pattern means this path itself, and not only something above it.
pub(crate) fn is_of(pattern: &str, path: &str) -> bool {
    if pattern.starts_with('.') {
        exact(pattern).unwrap_or(pattern) == path
    } else {
        ends_so(pattern, path)
    }
}

/// The one path that a pattern with a `$` at its end means.
pub(crate) fn exact(pattern: &str) -> Option<&str> {
    pattern.strip_suffix('$')
}

/// Whether any of several patterns matches.
pub(crate) fn any(patterns: &[String], path: &str) -> bool {
    patterns.iter().any(|pattern| matches(pattern, path))
}

/// Whether a path is `outer` or goes on below it.
pub(crate) fn is_at_or_below(path: &str, outer: &str) -> bool {
    path.strip_prefix(outer)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

fn ends_so(pattern: &str, path: &str) -> bool {
    path.strip_suffix(pattern)
        .is_some_and(|rest| rest.ends_with('.'))
}

#[cfg(test)]
mod tests {
    use super::{is_of, matches};

    #[test]
    fn matches_paths_and_ends() {
        for pattern in [".", ".a", ".a.B", ".a.B.c", ".a.B.c$", "c", "B.c", "a.B.c"] {
            assert!(matches(pattern, ".a.B.c"), "{pattern}");
        }
        for pattern in [
            ".b", ".a.Bc", ".a.B.c.d", "B", "a.B", ".B.c", ".a$", ".a.B$", ".B.c$",
        ] {
            assert!(!matches(pattern, ".a.B.c"), "{pattern}");
        }
    }

    #[test]
    fn tells_a_path_from_what_is_above_it() {
        for pattern in [".a.B.c", ".a.B.c$", "c", "B.c"] {
            assert!(is_of(pattern, ".a.B.c"), "{pattern}");
        }
        for pattern in [".", ".a", ".a.B", ".a.B$", "B"] {
            assert!(!is_of(pattern, ".a.B.c"), "{pattern}");
        }
    }
}
