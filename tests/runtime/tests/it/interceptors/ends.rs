//! What `end` makes of a status, and of the trailers, is what the caller gets.

use rust_svc::{End, Outcome};
use tonic::metadata::MetadataMap;
use tonic::{Code, Status};

use super::{call_on, changing, code, everywhere, recorder, witness};
use crate::echo::{Got, Kind};
use crate::recorder::{Act, Log};

fn metadata(got: &Got) -> &MetadataMap {
    match &got.end {
        Ok(metadata) => metadata,
        Err(status) => status.metadata(),
    }
}

#[tokio::test]
async fn ok_becomes_an_error() {
    for (on, kind) in everywhere() {
        let (witness, ends) = changing(|end| end.set_status(Status::data_loss("after all")));
        let got = call_on(on, witness, kind, &["1"]).await;
        let status = got.end.expect_err("what end made of it");
        assert_eq!(status.code(), Code::DataLoss, "{on:?} {kind:?}");
        assert_eq!(status.message(), "after all", "{on:?} {kind:?}");
        assert_eq!(ends.only().await.status.code(), Code::Ok);
    }
}

/// A stream may end well whatever the handler thought of it.
#[tokio::test]
async fn an_error_of_a_stream_becomes_ok() {
    for (on, kind) in everywhere() {
        if matches!(kind, Kind::Unary | Kind::ClientStreaming) {
            continue;
        }
        let (witness, ends) = changing(|end| end.set_status(Status::ok("")));
        let got = call_on(on, witness, kind, &["1", "fail"]).await;
        assert_eq!(code(&got), Code::Ok, "{on:?} {kind:?}");
        assert_eq!(got.replies, ["1"], "{on:?} {kind:?}");
        assert_eq!(ends.only().await.status.code(), Code::NotFound);
    }
}

/// Where there is no message to return, there has to be an error, and one that says so.
#[tokio::test]
async fn an_error_without_a_message_does_not_become_ok() {
    for (on, kind) in everywhere() {
        if matches!(kind, Kind::ServerStreaming | Kind::BidiStreaming) {
            continue;
        }
        let (witness, ends) = changing(|end| end.set_status(Status::ok("")));
        let got = call_on(on, witness, kind, &["fail"]).await;
        let status = got.end.expect_err("no message");
        assert_eq!(status.code(), Code::Internal, "{on:?} {kind:?}");
        assert_eq!(ends.only().await.status.code(), Code::NotFound);
    }
}

/// The caller gets a status that differs from the one before in its code, its message or its details alone.
#[tokio::test]
async fn one_part_of_an_error_changes() {
    fn replace(end: &mut End<'_>, (code, message, details): Parts) {
        let mut status = Status::with_details(code, message, details.into());
        *status.metadata_mut() = end.trailers().clone();
        end.set_status(status);
    }
    type Change = fn(&mut End<'_>);
    type Parts = (Code, &'static str, &'static [u8]);
    const CODE: Parts = (Code::DataLoss, "told to fail", b"");
    const MESSAGE: Parts = (Code::NotFound, "another message", b"");
    const DETAILS: Parts = (Code::NotFound, "told to fail", b"details");
    let changes: [(Change, Parts); 3] = [
        (|end| replace(end, CODE), CODE),
        (|end| replace(end, MESSAGE), MESSAGE),
        (|end| replace(end, DETAILS), DETAILS),
    ];
    for (on, kind) in everywhere() {
        for (change, parts) in changes {
            let (witness, _ends) = changing(change);
            let got = call_on(on, witness, kind, &["fail"]).await;
            let status = got.end.expect_err("an error");
            let found = (status.code(), status.message(), status.details());
            assert_eq!(found, parts, "{on:?} {kind:?}");
            assert_eq!(
                status.metadata().get("x-trailer").unwrap(),
                "of the handler"
            );
        }
    }
}

fn add_trailer(end: &mut End<'_>) {
    let value = "of end".parse().unwrap();
    end.trailers_mut().append("x-end", value);
}

#[tokio::test]
async fn trailers_of_end_arrive_with_ok() {
    for (on, kind) in everywhere() {
        let (witness, ends) = changing(add_trailer);
        let got = call_on(on, witness, kind, &["1"]).await;
        assert_eq!(code(&got), Code::Ok);
        let found = metadata(&got).get("x-end");
        assert_eq!(found.expect("a trailer"), "of end", "{on:?} {kind:?}");
        assert_eq!(ends.only().await.outcome, Outcome::Completed);
    }
}

/// Together with those that the handler gave its error.
#[tokio::test]
async fn trailers_of_end_arrive_with_an_error() {
    for (on, kind) in everywhere() {
        let (witness, ends) = changing(add_trailer);
        let got = call_on(on, witness, kind, &["fail"]).await;
        assert_eq!(code(&got), Code::NotFound, "{on:?} {kind:?}");
        assert_eq!(metadata(&got).get("x-end").unwrap(), "of end");
        assert_eq!(metadata(&got).get("x-trailer").unwrap(), "of the handler");
        let seen = ends.only().await.status;
        assert_eq!(seen.metadata().get("x-trailer").unwrap(), "of the handler");
    }
}

/// The binary details of a status are part of it.
#[tokio::test]
async fn details_arrive_and_are_seen() {
    for (_, kind) in everywhere() {
        let (inner, _) = changing(|end| {
            let details = b"details"[..].into();
            end.set_status(Status::with_details(Code::DataLoss, "lost", details));
        });
        let (outer, ends) = witness();
        let got = super::call_server((outer, inner), kind, &["1"]).await;
        assert_eq!(got.end.unwrap_err().details(), b"details", "{kind:?}");
        assert_eq!(ends.only().await.status.details(), b"details", "{kind:?}");
    }
}

#[tokio::test]
async fn outer_ends_see_what_inner_ends_made_of_it() {
    for (on, kind) in everywhere() {
        let (outer, ends) = witness();
        let inner = recorder('b', Act::ChangeEnd, &Log::default());
        let got = call_on(on, (outer, inner), kind, &["1"]).await;
        assert_eq!(code(&got), Code::Aborted, "{on:?} {kind:?}");
        let seen = ends.only().await.status;
        assert_eq!(seen.code(), Code::Aborted, "{on:?} {kind:?}");
        assert_eq!(seen.metadata().get("x-trailer").unwrap(), "b");
    }
}

/// A refusal at `start` is a status as any other: those further out may replace it.
#[tokio::test]
async fn outer_ends_may_replace_a_refusal() {
    for (on, kind) in everywhere() {
        let (outer, ends) = changing(|end| end.set_status(Status::not_found("hidden")));
        let inner = recorder('b', Act::RefuseStart, &Log::default());
        let got = call_on(on, (outer, inner), kind, &["1"]).await;
        assert_eq!(got.end.unwrap_err().message(), "hidden", "{on:?} {kind:?}");
        assert_eq!(ends.only().await.status.code(), Code::PermissionDenied);
    }
}
