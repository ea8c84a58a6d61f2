//! Messages that hooks look at, whose types they may know.

use std::sync::Arc;

use runtime_tests::svc::{Request as Question, Response as Reply};
use rust_svc::{AnyMessage, Call, DynInterceptor, Interceptor, Message, Server, Side, Start};
use tonic::Status;

use super::{call_on, call_server, everywhere};
use crate::echo::Kind;
use crate::recorder::Log;

/// Writes down what it is told of a message, then changes it by its type.
#[derive(Clone, Default)]
struct Reader(Log);

impl Reader {
    fn read<M: Message + ?Sized>(&self, message: &mut M) {
        let name = message.type_name();
        let size = message.encoded_len();
        self.0.push(format!("{name}: {message:?} in {size} bytes"));
        // One of the two, and no other.
        assert_ne!(
            message.downcast_ref::<Question>().is_some(),
            message.downcast_ref::<Reply>().is_some(),
        );
        assert!(message.downcast_ref::<String>().is_none());
        if let Some(question) = message.downcast_mut::<Question>() {
            question.text.push('?');
        }
        if let Some(reply) = message.downcast_mut::<Reply>() {
            reply.text.push('!');
        }
    }
}

impl<S: Side> Interceptor<S> for Reader {
    type State = ();

    async fn start(&self, _: &mut Start<'_, S>) -> Result<(), Status> {
        Ok(())
    }

    fn request_message<M: Message + ?Sized>(
        &self,
        _: &mut Call<'_, ()>,
        message: &mut M,
    ) -> Result<(), Status> {
        self.read(message);
        Ok(())
    }

    fn response_message<M: Message + ?Sized>(
        &self,
        _: &mut Call<'_, ()>,
        message: &mut M,
    ) -> Result<(), Status> {
        self.read(message);
        Ok(())
    }
}

fn assert_read(log: &Log) {
    let [question, reply] = &log.events()[..] else {
        panic!("two messages, not {:?}", log.events());
    };
    let is = |event: &str, name: &str, text: &str, bytes: usize| {
        let debug = format!("{name} {{ text: {text:?} }} in {bytes} bytes");
        event.contains("runtime_tests") && event.ends_with(&format!("::{name}: {debug}"))
    };
    assert!(is(question, "Request", "1", 3), "{question}");
    assert!(is(reply, "Response", "1?", 4), "{reply}");
}

#[tokio::test]
async fn hooks_know_types_and_may_change_messages() {
    for (on, kind) in everywhere() {
        let reader = Reader::default();
        let got = call_on(on, reader.clone(), kind, &["1"]).await;
        assert_eq!(got.replies, ["1?!"], "{on:?} {kind:?}");
        assert_read(&reader.0);
    }
}

#[tokio::test]
async fn types_are_known_behind_dyn() {
    let reader = Reader::default();
    let list: Vec<Arc<dyn DynInterceptor<Server>>> = vec![Arc::new(reader.clone())];
    let list: Arc<dyn DynInterceptor<Server>> = Arc::new(list);
    let got = call_server(list, Kind::Unary, &["1"]).await;
    assert_eq!(got.replies, ["1?!"]);
    assert_read(&reader.0);
}

/// A list of messages of any type can be made and looked through.
#[test]
fn messages_can_be_boxed() {
    let question = Question { text: "1".into() };
    let mut messages: Vec<Box<dyn AnyMessage>> = vec![Box::new(question), Box::<Reply>::default()];
    for message in &mut messages {
        Reader::default().read(&mut **message);
    }
    let texts = messages.iter().map(|message| message.encoded_len());
    assert_eq!(texts.collect::<Vec<_>>(), [4, 3]);
}

/// `end` of a call, with the state that `start` made and messages changed.
#[tokio::test]
async fn state_is_of_one_call() {
    /// Remembers what was asked.
    #[derive(Clone, Default)]
    struct Remembers(Log);

    impl<S: Side> Interceptor<S> for Remembers {
        type State = Vec<String>;

        async fn start(&self, _: &mut Start<'_, S>) -> Result<Vec<String>, Status> {
            Ok(Vec::new())
        }

        fn request_message<M: Message + ?Sized>(
            &self,
            call: &mut Call<'_, Vec<String>>,
            message: &mut M,
        ) -> Result<(), Status> {
            let question: &Question = message.downcast_ref().unwrap();
            call.state.push(question.text.clone());
            Ok(())
        }

        fn end(&self, call: &mut Call<'_, Vec<String>>, _: &mut rust_svc::End<'_>) {
            self.0.push(call.state.join("+"));
        }
    }

    for on in super::SIDES {
        let remembers = Remembers::default();
        for texts in [["1", "2"], ["3", "4"]] {
            call_on(on, remembers.clone(), Kind::BidiStreaming, &texts).await;
        }
        assert_eq!(remembers.0.events(), ["1+2", "3+4"], "{on:?}");
    }
}
