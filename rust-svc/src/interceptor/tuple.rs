//! Tuples of interceptors: `(outermost, …, innermost)`.

use std::any::Any;

use tonic::{Status, metadata::MetadataMap};

use super::contained::{contained, resume};
use super::started::Started;
use super::{Call, End, Interceptor, Message, Side, Start};

/// No interceptors.
impl<S: Side> Interceptor<S> for () {
    type State = ();

    async fn start(&self, _: &mut Start<'_, S>) -> Result<(), Status> {
        Ok(())
    }
}

/// Starts one after the other. If one refuses, the started ones end, innermost first.
macro_rules! start {
    ($self:ident $call:ident [$($started:ident)*]) => {};
    ($self:ident $call:ident [$($started:ident)*] $name:ident $index:tt $($rest:tt)*) => {
        let $name = match $self.$index.start($call).await {
            Ok(state) => Started::new(&$self.$index, state, $call.facts),
            Err(status) => {
                $(let status = $started.refused(status);)*
                return Err(status);
            }
        };
        start!($self $call [$name $($started)*] $($rest)*);
    };
}

/// Names, types and indices from the outermost to the innermost, then the indices in reverse.
macro_rules! tuple {
    ($($name:ident $type:ident $index:tt),+; $($back:tt)+) => {
        impl<S: Side, $($type: Interceptor<S>),+> Interceptor<S> for ($($type,)+) {
            type State = ($($type::State,)+);

            async fn start(&self, call: &mut Start<'_, S>) -> Result<Self::State, Status> {
                start!(self call [] $($name $index)+);
                Ok(($($name.into_state(),)+))
            }

            fn request_message<M: Message + ?Sized>(
                &self,
                call: &mut Call<'_, Self::State>,
                message: &mut M,
            ) -> Result<(), Status> {
                $(self.$index.request_message(&mut call.part(|state| &mut state.$index), message)?;)+
                Ok(())
            }

            fn half_close(&self, call: &mut Call<'_, Self::State>) {
                $(self.$index.half_close(&mut call.part(|state| &mut state.$index));)+
            }

            fn response_headers(
                &self,
                call: &mut Call<'_, Self::State>,
                headers: &mut MetadataMap,
            ) -> Result<(), Status> {
                $(self.$back.response_headers(&mut call.part(|state| &mut state.$back), headers)?;)+
                Ok(())
            }

            fn response_message<M: Message + ?Sized>(
                &self,
                call: &mut Call<'_, Self::State>,
                message: &mut M,
            ) -> Result<(), Status> {
                $(self.$back.response_message(&mut call.part(|state| &mut state.$back), message)?;)+
                Ok(())
            }

            fn recovers(&self) -> bool {
                $(self.$index.recovers())||+
            }

            fn recover(
                &self,
                call: &mut Call<'_, Self::State>,
                panic: &(dyn Any + Send),
            ) -> Option<Status> {
                $(
                    let status = self.$back.recover(&mut call.part(|state| &mut state.$back), panic);
                    if status.is_some() {
                        return status;
                    }
                )+
                None
            }

            fn end(&self, call: &mut Call<'_, Self::State>, end: &mut End<'_>) {
                // All of them run, even if one panics.
                let mut result = Ok(());
                $(
                    let mut part = call.part(|state| &mut state.$back);
                    result = result.and(contained(|| self.$back.end(&mut part, end)));
                )+
                resume(result);
            }
        }
    };
}

tuple!(a A 0; 0);
tuple!(a A 0, b B 1; 1 0);
tuple!(a A 0, b B 1, c C 2; 2 1 0);
tuple!(a A 0, b B 1, c C 2, d D 3; 3 2 1 0);
tuple!(a A 0, b B 1, c C 2, d D 3, e E 4; 4 3 2 1 0);
tuple!(a A 0, b B 1, c C 2, d D 3, e E 4, f F 5; 5 4 3 2 1 0);
tuple!(a A 0, b B 1, c C 2, d D 3, e E 4, f F 5, g G 6; 6 5 4 3 2 1 0);
tuple!(a A 0, b B 1, c C 2, d D 3, e E 4, f F 5, g G 6, h H 7; 7 6 5 4 3 2 1 0);
