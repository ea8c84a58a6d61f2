//! Messages of any type.

use std::any::{Any, type_name};
use std::fmt::Debug;

/// A message that a hook looks at: of a type that the method says, and that can be asked for.
///
/// Every prost message is one that has `Debug`, as generated messages have unless `skip_debug`
/// leaves it out.
///
/// ```
/// use rust_svc::Message;
///
/// /// What a hook may do with the one type that it knows.
/// fn hide_secrets<M: Message + ?Sized>(message: &mut M) {
///     if let Some(text) = message.downcast_mut::<String>() {
///         text.clear();
///     }
/// }
///
/// let mut text = String::from("password"); // prost's own `google.protobuf.StringValue`
/// hide_secrets(&mut text);
/// assert_eq!(text, "");
/// ```
pub trait Message: AnyMessage {
    /// This message, if it is a `T`.
    fn downcast_ref<T: 'static>(&self) -> Option<&T> {
        self.as_any().downcast_ref()
    }

    /// This message, if it is a `T`, to be changed.
    fn downcast_mut<T: 'static>(&mut self) -> Option<&mut T> {
        self.as_any_mut().downcast_mut()
    }
}

impl<M: AnyMessage + ?Sized> Message for M {}

/// What of a [`Message`] works when its type is not known: implemented for all of them.
pub trait AnyMessage: prost::Message + Debug + Any {
    #[doc(hidden)]
    fn as_any(&self) -> &dyn Any;

    #[doc(hidden)]
    fn as_any_mut(&mut self) -> &mut dyn Any;

    #[doc(hidden)]
    fn as_dyn_mut(&mut self) -> &mut dyn AnyMessage;

    /// The path of its type in Rust, for logs.
    fn type_name(&self) -> &'static str;
}

impl<M: prost::Message + Debug + 'static> AnyMessage for M {
    fn as_any(&self) -> &dyn Any {
        self
    }

    fn as_any_mut(&mut self) -> &mut dyn Any {
        self
    }

    fn as_dyn_mut(&mut self) -> &mut dyn AnyMessage {
        self
    }

    fn type_name(&self) -> &'static str {
        type_name::<M>()
    }
}
