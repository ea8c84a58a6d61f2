//! One user's code compiles with either kind of stubs, and does the same.

use super::{ours, tonics};

#[tokio::test]
async fn one_users_code() {
    let expected = [
        "four_kinds.v1.Kinds",
        "four_kinds.v1.Kinds",
        "one",
        "a,b",
        "c",
        "d",
        "a",
        "b",
        "spawned",
        "four_kinds.v1.Kinds",
        "one",
        "a,b",
        "c",
        "d",
        "a",
        "b",
        "x-passed: \"client\"",
        "x-passed: \"server\"",
        "one",
        "a,b",
        "c",
        "d",
        "a",
        "b",
    ];
    assert_eq!(tonics::everything().await, expected, "tonic's");
    assert_eq!(ours::everything().await, expected, "ours");
}
