//! Interceptors that break a rule each, which the suite has to find.

use rust_svc::testing::{InterceptorSuite, Rule};
use rust_svc::{AnyMessage, Call, End, Interceptor, Message, Outcome, Side, Start};
use tonic::metadata::{MetadataMap, MetadataValue};
use tonic::{Code, Extensions, Status};

mod hanging;
mod server;
mod state;

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
