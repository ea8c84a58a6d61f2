//! Names that generators stumble over: words of Rust, of its prelude, of runtimes, and names that become one.

pub(super) const PACKAGES: &str = "\
    a a.b a.B a.b.c type.self i32 u8.str std core.fmt prost tonic a_b foo foo.bar Foo.bar foo.user _ mod \
    crate.super alloc.vec";

pub(super) const TYPES: &str = "\
    Self self String Option Vec Box Result Ok Err Some None Default Clone Debug Send Sync From Into \
    TryFrom Arc Body T B E Message Name prost core std alloc i32 I32 Bool u8 Usize str HTTPServer \
    HttpServer Http_Server httpServer fooServer FooServer foo_server Foo foo FOO Type type Async async \
    mod crate super extern dyn gen _1 _ __ A_ a a_ b Fb FB Request Response Status Iterator HashMap \
    BTreeMap Value Entry Unknown Error Hash Eq PartialEq Copy user User Bytes Infallible FilterMap";

pub(super) const FIELDS: &str = "\
    type self Self value tag buf ctx wire_type len field merged error f clone default kind set_kind \
    push_kind get_kind insert_kind encode decode merge clear encoded_len encode_raw from_here to_it \
    into_x as_x is_x _1 _x x_ x__y fooBar foo_baz async await try yield box String Vec Option Some None \
    Ok super crate extern dyn loop eq hash fmt borrow next drop key entry named index raw foo bar i32 \
    bool u8 str map list map_entry as_str_name from_i32 _";

pub(super) const VALUES: &str = "\
    A B a_b AB SELF Self self OK ERR SOME NONE DEFAULT ERROR UNKNOWN TYPE _1 _ X_1 V_1_0 V_10 CLONE FROM \
    INTO OPTION STRING VALUE I32 U8 super crate mod async 2_TIMES_X ZERO";

pub(super) const RPCS: &str = "\
    Get get New Connect WithInterceptor WithOrigin Intercept Clone Into Type Self Super _1 Move Drop \
    call_get CallGet PollReady Ready Send Serve Inner From TryFrom WithHooks backup search_log GoStream \
    go_stream SendCompressed AcceptCompressed MaxDecodingMessageSize Default Fmt Call crate";

pub(super) const SERVICES: &str = "\
    Body Arc Option Box T Self Foo foo FOO Service Client Server Api Std Core Tonic http HTTP A_B Ab \
    StdError Context Default Clone Infallible Method NamedService _1";

pub(super) const SCALARS: &str = "\
    double float int32 int64 uint32 uint64 sint32 sint64 fixed32 fixed64 sfixed32 sfixed64 bool string \
    bytes";

/// What the keys of maps can be.
pub(super) const ENTRY_KEYS: &str = "\
    int32 int64 uint32 uint64 sint32 sint64 fixed32 fixed64 sfixed32 sfixed64 bool string";
