//! Calls over a transport, with interceptors and typed hooks around them.

use std::fmt;
use std::marker::PhantomData;
use std::pin::pin;
use std::sync::Arc;

use http::uri::PathAndQuery;
use tonic::codegen::{GrpcMethod, StdError};
use tonic::{ConnectError, Extensions, Request, Response, Status};

use super::{ClientCore, ClientRequest, ClientResponse, MessageCodec, Transport, Wire};
use crate::Method;
use crate::codec::Once;
use crate::deadline::{Deadline, Inheritance, Within, mended};
use crate::hooks::ClientNext;
use crate::interceptor::{Client, Intercepted, Interceptor, Owner, Shared};

/// Rpc of a client, whose request is a `Q` and whose response is an `A`.
pub struct ClientRpc<Q, A, C> {
    method: &'static Method,
    codec: C,
    arity: PhantomData<fn() -> (Q, A)>,
}

impl<Q, A, C> ClientRpc<Q, A, C> {
    /// Rpc with the codec of its messages.
    pub const fn new(method: &'static Method, codec: C) -> Self {
        Self {
            method,
            codec,
            arity: PhantomData,
        }
    }
}

impl<Q, A, C> fmt::Debug for ClientRpc<Q, A, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ClientRpc").field(self.method).finish()
    }
}

/// Makes calls: a [`Wire`] whose transport is a [`Transport`].
///
/// A trait keeps the bounds of transports out of generated code, where they would be checked for each method.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot make calls",
    note = "a client takes what carries gRPC requests, such as `tonic::transport::Channel`, and interceptors for clients"
)]
pub trait Wired: Sized {
    /// Call with interceptors.
    type Watch;

    /// Makes a call: interceptors run around `hook`, which runs around what [`send`](Self::send) does.
    fn call<'a, Q, A, C, F, R>(
        &'a mut self,
        rpc: ClientRpc<Q, A, C>,
        request: Request<Q::Sent>,
        hook: F,
    ) -> impl Future<Output = Result<Response<A::Received>, Status>>
    where
        Q: ClientRequest,
        A: ClientResponse,
        C: MessageCodec<Encode = Q::Message, Decode = A::Message>,
        F: FnOnce(Request<Q::Sent>, WireCall<'a, Self, Q, A, C>) -> R,
        R: Future<Output = Result<Response<A::Received>, Status>>;

    /// Sends the request of a call over the transport.
    fn send<Q, A, C>(
        call: WireCall<'_, Self, Q, A, C>,
        request: Request<Q::Sent>,
    ) -> impl Future<Output = Result<Response<A::Received>, Status>>
    where
        Q: ClientRequest,
        A: ClientResponse,
        C: MessageCodec<Encode = Q::Message, Decode = A::Message>;
}

/// Call that a typed hook of a client runs around.
pub struct WireCall<'a, W: Wired, Q, A, C> {
    wire: &'a mut W,
    rpc: ClientRpc<Q, A, C>,
    watch: Option<W::Watch>,
    deadline: Option<Deadline>,
}

impl<W, Q, A, C> ClientNext<Q::Sent, A::Received> for WireCall<'_, W, Q, A, C>
where
    W: Wired,
    Q: ClientRequest,
    A: ClientResponse,
    C: MessageCodec<Encode = Q::Message, Decode = A::Message>,
{
    // Not an `async fn`, which would move the request once more.
    fn run(
        self,
        request: Request<Q::Sent>,
    ) -> impl Future<Output = Result<Response<A::Received>, Status>> {
        W::send(self, request)
    }
}

impl<W: Wired, Q, A, C> fmt::Debug for WireCall<'_, W, Q, A, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("WireCall").field(self.rpc.method).finish()
    }
}

impl<T, I, H> ClientCore<T, I, H> {
    /// Makes a call: interceptors run around the typed hook, which runs around what goes over the transport.
    pub fn run<'a, Q, A, C, F, R>(
        &'a mut self,
        rpc: ClientRpc<Q, A, C>,
        request: Request<Q::Sent>,
        hook: F,
    ) -> impl Future<Output = Result<Response<A::Received>, Status>>
    where
        Wire<T, I>: Wired,
        Q: ClientRequest,
        A: ClientResponse,
        C: MessageCodec<Encode = Q::Message, Decode = A::Message>,
        F: FnOnce(&'a H, Request<Q::Sent>, WireCall<'a, Wire<T, I>, Q, A, C>) -> R,
        R: Future<Output = Result<Response<A::Received>, Status>>,
    {
        let hooks = &*self.hooks;
        let hook = |request, call| hook(hooks, request, call);
        self.wire.call(rpc, request, hook)
    }
}

