//! Calls through `&self`, which implement the client traits.

use super::wired::{ClientRpc, Wired as _};
use super::{ClientCore, ClientRequest, ClientResponse, MessageCodec, Transport, Wire};
use crate::client_call::ClientCall;
use crate::interceptor::{Client, Interceptor};

/// Client that many tasks share. Each call clones the transport, which is cheap with tonic's.
///
/// Clients with typed hooks are not among them: the futures of hooks need not be `Send`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be shared",
    note = "a client trait is implemented where the transport is `Clone + Send + Sync`, as `tonic::transport::Channel` is, and where the client has no typed hooks"
)]
pub trait SharedCore: Send + Sync {
    /// Call of an rpc.
    fn call<Q, A, C>(
        &self,
        rpc: ClientRpc<Q, A, C>,
        request: Q::Sent,
    ) -> ClientCall<Q::Sent, A::Received>
    where
        Q: ClientRequest,
        A: ClientResponse,
        C: SharedCodec<Encode = Q::Message, Decode = A::Message>;
}

/// Codec that can move to another task.
pub trait SharedCodec: MessageCodec + Send + 'static {}

impl<C: MessageCodec + Send + 'static> SharedCodec for C {}

/// Transport of clients that many tasks share, such as `tonic::transport::Channel`.
pub trait SharedTransport: Transport<Future: Send> + Clone + Send + Sync + 'static {}

impl<T: Transport<Future: Send> + Clone + Send + Sync + 'static> SharedTransport for T {}

impl<T, I> SharedCore for ClientCore<T, I, ()>
where
    T: SharedTransport,
    I: Interceptor<Client> + 'static,
{
    fn call<Q, A, C>(
        &self,
        rpc: ClientRpc<Q, A, C>,
        request: Q::Sent,
    ) -> ClientCall<Q::Sent, A::Received>
    where
        Q: ClientRequest,
        A: ClientResponse,
        C: SharedCodec<Encode = Q::Message, Decode = A::Message>,
    {
        let mut wire = self.wire.clone();
        ClientCall::boxed(request, move |request| {
            Box::pin(async move {
                let call = wire.call(rpc, request, |request, call| Wire::send(call, request));
                call.await
            })
        })
    }
}
