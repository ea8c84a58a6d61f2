//! Calls through `&self`, of clients that many share: what implements the client traits.

use tonic::codec::Streaming;

use super::{ClientCore, MessageCodec, Transport, Wire, Wired as _};
use crate::Method;
use crate::api::ClientCall;
use crate::hooks::RequestStream;
use crate::interceptor::{Client, Interceptor};

/// A client whose calls can be made from anywhere: each has a clone of the transport, which is what
/// tonic's are made for. Typed hooks are not among it: nothing says that their futures are `Send`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be shared",
    note = "a client trait is implemented where the transport is `Clone + Send + Sync`, as `tonic::transport::Channel` is, and where the client has no typed hooks"
)]
pub trait SharedCore: Send + Sync {
    /// One request, one response.
    fn shared_unary<C: SharedCodec>(
        &self,
        method: &'static Method,
        codec: C,
        request: C::Encode,
    ) -> ClientCall<C::Encode, C::Decode>;

    /// Many requests, one response.
    fn shared_client_streaming<C: SharedCodec>(
        &self,
        method: &'static Method,
        codec: C,
        request: RequestStream<C::Encode>,
    ) -> ClientCall<RequestStream<C::Encode>, C::Decode>;

    /// One request, many responses.
    fn shared_server_streaming<C: SharedCodec>(
        &self,
        method: &'static Method,
        codec: C,
        request: C::Encode,
    ) -> ClientCall<C::Encode, Streaming<C::Decode>>;

    /// Many requests, many responses.
    fn shared_bidi_streaming<C: SharedCodec>(
        &self,
        method: &'static Method,
        codec: C,
        request: RequestStream<C::Encode>,
    ) -> ClientCall<RequestStream<C::Encode>, Streaming<C::Decode>>;
}

/// A codec that a task may take along.
pub trait SharedCodec: MessageCodec + Send + 'static {}

impl<C: MessageCodec + Send + 'static> SharedCodec for C {}

/// What carries the requests of clients that many share, such as `tonic::transport::Channel`.
pub trait SharedTransport: Transport<Future: Send> + Clone + Send + Sync + 'static {}

impl<T: Transport<Future: Send> + Clone + Send + Sync + 'static> SharedTransport for T {}

macro_rules! calls {
    ($($name:ident $kind:ident $send:ident: $input:ty => $output:ty;)*) => {$(
        fn $name<C: SharedCodec>(
            &self,
            method: &'static Method,
            codec: C,
            request: $input,
        ) -> ClientCall<$input, $output> {
            let mut wire = self.wire.clone();
            ClientCall::new(request, move |request| async move {
                let call = wire.$kind(method, codec, request, |request, call| {
                    Wire::$send(call, request)
                });
                call.await
            })
        }
    )*};
}

impl<T, I> SharedCore for ClientCore<T, I, ()>
where
    T: SharedTransport,
    I: Interceptor<Client> + 'static,
{
    calls! {
        shared_unary unary send_unary: C::Encode => C::Decode;
        shared_client_streaming client_streaming send_client_streaming: RequestStream<C::Encode> => C::Decode;
        shared_server_streaming server_streaming send_server_streaming: C::Encode => Streaming<C::Decode>;
        shared_bidi_streaming bidi_streaming send_bidi_streaming: RequestStream<C::Encode> => Streaming<C::Decode>;
    }
}
