//! Interceptors that break a rule each, which the suite has to find.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rust_svc::testing::{InterceptorSuite, Rule};
use rust_svc::{AnyMessage, Call, End, Interceptor, Message, Outcome, Side, Start};
use tokio::sync::{Mutex as AsyncMutex, OwnedMutexGuard};
use tonic::metadata::{MetadataMap, MetadataValue};
use tonic::{Code, Extensions, Status};

/// A report on both sides names this rule, and all of these if there are more.
fn breaks<I>(make: fn() -> I, rules: &[Rule])
where
    I: Interceptor<rust_svc::Server> + Interceptor<rust_svc::Client> + 'static,
{
    finds(InterceptorSuite::on_server(make), rules);
    finds(InterceptorSuite::on_client(make), rules);
}

fn finds(suite: InterceptorSuite, rules: &[Rule]) {
    let report = suite.run().expect_err("it finds nothing");
    assert_eq!(report.rules(), rules, "{report}");
    let text = report.to_string();
    for rule in rules {
        assert!(text.contains(&format!("{rule:?}: {rule}")), "{text}");
    }
    // Nothing is left to find where those rules are skipped.
    let all = rules.iter().copied();
    assert!(all.fold(suite, InterceptorSuite::skip).run().is_ok());
}

/// A report names this rule, which is that of a check without an end. On a slow machine other checks may
/// not end in that time either, so a report may name more.
fn hangs(suite: InterceptorSuite, rule: Rule) {
    let suite = suite.patience(Duration::from_millis(300));
    let rules = suite.run().unwrap_err().rules();
    assert!(rules.contains(&rule), "{rules:?}");
}

