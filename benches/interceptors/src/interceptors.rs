//! An interceptor that uses every hook, as one that logs or measures would.

use std::hint::black_box;
use std::sync::Arc;

use rust_svc::{
    Call, DynInterceptor, End, Interceptor, InterceptorList, Message, Server, Side, Start,
};
use tonic::Status;
use tonic::metadata::MetadataMap;

/// The header that all interceptors look for, ours and those of others.
pub(crate) const USER: &str = "x-user";

/// Lets in whoever says a name, and counts messages.
#[derive(Debug)]
pub(crate) struct One;

/// Five in a row.
pub(crate) type Five = (One, One, One, One, One);

/// Makes a [`Five`], for servers and clients.
pub(crate) fn five() -> Five {
    (One, One, One, One, One)
}

/// Five in a list that could have been put together at run time.
pub(crate) fn five_dyn() -> InterceptorList<Server> {
    (0..5)
        .map(|_| Arc::new(One) as Arc<dyn DynInterceptor<Server>>)
        .collect()
}

/// The counts of one call.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    requests: u64,
    responses: u64,
    headers: usize,
    is_half_closed: bool,
}

impl<S: Side> Interceptor<S> for One {
    type State = Counts;

    async fn start(&self, call: &mut Start<'_, S>) -> Result<Counts, Status> {
        match call.metadata().get(USER) {
            Some(_) => Ok(Counts::default()),
            None => Err(Status::unauthenticated("who are you?")),
        }
    }

    fn request_message<M: Message + ?Sized>(
        &self,
        call: &mut Call<'_, Counts>,
        _: &mut M,
    ) -> Result<(), Status> {
        call.state.requests += 1;
        Ok(())
    }

    fn half_close(&self, call: &mut Call<'_, Counts>) {
        call.state.is_half_closed = true;
    }

    fn response_headers(
        &self,
        call: &mut Call<'_, Counts>,
        headers: &mut MetadataMap,
    ) -> Result<(), Status> {
        call.state.headers = headers.len();
        Ok(())
    }

    fn response_message<M: Message + ?Sized>(
        &self,
        call: &mut Call<'_, Counts>,
        _: &mut M,
    ) -> Result<(), Status> {
        call.state.responses += 1;
        Ok(())
    }

    fn end(&self, call: &mut Call<'_, Counts>, end: &mut End<'_>) {
        // Or else counting would be removed as useless.
        black_box((&call.state, end.status().code()));
    }
}
