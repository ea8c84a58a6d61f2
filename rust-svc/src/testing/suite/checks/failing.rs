//! Checks of calls that fail, are refused, are dropped, or panic, and of concurrent calls.

use std::sync::Arc;

use tokio::task::JoinSet;
use tonic::{Code, Status};

use super::super::Rule;
use super::super::world::{Act, At, Got, Mark, PANIC, Probe, call, failure, refusal};
use super::{Bench, Found, World, is_marked, shown};
use crate::Method;

pub(super) async fn fails(bench: Bench, method: &'static Method) -> Found {
    let mut world = bench.world(method, Probe::default(), Probe::default());
    let mut found = Found::new();
    for code in (1..=16).map(Code::from) {
        world.handler.set(Act::Fail(code));
        let got = world.call(&["one", "two"]).await;
        found.extend(differs(Rule::Status, &got, &failure(code)));
    }
    found.extend(world.still_passes(Rule::Status).await);
    found
}

pub(super) async fn fails_midway(bench: Bench, method: &'static Method) -> Found {
    let mut world = bench.world(method, Probe::default(), Probe::default());
    world.handler.set(Act::FailMidway);
    let got = world.call(&["one", "two"]).await;
    let mut found = differs(Rule::Status, &got, &failure(Code::Aborted));
    if got.messages != ["one"] {
        let seen = format!("before the error came {:?}", got.messages);
        found.push((Rule::Messages, seen));
    }
    found
}

/// Difference between the status of a call and the expected one.
fn differs(rule: Rule, got: &Got, expected: &Status) -> Found {
    let Some(Err(status)) = &got.end else {
        return vec![(rule, format!("of {} came OK", shown(expected)))];
    };
    let is_same = status.code() == expected.code()
        && status.message() == expected.message()
        && status.details() == expected.details()
        && is_marked(status.metadata(), "x-trailer");
    if is_same {
        return Vec::new();
    }
    vec![(
        rule,
        format!("of {} came {}", shown(expected), shown(status)),
    )]
}

pub(super) async fn refuses(bench: Bench, method: &'static Method, at: At) -> Found {
    let probe = Probe {
        refuses: Some(at),
        ..Probe::default()
    };
    let mut found = Found::new();
    for (outer, inner) in [(Probe::default(), probe.clone()), (probe, Probe::default())] {
        let mut world = bench.world(method, outer, inner);
        let got = world.call(&["one", "two"]).await;
        found.extend(differs(Rule::Refusals, &got, &refusal()));
    }
    found
}

/// More than the number of polls of a call.
const MOMENTS: usize = 64;

pub(super) async fn is_dropped(bench: Bench, method: &'static Method) -> Found {
    let mut found = Found::new();
    for act in [Act::Echo, Act::Hang] {
        let mut world = bench.world(method, Probe::default(), Probe::default());
        for moments in 0..MOMENTS {
            world.handler.set(act);
            if drop_after(&mut world, moments).await {
                break;
            }
        }
        found.extend(world.still_passes(Rule::Cancellation).await);
    }
    found
}

/// Polls a call this many times and drops it. Returns whether it had ended before.
async fn drop_after(world: &mut World, polls: usize) -> bool {
    let mut call = Box::pin(world.call(&["one", "two", "three"]));
    for _ in 0..polls {
        let poll = std::future::poll_fn(|context| {
            std::task::Poll::Ready(call.as_mut().poll(context).is_ready())
        });
        if poll.await {
            return true;
        }
        tokio::task::yield_now().await;
    }
    false
}

pub(super) async fn panics(bench: Bench, method: &'static Method) -> Found {
    let mut world = bench.world(method, Probe::default(), Probe::default());
    world.handler.set(Act::Panic);
    let (mut client, metadata) = (world.client.clone(), world.metadata.clone());
    let calling =
        tokio::spawn(
            async move { call(&mut client, method, metadata, vec!["one".to_owned()]).await },
        );
    let seen = match calling.await {
        Err(error) => match error.try_into_panic() {
            Ok(panic) if panic.downcast_ref() == Some(&PANIC) => None,
            _ => Some("another panic came of it".to_owned()),
        },
        Ok(got) => match got.end {
            Some(Err(status)) if world.recovers => status
                .message()
                .contains(PANIC)
                .then(|| format!("the caller is told of it: {}", shown(&status))),
            end => Some(format!("of it came {end:?}")),
        },
    };
    let mut found: Found = seen.into_iter().map(|seen| (Rule::Panics, seen)).collect();
    found.extend(world.still_passes(Rule::Panics).await);
    found
}

pub(super) async fn releases(bench: Bench, method: &'static Method) -> Found {
    let mark = Mark::default();
    let outer = Probe {
        mark: Some(mark.clone()),
        ..Probe::default()
    };
    let mut world = bench.world(method, outer, Probe::default());
    // The mark itself, and the one of the probe.
    let before = Arc::strong_count(&mark.0);
    for act in [Act::Echo, Act::Fail(Code::Aborted)] {
        world.handler.set(act);
        world.call(&["one", "two"]).await;
    }
    world.handler.set(Act::Hang);
    drop_after(&mut world, 8).await;
    // Lets other tasks end.
    for _ in 0..MOMENTS {
        tokio::task::yield_now().await;
    }
    match Arc::strong_count(&mark.0) - before {
        0 => Vec::new(),
        kept => vec![(
            Rule::Release,
            format!("after 3 calls their extensions are kept {kept} times"),
        )],
    }
}

/// Number of concurrent calls.
const CALLS: usize = 32;

pub(super) async fn many_at_once(bench: Bench, method: &'static Method) -> Found {
    let inner = Probe {
        meeting: Some(Arc::new(tokio::sync::Barrier::new(CALLS))),
        ..Probe::default()
    };
    let world = bench.world(method, Probe::default(), inner);
    let mut calls: JoinSet<_> = (0..CALLS)
        .map(|number| {
            let (mut client, metadata) = (world.client.clone(), world.metadata.clone());
            let text = format!("call {number}");
            async move {
                let got = call(&mut client, method, metadata, vec![text.clone()]).await;
                (text, got)
            }
        })
        .collect();
    // In the order in which they end: a refused call would block the others.
    while let Some(call) = calls.join_next().await {
        match call {
            Ok((text, got)) if got.messages == [text.as_str()] => {}
            call => {
                let got = call.map(|(_, got)| got).unwrap_or_default();
                return vec![(Rule::Concurrency, format!("one of them got {got:?}"))];
            }
        }
    }
    Found::new()
}
