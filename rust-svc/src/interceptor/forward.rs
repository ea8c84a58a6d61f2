//! Hooks that forward to an inner interceptor.

/// All hooks except `start`, forwarded to an inner interceptor.
macro_rules! forward_hooks {
    ($self:ident => $inside:expr) => {
        fn request_message<M: Message + ?Sized>(
            &$self,
            call: &mut Call<'_, Self::State>,
            message: &mut M,
        ) -> Result<(), Status> {
            $inside.request_message(call, message)
        }

        fn half_close(&$self, call: &mut Call<'_, Self::State>) {
            $inside.half_close(call);
        }

        fn response_headers(
            &$self,
            call: &mut Call<'_, Self::State>,
            headers: &mut MetadataMap,
        ) -> Result<(), Status> {
            $inside.response_headers(call, headers)
        }

        fn response_message<M: Message + ?Sized>(
            &$self,
            call: &mut Call<'_, Self::State>,
            message: &mut M,
        ) -> Result<(), Status> {
            $inside.response_message(call, message)
        }

        fn recovers(&$self) -> bool {
            $inside.recovers()
        }

        fn recover(
            &$self,
            call: &mut Call<'_, Self::State>,
            panic: &(dyn Any + Send),
        ) -> Option<Status> {
            $inside.recover(call, panic)
        }

        fn end(&$self, call: &mut Call<'_, Self::State>, end: &mut End<'_>) {
            $inside.end(call, end);
        }
    };
}

pub(super) use forward_hooks;
