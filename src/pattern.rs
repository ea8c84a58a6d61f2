//! Proto paths in options, matched as prost-build matches them.

/// Whether a pattern of an option means a path (`.pkg.Message.field`) or something above it.
///
/// `.` is everything, `.pkg.Message` that and all below it, and `Message.field`, without a leading
/// dot, everything that ends so.
pub(crate) fn matches(pattern: &str, path: &str) -> bool {
    match pattern.strip_prefix('.') {
        Some("") => true,
        Some(_) => is_at_or_below(path, pattern),
        None => path
            .strip_suffix(pattern)
            .is_some_and(|rest| rest.ends_with('.')),
    }
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

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn matches_paths_and_ends() {
        for pattern in [".", ".a", ".a.B", ".a.B.c", "c", "B.c", "a.B.c"] {
            assert!(matches(pattern, ".a.B.c"), "{pattern}");
        }
        for pattern in [".b", ".a.Bc", ".a.B.c.d", "B", "a.B", ".B.c"] {
            assert!(!matches(pattern, ".a.B.c"), "{pattern}");
        }
    }
}