/// An interceptor that does what is written for some hooks.
macro_rules! broken {
    (
        $(#[$doc:meta])*
        $test:ident breaks $($rule:ident),+;
        $(start($start:ident) $start_body:block)?
        $(request($request:ident) $request_body:block)?
        $(headers($headers:ident) $headers_body:block)?
        $(response($response:ident) $response_body:block)?
        $(end($end:ident) $end_body:block)?
    ) => {
        $(#[$doc])*
        #[test]
        fn $test() {
            struct Broken;

            impl<S: Side> Interceptor<S> for Broken {
                type State = ();

                async fn start(&self, call: &mut Start<'_, S>) -> Result<(), Status> {
                    let _ = &call;
                    $(let $start = call; $start_body)?
                    Ok(())
                }

                fn request_message<M: Message + ?Sized>(
                    &self,
                    _: &mut Call<'_, ()>,
                    message: &mut M,
                ) -> Result<(), Status> {
                    let _ = &message;
                    $(let $request = message; $request_body)?
                    Ok(())
                }

                fn response_headers(
                    &self,
                    _: &mut Call<'_, ()>,
                    headers: &mut MetadataMap,
                ) -> Result<(), Status> {
                    let _ = &headers;
                    $(let $headers = headers; $headers_body)?
                    Ok(())
                }

                fn response_message<M: Message + ?Sized>(
                    &self,
                    _: &mut Call<'_, ()>,
                    message: &mut M,
                ) -> Result<(), Status> {
                    let _ = &message;
                    $(let $response = message; $response_body)?
                    Ok(())
                }

                fn end(&self, _: &mut Call<'_, ()>, end: &mut End<'_>) {
                    let _ = &end;
                    $(let $end = end; $end_body)?
                }
            }

            breaks(|| Broken, &[$(Rule::$rule),+]);
        }
    };
}

/// Changes the text of a message of the suite.
fn change<M: Message + ?Sized>(message: &mut M) {
    if let Some(text) = message.downcast_mut::<String>() {
        text.push('!');
    }
}

broken! {
    changes_requests breaks Messages, Concurrency;
    request(message) { change(message); }
}

broken! {
    changes_responses breaks Messages, Concurrency;
    response(message) { change(message); }
}

broken! {
    takes_metadata breaks Metadata;
    start(call) { call.metadata_mut().remove("x-request"); }
}

broken! {
    takes_binary_metadata breaks Metadata;
    start(call) { call.metadata_mut().remove_bin("x-mark-bin"); }
}

broken! {
    takes_all_metadata breaks Metadata, Deadline;
    start(call) { *call.metadata_mut() = MetadataMap::new(); }
}

broken! {
    takes_one_of_two_values breaks Metadata;
    start(call) {
        call.metadata_mut().insert("x-request", MetadataValue::from_static("one"));
    }
}

broken! {
    takes_headers breaks Headers;
    headers(headers) { headers.remove("x-header"); }
}

broken! {
    takes_trailers breaks Trailers;
    end(end) {
        if end.status().code() == Code::Ok {
            end.trailers_mut().remove("x-trailer");
        }
    }
}

broken! {
    takes_extensions breaks Extensions;
    start(call) { *call.extensions_mut() = Extensions::new(); }
}

broken! {
    changes_codes breaks Status, Refusals;
    end(end) {
        if end.status().code() != Code::Ok {
            let mut status = Status::with_details(
                Code::Internal,
                end.status().message(),
                end.status().details().to_vec().into(),
            );
            *status.metadata_mut() = end.trailers().clone();
            end.set_status(status);
        }
    }
}

broken! {
    forgets_what_errors_say breaks Status, Refusals;
    end(end) {
        if end.status().code() != Code::Ok {
            let status = Status::new(end.status().code(), end.status().message());
            end.set_status(status);
        }
    }
}

broken! {
    makes_ok_of_errors breaks Status, Refusals;
    end(end) {
        if end.status().code() != Code::Ok {
            end.set_status(Status::ok(""));
        }
    }
}

broken! {
    makes_errors_of_ok breaks Passes;
    end(end) {
        if end.status().code() == Code::Ok {
            end.set_status(Status::unknown("who knows"));
        }
    }
}

broken! {
    makes_up_metadata_of_grpc breaks Reserved;
    start(call) {
        call.metadata_mut().insert("grpc-priority", MetadataValue::from_static("1"));
    }
}

broken! {
    makes_up_headers_of_grpc breaks Reserved;
    headers(headers) { headers.insert("grpc-took", MetadataValue::from_static("1")); }
}

broken! {
    takes_the_deadline breaks Deadline;
    start(call) { call.metadata_mut().remove("grpc-timeout"); }
}

broken! {
    makes_the_deadline_later breaks Deadline;
    start(call) {
        call.metadata_mut().insert("grpc-timeout", MetadataValue::from_static("1M"));
    }
}

broken! {
    hides_refusals breaks Refusals;
    end(end) {
        if end.status().message() == "refused" {
            end.set_status(Status::not_found("there is nothing here"));
        }
    }
}

broken! {
    panics_when_dropped breaks Cancellation, NoPanic;
    end(end) { assert!(end.outcome() != Outcome::Dropped, "not today"); }
}

broken! {
    refuses_all breaks Passes;
    start(call) {
        if call.timeout().is_some() {
            return Err(Status::unavailable("closed"));
        }
    }
}

broken! {
    refuses_large_messages breaks Passes;
    request(message) {
        if AnyMessage::as_any(&*message).is::<String>() && message.encoded_len() > 1000 {
            return Err(Status::resource_exhausted("too much"));
        }
    }
}

broken! {
    panics_at_errors breaks NoPanic;
    end(end) { assert!(end.status().code() != Code::Aborted, "not today"); }
}

broken! {
    panics_at_one_code breaks NoPanic;
    end(end) { assert!(end.status().code() != Code::DataLoss, "not today"); }
}

broken! {
    trusts_metadata breaks OddMetadata;
    start(call) {
        if let Some(agent) = call.metadata().get("traceparent") {
            agent.to_str().unwrap();
        }
    }
}

broken! {
    decodes_what_it_gets breaks OddMetadata;
    start(call) {
        if let Some(value) = call.metadata().get_bin("x-odd-bin") {
            value.to_bytes().unwrap();
        }
    }
}

/// State of a call in a map of all calls, from which nobody takes it when a call is dropped.
#[test]
fn keeps_calls() {
    #[derive(Default)]
    struct Keeps(Mutex<Vec<Extensions>>);

    impl<S: Side> Interceptor<S> for Keeps {
        type State = ();

        async fn start(&self, call: &mut Start<'_, S>) -> Result<(), Status> {
            self.0.lock().unwrap().push(call.extensions().clone());
            Ok(())
        }
    }
    breaks(Keeps::default, &[Rule::Release]);
}

/// Refuses a call while another one goes on.
#[test]
fn lets_one_call_pass_at_a_time() {
    #[derive(Default)]
    struct One(Arc<AsyncMutex<()>>);

    impl<S: Side> Interceptor<S> for One {
        type State = OwnedMutexGuard<()>;

        async fn start(&self, _: &mut Start<'_, S>) -> Result<Self::State, Status> {
            let lock = Arc::clone(&self.0).try_lock_owned();
            lock.map_err(|_| Status::resource_exhausted("one at a time"))
        }
    }
    breaks(One::default, &[Rule::Concurrency]);
}

/// Holds a lock from the start of a call to its end.
#[test]
fn lets_calls_wait_for_each_other() {
    #[derive(Default)]
    struct Waits(Arc<AsyncMutex<()>>);

    impl<S: Side> Interceptor<S> for Waits {
        type State = OwnedMutexGuard<()>;

        async fn start(&self, _: &mut Start<'_, S>) -> Result<Self::State, Status> {
            Ok(Arc::clone(&self.0).lock_owned().await)
        }
    }
    hangs(
        InterceptorSuite::on_server(Waits::default),
        Rule::Concurrency,
    );
    hangs(
        InterceptorSuite::on_client(Waits::default),
        Rule::Concurrency,
    );
}

/// What belongs to a call is in the interceptor, where the next call finds it.
#[test]
fn mixes_calls_up() {
    #[derive(Default)]
    struct Mixes(Mutex<HashMap<usize, String>>);

    impl<S: Side> Interceptor<S> for Mixes {
        type State = ();

        async fn start(&self, _: &mut Start<'_, S>) -> Result<(), Status> {
            Ok(())
        }

        fn request_message<M: Message + ?Sized>(
            &self,
            _: &mut Call<'_, ()>,
            message: &mut M,
        ) -> Result<(), Status> {
            let mut last = self.0.lock().unwrap();
            let text = message
                .downcast_ref::<String>()
                .cloned()
                .unwrap_or_default();
            last.insert(0, text);
            Ok(())
        }

        fn response_message<M: Message + ?Sized>(
            &self,
            _: &mut Call<'_, ()>,
            message: &mut M,
        ) -> Result<(), Status> {
            // The messages of many calls at once, which have one each.
            if let Some(text) = message.downcast_mut::<String>()
                && text.starts_with("call")
            {
                *text = self.0.lock().unwrap()[&0].clone();
            }
            Ok(())
        }
    }
    breaks(Mixes::default, &[Rule::Concurrency]);
}

/// Takes it for granted that a request is read to its end before it is answered.
#[test]
fn expects_all_of_the_request() {
    struct Expects;

    impl Interceptor<rust_svc::Server> for Expects {
        type State = bool;

        async fn start(&self, _: &mut Start<'_, rust_svc::Server>) -> Result<bool, Status> {
            Ok(false)
        }

        fn half_close(&self, call: &mut Call<'_, bool>) {
            *call.state = true;
        }

        fn response_headers(
            &self,
            call: &mut Call<'_, bool>,
            _: &mut MetadataMap,
        ) -> Result<(), Status> {
            let is_bidi = call.method().kind() == rust_svc::MethodKind::BidiStreaming;
            assert!(*call.state || is_bidi, "not today");
            Ok(())
        }
    }
    finds(InterceptorSuite::on_server(|| Expects), &[Rule::NoPanic]);
}

/// What a panic says goes to whoever called.
#[test]
fn tells_of_panics() {
    struct Tells;

    impl Interceptor<rust_svc::Server> for Tells {
        type State = ();

        async fn start(&self, _: &mut Start<'_, rust_svc::Server>) -> Result<(), Status> {
            Ok(())
        }

        fn recovers(&self) -> bool {
            true
        }

        fn recover(
            &self,
            _: &mut Call<'_, ()>,
            panic: &(dyn std::any::Any + Send),
        ) -> Option<Status> {
            let text = panic.downcast_ref::<&str>().copied().unwrap_or_default();
            Some(Status::internal(text))
        }
    }
    finds(InterceptorSuite::on_server(|| Tells), &[Rule::Panics]);
}

/// Lets in who shows nothing.
#[test]
fn lets_everybody_in() {
    let suite = InterceptorSuite::on_server(|| ()).metadata("authorization", "token");
    finds(suite, &[Rule::Credentials]);
}

/// Refuses when it has seen what it is not to see.
#[test]
fn refuses_too_late() {
    struct Late;

    impl Interceptor<rust_svc::Server> for Late {
        type State = bool;

        async fn start(&self, call: &mut Start<'_, rust_svc::Server>) -> Result<bool, Status> {
            Ok(call.metadata().get("authorization").is_some())
        }

        fn end(&self, call: &mut Call<'_, bool>, end: &mut End<'_>) {
            if !*call.state {
                end.set_status(Status::unauthenticated("too late"));
            }
        }
    }
    let suite = InterceptorSuite::on_server(|| Late).metadata("authorization", "token");
    finds(suite, &[Rule::Credentials]);
}

/// A hook that waits for something, and with it everybody on its thread.
#[test]
fn blocks() {
    struct Blocks;

    impl<S: Side> Interceptor<S> for Blocks {
        type State = ();

        async fn start(&self, _: &mut Start<'_, S>) -> Result<(), Status> {
            Ok(())
        }

        fn half_close(&self, _: &mut Call<'_, ()>) {
            std::thread::sleep(Duration::from_secs(3600));
        }
    }
    hangs(InterceptorSuite::on_server(|| Blocks), Rule::NoBlocking);
}

/// A `start` that waits for what does not come.
#[test]
fn never_starts() {
    struct Waits;

    impl<S: Side> Interceptor<S> for Waits {
        type State = ();

        async fn start(&self, _: &mut Start<'_, S>) -> Result<(), Status> {
            std::future::pending().await
        }
    }
    hangs(InterceptorSuite::on_server(|| Waits), Rule::NoBlocking);
}

/// What is found is told with its place, and what to do about it.
#[test]
fn a_report_says_what_and_where() {
    struct Takes;

    impl<S: Side> Interceptor<S> for Takes {
        type State = ();

        async fn start(&self, call: &mut Start<'_, S>) -> Result<(), Status> {
            call.metadata_mut().remove("grpc-timeout");
            Ok(())
        }
    }
    let report = InterceptorSuite::on_server(|| Takes).run().unwrap_err();
    assert_eq!(report.violations().len(), 4);
    let text = report.to_string();
    for line in [
        "the interceptor breaks rules:",
        "Deadline: `grpc-timeout` is not taken away or made longer",
        "  BidiStreaming, calls that pass: of 5 s there is left: None",
        "  help: leave `grpc-timeout` as it is, or make it shorter",
    ] {
        assert!(text.lines().any(|found| found == line), "{line}\n{text}");
    }
}
