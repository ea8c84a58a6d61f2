//! Interceptors in a row: `(outermost, …, innermost)`.

use tonic::{Status, metadata::MetadataMap};

use super::started::Started;
use super::{Call, End, Interceptor, Message, Side, Start};

/// None at all.
impl<S: Side> Interceptor<S> for () {
    type State = ();

    async fn start(&self, _: &mut Start<'_, S>) -> Result<(), Status> {
        Ok(())
    }
}

/// One inside the other. Longer tuples are pairs of pairs.
impl<S: Side, A: Interceptor<S>, B: Interceptor<S>> Interceptor<S> for (A, B) {
    type State = (A::State, B::State);

    async fn start(&self, call: &mut Start<'_, S>) -> Result<Self::State, Status> {
        let outer = self.0.start(call).await?;
        let outer = Started::new(&self.0, outer, call.facts);
        match self.1.start(call).await {
            Ok(inner) => Ok((outer.into_state(), inner)),
            Err(status) => Err(outer.refused(status)),
        }
    }

    fn request_message<M: Message + ?Sized>(
        &self,
        call: &mut Call<'_, Self::State>,
        message: &mut M,
    ) -> Result<(), Status> {
        self.0
            .request_message(&mut call.part(|state| &mut state.0), message)?;
        self.1
            .request_message(&mut call.part(|state| &mut state.1), message)
    }

    fn half_close(&self, call: &mut Call<'_, Self::State>) {
        self.0.half_close(&mut call.part(|state| &mut state.0));
        self.1.half_close(&mut call.part(|state| &mut state.1));
    }

    fn response_headers(
        &self,
        call: &mut Call<'_, Self::State>,
        headers: &mut MetadataMap,
    ) -> Result<(), Status> {
        self.1
            .response_headers(&mut call.part(|state| &mut state.1), headers)?;
        self.0
            .response_headers(&mut call.part(|state| &mut state.0), headers)
    }

    fn response_message<M: Message + ?Sized>(
        &self,
        call: &mut Call<'_, Self::State>,
        message: &mut M,
    ) -> Result<(), Status> {
        self.1
            .response_message(&mut call.part(|state| &mut state.1), message)?;
        self.0
            .response_message(&mut call.part(|state| &mut state.0), message)
    }

    fn end(&self, call: &mut Call<'_, Self::State>, end: &mut End<'_>) {
        self.1.end(&mut call.part(|state| &mut state.1), end);
        self.0.end(&mut call.part(|state| &mut state.0), end);
    }
}

/// The pair that a tuple is.
macro_rules! pair {
    ($self:ident, $last:tt) => { &$self.$last };
    ($self:ident, $first:tt $($rest:tt)+) => { (&$self.$first, pair!($self, $($rest)+)) };
}

/// Its state.
macro_rules! state {
    ($last:ident) => { $last::State };
    ($first:ident $($rest:ident)+) => { ($first::State, state!($($rest)+)) };
}

macro_rules! tuple {
    ($($name:ident $index:tt)+) => {
        impl<S: Side, $($name: Interceptor<S>),+> Interceptor<S> for ($($name,)+) {
            type State = state!($($name)+);

            async fn start(&self, call: &mut Start<'_, S>) -> Result<Self::State, Status> {
                pair!(self, $($index)+).start(call).await
            }

            fn request_message<M: Message + ?Sized>(
                &self,
                call: &mut Call<'_, Self::State>,
                message: &mut M,
            ) -> Result<(), Status> {
                Interceptor::<S>::request_message(&pair!(self, $($index)+), call, message)
            }

            fn half_close(&self, call: &mut Call<'_, Self::State>) {
                Interceptor::<S>::half_close(&pair!(self, $($index)+), call);
            }

            fn response_headers(
                &self,
                call: &mut Call<'_, Self::State>,
                headers: &mut MetadataMap,
            ) -> Result<(), Status> {
                Interceptor::<S>::response_headers(&pair!(self, $($index)+), call, headers)
            }

            fn response_message<M: Message + ?Sized>(
                &self,
                call: &mut Call<'_, Self::State>,
                message: &mut M,
            ) -> Result<(), Status> {
                Interceptor::<S>::response_message(&pair!(self, $($index)+), call, message)
            }

            fn end(&self, call: &mut Call<'_, Self::State>, end: &mut End<'_>) {
                Interceptor::<S>::end(&pair!(self, $($index)+), call, end);
            }
        }
    };
}

tuple!(A 0);
tuple!(A 0 B 1 C 2);
tuple!(A 0 B 1 C 2 D 3);
tuple!(A 0 B 1 C 2 D 3 E 4);
tuple!(A 0 B 1 C 2 D 3 E 4 F 5);
tuple!(A 0 B 1 C 2 D 3 E 4 F 5 G 6);
tuple!(A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7);
