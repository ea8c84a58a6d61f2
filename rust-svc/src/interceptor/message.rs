//! Messages of any type.

use std::any::{Any, type_name};
use std::fmt::Debug;

/// Message in a hook. Its type depends on the method, and can be downcast to.
///
/// Every prost message with `Debug` is one. Generated messages have `Debug` unless `skip_debug` excludes it.
///
/// ```
/// use rust_svc::Message;
///
/// /// Changes the one type that the hook knows.
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
    /// Message as a `T`, if it is one.
    fn downcast_ref<T: 'static>(&self) -> Option<&T> {
        self.as_any().downcast_ref()
    }

    /// Mutable message as a `T`, if it is one.
    fn downcast_mut<T: 'static>(&mut self) -> Option<&mut T> {
        self.as_any_mut().downcast_mut()
    }
}

impl<M: AnyMessage + ?Sized> Message for M {}

/// The part of [`Message`] that works as a `dyn`. Implemented for all messages.
pub trait AnyMessage: prost::Message + Debug + Any {
    #[doc(hidden)]
    fn as_any(&self) -> &dyn Any;

    #[doc(hidden)]
    fn as_any_mut(&mut self) -> &mut dyn Any;

    #[doc(hidden)]
    fn as_dyn_mut(&mut self) -> &mut dyn AnyMessage;

    /// Path of its type in Rust, for logs.
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
