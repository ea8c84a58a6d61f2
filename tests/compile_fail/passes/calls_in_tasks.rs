// Calls of a client go to other threads, whatever its interceptors and hooks are.

use compile_fail_tests::svc::kinds_client::{KindsClient, KindsClientHooks};
use compile_fail_tests::svc::{Request as Question, Response as Reply};
use rust_svc::{Client, ClientNext, Interceptor, InterceptorList, RequestStream, Start, selector};
use tonic::transport::Channel;
use tonic::{Request, Response, Status, Streaming};

#[derive(Clone)]
struct Logging;

impl Interceptor<Client> for Logging {
    type State = ();

    async fn start(&self, _: &mut Start<'_, Client>) -> Result<(), Status> {
        Ok(())
    }
}

struct Hooks;

impl KindsClientHooks for Hooks {
    async fn bidi_streaming(
        &self,
        request: Request<RequestStream<Question>>,
        next: impl ClientNext<RequestStream<Question>, Streaming<Reply>>,
    ) -> Result<Response<Streaming<Reply>>, Status> {
        next.run(request).await
    }
}

fn goes_to_a_thread<T: Send>(_: T) {}

fn calls<I, H>(mut client: KindsClient<Channel, I, H>) -> impl Future
where
    I: Interceptor<Client> + 'static,
    H: KindsClientHooks,
{
    async move { client.unary(Question::default()).await }
}

fn main() {
    let _ = |channel: Channel| {
        let mut list = InterceptorList::<Client>::new();
        list.push(Logging);
        let mut listed = KindsClient::new(channel.clone()).intercept(list);
        goes_to_a_thread(async move {
            let _ = listed.unary(Question::default()).await;
            let _ = listed.server_streaming(Question::default()).await;
        });
        let mut selected = KindsClient::new(channel.clone()).intercept(selector("Unary", Logging));
        goes_to_a_thread(async move {
            let _ = selected.unary(Question::default()).await;
        });
        let mut hooked = KindsClient::new(channel.clone()).with_hooks(Hooks);
        let none = tonic::codegen::tokio_stream::iter([]);
        goes_to_a_thread(async move {
            let _ = hooked.bidi_streaming(none).await;
        });
        drop(calls(
            KindsClient::new(channel).intercept((Logging, Logging)),
        ));
    };
}
