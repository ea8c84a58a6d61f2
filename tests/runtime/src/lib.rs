//! The code that the tests here run.

/// With stubs of ours.
#[allow(missing_docs, reason = "a proto package has no comment")]
pub mod svc {
    rust_svc::include_protos!();
    pub use four_kinds::v1::*;
}

/// With tonic-build's.
#[allow(missing_docs, reason = "a proto package has no comment")]
pub mod tonic_build {
    rust_svc::include_protos!("tonic/mod.rs");
    pub use four_kinds::v1::*;
}

/// With the policies of a service config.
#[allow(missing_docs, reason = "a proto package has no comment")]
pub mod limited {
    rust_svc::include_protos!("limited/mod.rs");
    pub use four_kinds::v1::*;
}

/// Types of errors.
#[allow(missing_docs, reason = "a proto package has no comment")]
pub mod typed {
    rust_svc::include_protos!("errors/mod.rs");
}

/// Messages of editions.
#[allow(missing_docs, reason = "a proto package has no comment")]
pub mod editions {
    rust_svc::include_protos!("trap_19_editions/mod.rs");
    pub use editions::v1::*;
}

/// Types of errors that kratos declares.
#[allow(missing_docs, reason = "a proto package has no comment")]
pub mod of_kratos {
    rust_svc::include_protos!("errors_of_kratos/mod.rs");
}

/// Messages of all shapes, by each of those who can make them.
#[allow(missing_docs, reason = "a proto package has no comment")]
pub mod messages {
    /// Messages that we write.
    pub mod svc {
        rust_svc::include_protos!("messages_svc/mod.rs");
    }

    /// Messages that prost-build writes.
    pub mod prost {
        rust_svc::include_protos!("messages_prost/mod.rs");
    }
}

/// Messages in each other.
#[allow(missing_docs, reason = "a proto package has no comment")]
pub mod deep {
    rust_svc::include_protos!("deep/mod.rs");
    pub use deep::*;
}

/// The templates as they stand: a typo in one is an error at its own line.
#[allow(dead_code, missing_docs, unreachable_pub, reason = "nothing uses them")]
mod templates {
    use crate::svc::{Request as Input, Response as Output, kinds_methods as example_methods};

    include!("../../../templates/api.rs");
    include!("../../../templates/client.rs");
    include!("../../../templates/server.rs");
}

/// The rest of them, where the client is tonic-build's.
#[allow(dead_code, missing_docs, unreachable_pub, reason = "nothing uses them")]
mod templates_of_tonic {
    use crate::tonic_build::{
        Request as Input, Response as Output, kinds_methods as example_methods,
    };

    mod example_client {
        pub use crate::tonic_build::kinds_client::KindsClient as ExampleClient;
    }

    mod example_server {
        pub use crate::tonic_build::kinds_server::Kinds as Example;
    }

    include!("../../../templates/api.rs");

    mod of_tonic {
        use super::example_api::ExampleApi;
        use rust_svc::__private::v1;

        include!("../../../templates/api_of_tonic.rs");
    }
}
