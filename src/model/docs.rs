//! placeholder
pub(crate) fn rustdoc(comment: &str) -> Vec<String> { comment.lines().map(|l| l.to_owned()).collect() }
