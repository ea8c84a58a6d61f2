//! However interceptors are put together, they do what a tuple of them does.

use std::sync::Arc;

use rust_svc::{DynInterceptor, Interceptor, InterceptorList, Server};

use super::{call_server, recorder};
use crate::echo::{KINDS, Kind};
use crate::recorder::{Act, Log, Recorder};

/// What the one in the middle does.
const ACTS: [Act; 6] = [
    Act::Nothing,
    Act::RefuseStart,
    Act::RefuseRequest(2),
    Act::RefuseResponse(2),
    Act::ChangeMessages,
    Act::ChangeEnd,
];

fn three(act: Act, log: &Log) -> [Recorder; 3] {
    [
        recorder('a', Act::Nothing, log),
        recorder('b', act, log),
        recorder('c', Act::Nothing, log),
    ]
}

/// What happens in a call, and what the caller gets.
async fn outcome<I: Interceptor<Server> + 'static>(
    arrange: fn([Recorder; 3]) -> I,
    act: Act,
    kind: Kind,
) -> (Vec<String>, String) {
    let log = Log::default();
    let interceptors = arrange(three(act, &log));
    let got = call_server(interceptors, kind, &["1", "2", "fail"]).await;
    let end = got
        .end
        .map_err(|status| (status.code(), status.metadata().clone()));
    let got = format!("{:?} {end:?}", got.replies);
    (log.events(), got)
}

async fn like_a_tuple<I: Interceptor<Server> + 'static>(arrange: fn([Recorder; 3]) -> I) {
    for (act, kind) in ACTS
        .into_iter()
        .flat_map(|act| KINDS.map(|kind| (act, kind)))
    {
        let expected = outcome(|[a, b, c]| (a, b, c), act, kind).await;
        let found = outcome(arrange, act, kind).await;
        assert_eq!(found, expected, "{act:?} {kind:?}");
    }
}

/// What all others are compared with: from the outside in, and from the inside out.
#[tokio::test]
async fn a_tuple() {
    let arrange = |[a, b, c]: [Recorder; 3]| (a, b, c);
    let (events, _) = outcome(arrange, Act::RefuseRequest(2), Kind::BidiStreaming).await;
    let expected = "aS bS cS cD bD aD aQ bQ cQ cR bR aR aQ bQ \
                    cE=PermissionDenied bE=PermissionDenied aE=PermissionDenied";
    assert_eq!(events.join(" "), expected);
    let (events, _) = outcome(arrange, Act::RefuseStart, Kind::Unary).await;
    assert_eq!(events.join(" "), "aS bS aE=PermissionDenied");
}

#[tokio::test]
async fn tuples_of_tuples() {
    like_a_tuple(|[a, b, c]| ((a, b), c)).await;
    like_a_tuple(|[a, b, c]| (a, (b, c))).await;
    like_a_tuple(|[a, b, c]| ((), ((a,), (), (b, (), (c, ()))))).await;
}

#[tokio::test]
async fn lists_of_one_type() {
    like_a_tuple(Vec::from).await;
    like_a_tuple(|[a, b, c]| vec![vec![a, b], vec![], vec![c]]).await;
}

type Dyn = dyn DynInterceptor<Server>;

#[tokio::test]
async fn lists_of_any_type() {
    like_a_tuple(|[a, b, c]| -> Vec<Arc<Dyn>> { vec![Arc::new(a), Arc::new(b), Arc::new(c)] })
        .await;
    like_a_tuple(|[a, b, c]| -> Vec<Box<Dyn>> { vec![Box::new((a, b)), Box::new(Some(c))] }).await;
}

/// A list that is itself one of a list.
#[tokio::test]
async fn a_list_in_a_list() {
    like_a_tuple(|[a, b, c]| -> Vec<Arc<Dyn>> {
        let inner: Vec<Arc<Dyn>> = vec![Arc::new(b), Arc::new(c)];
        vec![Arc::new(a), Arc::new(inner)]
    })
    .await;
}

