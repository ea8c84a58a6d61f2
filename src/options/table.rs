//! The table of options: a row is the key, the setter, the kind of value, what its paths are about, and the default.
//!
//! It is a macro, to be read twice: `options.rs` makes the struct of it, and `builder/setters.rs` the setters.

/// Hands the rows to another macro.
macro_rules! table {
    ($rows:ident) => {
        $rows! {
                /// Generate clients.
                client as build_client: bool = true;
                /// Generate server traits and servers.
                server as build_server: bool = true;
                /// Generate `connect` on clients, which needs tonic's feature `channel`.
                transport as build_transport: bool = true;
                /// Give each method of a server trait a body that answers `UNIMPLEMENTED`.
                default_stubs as generate_default_stubs: bool = false;
                /// Server traits take `self: Arc<Self>` instead of `&self`.
                arc_self as use_arc_self: bool = false;
                /// The generator of messages and enums: `svc` is our own, `prost` is prost-build, whose code depends on prost's derives. In `build.rs`, `prost` needs the feature `prost-build` of `rust-svc-build`.
                messages as messages: Messages = Messages::Svc;
                /// The generator of clients and servers: `svc` is our own, whose code takes interceptors, `tonic` is tonic-build. In `build.rs`, `tonic` needs the feature `tonic-build` of `rust-svc-build`.
                stubs as stubs: Stubs = Stubs::Svc;
                /// Generate a trait with the methods of a client, `<Service>Api`, which is dyn-compatible, and implement it for clients. Needs `runtime`.
                client_trait as build_client_trait: bool = true;
                /// Generate a mock of that trait, which is a service as well, and implement the trait for our own servers, to be called in process. Needs the feature `testing` of `rust-svc`.
                testing as testing: bool = false;
                /// Generate error types of error enums, as `rust_svc/v1/options.proto` and kratos declare them. Needs the feature `errors` of `rust-svc`.
                errors as build_errors: bool = true;
                /// Error types that other crates can match completely, of these error enums and rpcs: the others are `#[non_exhaustive]`.
                exhaustive_errors as exhaustive_errors: Patterns for Errors = Vec::new();
                /// Write a catalogue of all errors, for people who read no Rust: `errors` is `errors.json` and `errors.md`.
                errors_catalog as errors_catalog: Path = "";
                /// Read policies of rpcs from a service config in JSON, as gRFC A2 and A6 define it. What it says wins over the options of protos. The path is relative to where the generator runs: in `build.rs` the folder of the crate, for a plugin the folder in which protoc or buf runs.
                service_config as service_config: JsonFiles = Vec::new();
                /// Write the policies of all rpcs as a service config in JSON, which clients in other languages take.
                service_config_out as service_config_out: JsonPath = "";
                /// Do not warn that calls of these rpcs are sent again: their retry or hedging policy is meant, though they have no `idempotency_level`.
                allow_retry as allow_retry: Patterns for Retried = Vec::new();
                /// Generate what needs the runtime crate `rust-svc`: method descriptors and our own clients and servers. Without it `stubs` is `tonic`.
                runtime as runtime: bool = true;
                /// Write the proto package into paths such as `/user.v1.UserService/GetUser`.
                emit_package as emit_package: bool = true;
                /// Write the file that joins the packages to one module tree.
                module_tree as module_tree: bool = true;
                /// The name of that file, which may be in a folder below.
                include_file as include_file: Path = "mod.rs";
                /// The folder to write to: for `build.rs` any, instead of `$OUT_DIR`; for plugin and command one below the output folder.
                out_dir as out_dir: Folder = "";
                /// Where `FILE_DESCRIPTOR_SET` goes: `tree` (once, beside the module tree), `package` (one in each package's file) or `none`.
                descriptor_set as descriptor_set: DescriptorSet = DescriptorSet::Tree;
                /// What is generated of files that listed files import: `true` for public imports, and for the types that are used; `all` for everything in all of them, but for `google/protobuf`; `false` for nothing. The setter takes a `bool` or an `Imports`.
                imports as generate_imports: Imports = Imports::Used;
                /// Generate only these packages, services or types, and what they reach.
                include as include: Patterns for Included = Vec::new();
                /// Do not generate these packages, services or types.
                exclude as exclude: Patterns for Excluded = Vec::new();
                /// Use an existing Rust path for a proto package or type: `.google.rpc=::tonic_types::pb`.
                extern_path as extern_path: ExternPaths for Externs = Vec::new();
                /// Give something another Rust name: `.pkg.Message=Name`, also packages, fields, enum values, oneofs, services and rpcs.
                rename as rename: Renames for Names = Vec::new();
                /// Give the module of a message's nested types another name: `.pkg.Message=name`.
                rename_module as rename_module: Renames for Modules = Vec::new();
                /// `bytes` fields as `bytes::Bytes`.
                bytes as bytes: Fields for Bytes = Vec::new();
                /// `map` fields as `BTreeMap`.
                btree_map as btree_map: Fields for Maps = Vec::new();
                /// Fields to be boxed: those that hold one message.
                boxed as boxed: Fields for Boxes = Vec::new();
                /// An attribute for messages, enums and oneofs: `.=#[derive(serde::Serialize)]`.
                type_attribute as type_attribute: Attributes for Types = Vec::new();
                /// An attribute for messages.
                message_attribute as message_attribute: Attributes for Messages = Vec::new();
                /// An attribute for enums and oneofs.
                enum_attribute as enum_attribute: Attributes for Enums = Vec::new();
                /// An attribute for oneofs, as the enums that they are in Rust: `.pkg.Message.oneof=#[derive(Eq)]`.
                oneof_attribute as oneof_attribute: Attributes for Oneofs = Vec::new();
                /// An attribute for fields, oneof variants (`.pkg.Message.oneof.field`) and enum values.
                field_attribute as field_attribute: Attributes for Fields = Vec::new();
                /// An attribute for server structs.
                server_attribute as server_attribute: Attributes for Services = Vec::new();
                /// An attribute for client structs.
                client_attribute as client_attribute: Attributes for Services = Vec::new();
                /// An attribute for server traits.
                trait_attribute as trait_attribute: Attributes for Services = Vec::new();
                /// An attribute for the modules that hold a server.
                server_mod_attribute as server_mod_attribute: Attributes for Services = Vec::new();
                /// An attribute for the modules that hold a client.
                client_mod_attribute as client_mod_attribute: Attributes for Services = Vec::new();
                /// An attribute for the modules of packages in the module tree.
                module_attribute as module_attribute: Attributes for Packages = Vec::new();
                /// Leave out the comments of these items.
                disable_comments as disable_comments: Patterns for Comments = Vec::new();
                /// Do not derive `Debug` for these types: you write it by hand. With our stubs a message of an rpc needs one.
                skip_debug as skip_debug: Patterns for Types = Vec::new();
                /// Show these fields, or all fields of these messages, as `[REDACTED]` in `Debug`, as `debug_redact` in a proto does.
                debug_redact as debug_redact: Patterns for Redacted = Vec::new();
                /// Do not warn where prost cannot express these types exactly and has an approximation: an `Option` for a message that requires itself, `String` for what need not be UTF-8, no extensions, empty messages for message sets; with `messages=prost` open enums for closed ones, and a `Debug` that shows what has `debug_redact`.
                allow_inexact as allow_inexact: Patterns for Inexact = Vec::new();
                /// Generate `google.protobuf` types instead of using `prost-types`.
                compile_well_known_types as compile_well_known_types: bool = false;
                /// Keep the enum's name in its values: `Color::ColorRed`.
                retain_enum_prefix as retain_enum_prefix: bool = false;
                /// Implement `prost::Name` for messages.
                enable_type_names as enable_type_names: bool = false;
                /// The domain in the type URL of `prost::Name`: `.=type.googleapis.com`.
                type_name_domain as type_name_domain: Texts for Messages = Vec::new();
                /// The codec of clients and servers.
                codec_path as codec_path: RustPath = "::tonic_prost::ProstCodec";
                /// Where the crate `prost` is.
                prost_path as prost_path: RustPath = "::prost";
                /// Where the crate `prost-types` is.
                prost_types_path as prost_types_path: RustPath = "::prost_types";
                /// Where the crate `rust-svc` is.
                runtime_path as runtime_path: RustPath = "::rust_svc";
        }
    };
}

pub(crate) use table;
