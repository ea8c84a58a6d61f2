//! Calls in the hook `start`.

use std::marker::PhantomData;
use std::time::{Duration, Instant};

use http::Uri;
use tonic::Extensions;
use tonic::metadata::MetadataMap;

use super::call::Facts;
use super::{Client, Side};
use crate::{Method, clock, timeout};

/// Call that starts.
#[derive(Debug)]
pub struct Start<'a, S: Side> {
    pub(crate) facts: &'a Facts,
    metadata: &'a mut MetadataMap,
    extensions: &'a mut Extensions,
    side: PhantomData<S>,
}

impl<'a, S: Side> Start<'a, S> {
    pub(crate) fn new(
        facts: &'a Facts,
        metadata: &'a mut MetadataMap,
        extensions: &'a mut Extensions,
    ) -> Self {
        Self {
            facts,
            metadata,
            extensions,
            side: PhantomData,
        }
    }

    /// Rpc of the call.
    pub fn method(&self) -> &'static Method {
        self.facts.method
    }

    /// Metadata of the request.
    pub fn metadata(&self) -> &MetadataMap {
        self.metadata
    }

    /// Mutable metadata of the request.
    pub fn metadata_mut(&mut self) -> &mut MetadataMap {
        self.metadata
    }

    /// Extensions that tonic, tower layers and outer interceptors added to the request.
    pub fn extensions(&self) -> &Extensions {
        self.extensions
    }

    /// Mutable extensions. On a server the handler reads them in its request:
    /// [`RequestExt::context`](crate::RequestExt::context).
    pub fn extensions_mut(&mut self) -> &mut Extensions {
        self.extensions
    }

    /// Time since the call started. Zero on `wasm32-unknown-unknown`, where there is no clock.
    pub fn elapsed(&self) -> Duration {
        clock::since(self.facts.started)
    }

    /// Time that the client waits, from `grpc-timeout`. `None` if the header is missing or invalid.
    pub fn timeout(&self) -> Option<Duration> {
        timeout::from_metadata(self.metadata)
    }

    /// Deadline of the call, as this side keeps it. `None` if it has none.
    ///
    /// On a server it is the minimum of [`timeout`](Self::timeout) and of what its [`Deadlines`](crate::Deadlines) and the
    /// policy of the method say.
    pub fn deadline(&self) -> Option<Instant> {
        Some(self.facts.deadline?.at())
    }
}

impl Start<'_, Client> {
    /// Address of the server, as `connect` or `with_origin` of a generated client got it. `None` for a client made by
    /// `new`: a `Channel` does not expose its address.
    pub fn origin(&self) -> Option<&Uri> {
        self.facts.origin.as_deref()
    }
}
