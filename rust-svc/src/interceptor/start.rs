//! What `start` knows of a call.

use std::marker::PhantomData;
use std::time::{Duration, Instant};

use http::Uri;
use tonic::Extensions;
use tonic::metadata::MetadataMap;

use super::call::Facts;
use super::{Client, Side};
use crate::{Method, timeout};

/// A call that starts.
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

    /// Which rpc this is, with what its proto file says about it.
    pub fn method(&self) -> &'static Method {
        self.facts.method
    }

    /// The metadata of the request.
    pub fn metadata(&self) -> &MetadataMap {
        self.metadata
    }

    /// The metadata of the request, to be changed.
    pub fn metadata_mut(&mut self) -> &mut MetadataMap {
        self.metadata
    }

    /// What tonic, tower layers and interceptors further out attached to the request.
    pub fn extensions(&self) -> &Extensions {
        self.extensions
    }

    /// The extensions, to be added to. On a server the handler finds it in its request:
    /// [`RequestExt::context`](crate::RequestExt::context).
    pub fn extensions_mut(&mut self) -> &mut Extensions {
        self.extensions
    }

    /// When the call started.
    pub fn started(&self) -> Instant {
        self.facts.started
    }

    /// How long the client is ready to wait, from `grpc-timeout`: none if there is none, or not one
    /// that the gRPC specification allows.
    pub fn timeout(&self) -> Option<Duration> {
        timeout::of(self.metadata)
    }

    /// When the client stops waiting, as far as this side knows: [`timeout`](Self::timeout) from when
    /// the call started.
    pub fn deadline(&self) -> Option<Instant> {
        self.facts.started.checked_add(self.timeout()?)
    }
}

impl Start<'_, Client> {
    /// The address that the call goes to, as `connect` or `with_origin` of a generated client was given it.
    /// None for a client that was made by `new`, since a `Channel` does not tell its address.
    pub fn origin(&self) -> Option<&Uri> {
        self.facts.origin.as_deref()
    }
}
