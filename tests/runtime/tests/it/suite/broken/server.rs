//! Interceptors of servers that break a rule of servers: credentials, panics, and requests that are not read to their end.

use rust_svc::testing::{InterceptorSuite, Rule};
use rust_svc::{Call, End, Interceptor, Server, Start};
use tonic::Status;
use tonic::metadata::MetadataMap;

use super::finds;

/// Takes it for granted that a request is read to its end before it is answered.
#[test]
fn expects_all_of_the_request() {
    struct Expects;

    impl Interceptor<Server> for Expects {
        type State = bool;

        async fn start(&self, _: &mut Start<'_, Server>) -> Result<bool, Status> {
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

    impl Interceptor<Server> for Tells {
        type State = ();

        async fn start(&self, _: &mut Start<'_, Server>) -> Result<(), Status> {
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

    impl Interceptor<Server> for Late {
        type State = bool;

        async fn start(&self, call: &mut Start<'_, Server>) -> Result<bool, Status> {
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