impl<T: Transport, I: Interceptor<Client> + 'static> Wired for Wire<T, I> {
    type Watch = Shared<Client, I>;

    async fn call<'a, Q, A, C, F, R>(
        &'a mut self,
        rpc: ClientRpc<Q, A, C>,
        mut request: Request<Q::Sent>,
        hook: F,
    ) -> Result<Response<A::Received>, Status>
    where
        Q: ClientRequest,
        A: ClientResponse,
        C: MessageCodec<Encode = Q::Message, Decode = A::Message>,
        F: FnOnce(Request<Q::Sent>, WireCall<'a, Self, Q, A, C>) -> R,
        R: Future<Output = Result<Response<A::Received>, Status>>,
    {
        let inheritance = Inheritance::new(request.extensions());
        let deadline = Deadline::of_client(
            Some(rpc.method),
            request.metadata_mut(),
            &self.deadlines,
            inheritance.limit,
        );
        let intercepted = Intercepted::new(&self.interceptors, rpc.method, deadline);
        let intercepted = intercepted.map(|call| call.with_origin(&self.origin));
        let call = WireCall {
            wire: self,
            rpc,
            watch: None,
            deadline,
        };
        let current = inheritance.current(deadline);
        match intercepted {
            Some(intercepted) => {
                let mut owner = Owner::new(intercepted);
                let response = Within::new(
                    current.as_ref(),
                    pin!(intercept(&mut owner, call, request, hook)),
                )
                .await;
                A::conclude(owner, response)
            }
            None => Within::new(current.as_ref(), pin!(hook(request, call))).await,
        }
    }

    async fn send<Q, A, C>(
        call: WireCall<'_, Self, Q, A, C>,
        mut request: Request<Q::Sent>,
    ) -> Result<Response<A::Received>, Status>
    where
        Q: ClientRequest,
        A: ClientResponse,
        C: MessageCodec<Encode = Q::Message, Decode = A::Message>,
    {
        let WireCall {
            wire,
            rpc,
            watch,
            deadline,
        } = call;
        let path = wire.prepare(rpc.method, request.extensions_mut()).await?;
        if let Some(deadline) = deadline {
            deadline.take_off(request.metadata_mut())?;
        }
        let received = match watch {
            Some(watch) => wire.send_watched(rpc, request, path, watch).await,
            None => {
                let request = request.map(Q::messages);
                match wire.grpc().streaming(request, path, rpc.codec).await {
                    Ok(response) => A::receive(response).await,
                    Err(status) => Err(status),
                }
            }
        };
        received.map_err(|status| mended(status, deadline.as_ref()))
    }
}

/// Runs the interceptors of a call up to its response.
///
/// # Errors
///
/// The status of an interceptor that refuses the call, and the errors of the typed hook.
async fn intercept<'a, T, I, Q, A, C, F, R>(
    owner: &mut Owner<Client, I>,
    mut call: WireCall<'a, Wire<T, I>, Q, A, C>,
    request: Request<Q::Sent>,
    hook: F,
) -> Result<Response<A::Received>, Status>
where
    T: Transport,
    I: Interceptor<Client> + 'static,
    Q: ClientRequest,
    A: ClientResponse,
    F: FnOnce(Request<Q::Sent>, WireCall<'a, Wire<T, I>, Q, A, C>) -> R,
    R: Future<Output = Result<Response<A::Received>, Status>>,
{
    let request = Q::start(owner.unshared(), request).await?;
    call.watch = Some(owner.share());
    hook(request, call).await
}

impl<T: Transport, I: Interceptor<Client> + 'static> Wire<T, I> {
    /// Does what tonic's generated clients do before each call: waits for the transport, and adds the name of the rpc
    /// to the extensions.
    async fn prepare(
        &mut self,
        method: &'static Method,
        extensions: &mut Extensions,
    ) -> Result<PathAndQuery, Status> {
        let ready = self.limited(method).ready().await;
        ready.map_err(|error| {
            let error: StdError = error.into();
            let mut status = Status::unknown(format!("Service was not ready: {error}"));
            // The type of the source shows that nothing was sent. The text does not: any server can send it.
            status.set_source(Arc::new(ConnectError(error)));
            status
        })?;
        extensions.insert(GrpcMethod::new(method.service(), method.name()));
        Ok(PathAndQuery::from_static(method.path()))
    }

    /// Sends the request of a call with interceptors.
    async fn send_watched<Q, A, C>(
        &mut self,
        rpc: ClientRpc<Q, A, C>,
        request: Request<Q::Sent>,
        path: PathAndQuery,
        watch: Shared<Client, I>,
    ) -> Result<Response<A::Received>, Status>
    where
        Q: ClientRequest,
        A: ClientResponse,
        C: MessageCodec<Encode = Q::Message, Decode = A::Message>,
    {
        let mut codec = rpc.codec;
        let codec = Once::new(
            Q::watched_encoder(codec.encoder(), &watch),
            A::watched_decoder(codec.decoder(), &watch),
        );
        let mut request = request.map(|sent| Q::watched_messages(sent, &watch));
        A::observe(request.extensions_mut(), &watch);
        let response = self.grpc().streaming(request, path, codec).await?;
        A::receive_watched(response, watch).await
    }
}
