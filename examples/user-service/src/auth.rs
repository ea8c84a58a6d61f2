//! Who may call: whoever has a token that the server knows.

use std::collections::HashMap;

use rust_svc::{Client, Interceptor, Provides, Server, Start};
use tonic::Status;
use tonic::metadata::{Ascii, MetadataValue, errors::InvalidMetadataValue};

/// Who is calling: handlers get it by `request.context::<Caller>()`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The name that the token stands for.
    pub name: String,
}

/// Lets in calls with a token, on a server. Others are refused before a message is read.
#[derive(Debug)]
pub struct Tokens(HashMap<String, Caller>);

impl Tokens {
    /// Takes pairs of a token and the name of whoever has it.
    pub fn new(names: impl IntoIterator<Item = (String, String)>) -> Self {
        let names = names.into_iter();
        Self(
            names
                .map(|(token, name)| (token, Caller { name }))
                .collect(),
        )
    }

    fn caller(&self, authorization: &MetadataValue<Ascii>) -> Option<&Caller> {
        let token = authorization.to_str().ok()?.strip_prefix("Bearer ")?;
        self.0.get(token)
    }
}

impl Interceptor<Server> for Tokens {
    type State = ();

    async fn start(&self, call: &mut Start<'_, Server>) -> Result<(), Status> {
        let authorization = call.metadata().get("authorization");
        let caller = authorization.and_then(|value| self.caller(value)).cloned();
        // One answer to all who are not let in: it helps nobody to guess.
        let caller = caller.ok_or_else(|| Status::unauthenticated("a valid token is required"))?;
        call.extensions_mut().insert(caller);
        Ok(())
    }
}

/// So that the compiler sees to it that the service gets its [`Caller`].
impl Provides<Caller> for Tokens {}

/// Shows a token with each call, on a client.
#[derive(Debug)]
pub struct Bearer(MetadataValue<Ascii>);

impl Bearer {
    /// Takes the token.
    ///
    /// # Errors
    ///
    /// A token cannot have bytes that no header can have.
    pub fn new(token: &str) -> Result<Self, InvalidMetadataValue> {
        let mut value: MetadataValue<Ascii> = format!("Bearer {token}").parse()?;
        // It is not shown where metadata are printed.
        value.set_sensitive(true);
        Ok(Self(value))
    }
}

impl Interceptor<Client> for Bearer {
    type State = ();

    async fn start(&self, call: &mut Start<'_, Client>) -> Result<(), Status> {
        let metadata = call.metadata_mut();
        metadata.insert("authorization", self.0.clone());
        Ok(())
    }
}