#[tokio::test]
async fn pointers() {
    like_a_tuple(|[a, b, c]| (Arc::new(a), Box::new(b), Arc::new(Box::new(c)))).await;
    like_a_tuple(|all| Arc::<[Recorder]>::from(all).to_vec()).await;
    like_a_tuple(|[a, b, c]| -> Box<Dyn> { Box::new((a, b, c)) }).await;
    like_a_tuple(|[a, b, c]| -> Arc<Dyn> { Arc::new((a, b, c)) }).await;
}

/// One for the whole life of the process.
#[tokio::test]
async fn references() {
    like_a_tuple(|all| {
        let [a, b, c]: &'static [Recorder; 3] = Box::leak(Box::new(all));
        (a, b, c)
    })
    .await;
}

#[tokio::test]
async fn options() {
    like_a_tuple(|[a, b, c]| (Some(a), Some(Some(b)), Some((c, None::<Recorder>)))).await;
    like_a_tuple(|[a, b, c]| Some((a, b, c))).await;
}

/// Nothing happens where there is nothing.
#[tokio::test]
async fn none() {
    for kind in KINDS {
        let none = (None::<Recorder>, Vec::<Arc<Dyn>>::new(), ((), ()));
        let got = call_server(none, kind, &["1"]).await;
        assert_eq!(got.replies, ["1"], "{kind:?}");
        assert!(got.end.is_ok(), "{kind:?}");
    }
}

#[tokio::test]
async fn all_lengths_of_tuples() {
    let log = Log::default();
    let [a, b, c, d, e, f, g, h] =
        ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map(|name| recorder(name, Act::Nothing, &log));
    let check = |length: usize| {
        let names = &"abcdefgh"[..length];
        let each = |event: &str| names.chars().map(|name| format!("{name}{event}")).collect();
        let inwards = |event: &str| -> Vec<_> { each(event) };
        let outwards = |event: &str| inwards(event).into_iter().rev().collect();
        let expected: Vec<String> = [
            inwards("S"),
            inwards("Q"),
            inwards("H"),
            outwards("D"),
            outwards("R"),
            outwards("E=Ok"),
        ]
        .concat();
        let events = log.events();
        assert_eq!(events[events.len() - expected.len()..], expected);
    };
    macro_rules! tuples {
        ($($length:literal $tuple:expr;)*) => {$(
            call_server($tuple, Kind::Unary, &["1"]).await;
            check($length);
        )*};
    }
    let (a, b, c, d) = (Arc::new(a), Arc::new(b), Arc::new(c), Arc::new(d));
    let (e, f, g, h) = (Arc::new(e), Arc::new(f), Arc::new(g), Arc::new(h));
    let [a, b, c, d, e, f, g, h] = [&a, &b, &c, &d, &e, &f, &g, &h];
    tuples! {
        1 (a.clone(),);
        2 (a.clone(), b.clone());
        3 (a.clone(), b.clone(), c.clone());
        4 (a.clone(), b.clone(), c.clone(), d.clone());
        5 (a.clone(), b.clone(), c.clone(), d.clone(), e.clone());
        6 (a.clone(), b.clone(), c.clone(), d.clone(), e.clone(), f.clone());
        7 (a.clone(), b.clone(), c.clone(), d.clone(), e.clone(), f.clone(), g.clone());
        8 (a.clone(), b.clone(), c.clone(), d.clone(), e.clone(), f.clone(), g.clone(), h.clone());
    }
}

/// However it was filled.
#[tokio::test]
async fn a_list_that_is_filled_at_run_time() {
    like_a_tuple(|three| {
        let mut list = InterceptorList::new();
        for one in three {
            list.push(one);
        }
        list
    })
    .await;
    like_a_tuple(|three| {
        let shared = three.map(|one| Arc::new(one) as Arc<dyn DynInterceptor<Server>>);
        InterceptorList::from_iter(shared)
    })
    .await;
    like_a_tuple(|three| {
        let shared = three.map(|one| Arc::new(one) as Arc<dyn DynInterceptor<Server>>);
        InterceptorList::from(shared.to_vec())
    })
    .await;
    like_a_tuple(|three| {
        let mut list = InterceptorList::new();
        for one in three {
            list.push(Arc::new(one) as Arc<dyn DynInterceptor<Server>>);
        }
        list
    })
    .await;
}
