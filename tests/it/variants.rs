//! Fixtures with options: each option that changes the text, on the fixture that shows it best.

/// A fixture and a parameter.
pub(crate) struct Variant {
    pub(crate) name: &'static str,
    pub(crate) fixture: &'static str,
    pub(crate) parameter: &'static str,
}

const fn variant(name: &'static str, fixture: &'static str, parameter: &'static str) -> Variant {
    Variant {
        name,
        fixture,
        parameter,
    }
}

pub(crate) const VARIANTS: [Variant; 56] = [
    variant(
        "extern_type_without_markers",
        "trap_14_extern_types",
        "extern_path=.ext.E=::prost_types::Value",
    ),
    variant(
        "boxed_variants",
        "trap_15_boxed_variants",
        "boxed=.boxed_variants.M.one.boxed,boxed=Field.boxed",
    ),
    variant(
        "derived_twice",
        "trap_16_derived_twice",
        r"type_attribute=.=#[derive(Eq\, ::core::hash::Hash)]",
    ),
    variant(
        "messages_by_prost",
        "trap_02_case_of_types",
        "messages=prost",
    ),
    variant("messages_by_prost_2", "proto2", "messages=prost"),
    variant(
        "messages_by_prost_of_keywords",
        "trap_12_keywords",
        "messages=prost",
    ),
    variant(
        "messages_by_prost_with_comments",
        "trap_27_comments",
        "messages=prost",
    ),
    variant(
        "messages_by_prost_with_names",
        "nested_messages",
        "messages=prost,enable_type_names,type_name_domain=.=type.example.com",
    ),
    variant(
        "messages_by_prost_of_required_cycles",
        "required_cycles",
        "messages=prost",
    ),
    variant(
        "messages_by_prost_of_groups",
        "trap_12_groups_and_recursion",
        "messages=prost",
    ),
    variant(
        "messages_by_prost_of_descriptors",
        "descriptor_types",
        "messages=prost",
    ),
    variant(
        "messages_by_prost_of_secrets",
        "debug_redact",
        "messages=prost",
    ),
    variant(
        "messages_by_prost_of_hostile_text",
        "hostile_text",
        "messages=prost,testing,errors_catalog=errors",
    ),
    // A scalar is not boxed, and what only names scalars is a warning.
    variant("boxed_scalars", "oneofs", "boxed=.,boxed=Shape.form.radius"),
    variant(
        "boxed_scalars_by_prost",
        "oneofs",
        "boxed=.,boxed=Shape.form.radius,messages=prost",
    ),
    // Enums are shown by hand otherwise.
    variant(
        "derived_debug",
        "enums",
        "type_attribute=.=#[derive(::core::fmt::Debug)]",
    ),
    variant(
        "redacted",
        "user_service",
        "debug_redact=.user.v1.User.name,debug_redact=.user.v1.CreateUserRequest",
    ),
    variant(
        "redacted_by_prost",
        "user_service",
        "debug_redact=.user.v1.User,messages=prost",
    ),
    variant("errors_catalog", "errors", "errors_catalog=docs/errors"),
    variant(
        "errors_of_tonic_stubs",
        "errors",
        "stubs=tonic,retain_enum_prefix",
    ),
    variant("no_errors", "errors", "errors=false"),
    variant(
        "service_config",
        "policies",
        "service_config=../fixtures/policies/right.json",
    ),
    variant(
        "service_config_out",
        "policies",
        "service_config_out=config/policies.json,allow_retry=.policies.v1.Accounts",
    ),
    variant(
        "service_config_in_and_out",
        "policies",
        "service_config=../fixtures/policies/right.json,service_config_out=policies.json,allow_retry=.",
    ),
    variant("no_runtime", "four_kinds", "runtime=false"),
    variant("tonic_stubs", "four_kinds", "stubs=tonic"),
    variant(
        "svc_client_only",
        "four_kinds",
        "server=false,transport=false",
    ),
    variant(
        "svc_server_only",
        "four_kinds",
        "client=false,default_stubs,arc_self,runtime_path=rust_svc,codec_path=tonic_prost::ProstCodec",
    ),
    variant(
        "svc_attributes",
        "four_kinds",
        r#"client_attribute=.=#[doc(alias = "c")],server_attribute=.=#[doc(alias = "s")],trait_attribute=.=#[doc(alias = "t")],client_mod_attribute=.=#[cfg(all())],server_mod_attribute=four_kinds.v1=#[cfg(all())]"#,
    ),
    variant("testing", "four_kinds", "testing"),
    variant(
        "testing_of_tonic_stubs",
        "four_kinds",
        "testing,stubs=tonic",
    ),
    variant("testing_of_clashes", "trap_05_case_of_rpcs", "testing"),
    variant(
        "testing_of_clashes_and_tonic_stubs",
        "trap_05_case_of_rpcs",
        "testing,stubs=tonic",
    ),
    variant("testing_of_keywords", "trap_12_keywords", "testing"),
    variant("testing_of_arcs", "four_kinds", "testing,arc_self"),
    variant(
        "testing_of_arcs_and_tonic_stubs",
        "four_kinds",
        "testing,arc_self,stubs=tonic",
    ),
    variant(
        "testing_of_defaults",
        "four_kinds",
        "testing,default_stubs,arc_self,client=false",
    ),
    variant("no_client_trait", "user_service", "client_trait=false"),
    variant(
        "client_only",
        "four_kinds",
        "server=false,runtime=false,transport=false",
    ),
    variant(
        "server_only",
        "four_kinds",
        "client=false,runtime=false,default_stubs,arc_self",
    ),
    variant(
        "no_package_in_paths",
        "four_kinds",
        "emit_package=false,server=false",
    ),
    variant(
        "other_codec",
        "four_kinds",
        "codec_path=tonic_prost::ProstCodec,skip_debug=.,runtime_path=rust_svc,stubs=tonic",
    ),
    variant(
        "package_descriptors",
        "user_service",
        "descriptor_set=package,client=false,server=false",
    ),
    variant(
        "no_tree",
        "several_packages",
        "module_tree=false,descriptor_set=none",
    ),
    variant(
        "other_tree",
        "several_packages",
        "include_file=protos.rs,descriptor_set=none",
    ),
    variant(
        "extern_type",
        "several_packages",
        "extern_path=.c.Common=::prost_types::FieldMask",
    ),
    variant(
        "included",
        "several_packages",
        "include=a.v1.Both,exclude=c.Commons",
    ),
    variant(
        "names",
        "nested_messages",
        "enable_type_names,type_name_domain=.=type.example.com,boxed=Outer.middle",
    ),
    variant("enum_prefix", "enums", "retain_enum_prefix"),
    variant("collections", "maps", "btree_map=.,bytes=."),
    variant(
        "attributes",
        "user_service",
        r#"type_attribute=.=#[doc(alias = "a\, b")],message_attribute=GetUserRequest=#[doc(alias = "get")],field_attribute=GetUserRequest.id=#[doc(alias = "key")],client_attribute=.=#[doc(alias = "c")],server_attribute=.=#[doc(alias = "s")],trait_attribute=.=#[doc(alias = "t")],client_mod_attribute=.=#[cfg(all())],server_mod_attribute=user.v1=#[cfg(all())],module_attribute=user.v1=#[doc(hidden)],runtime=false"#,
    ),
    variant(
        "enum_attributes",
        "oneofs",
        "enum_attribute=.=#[derive(PartialOrd)],message_attribute=.=#[derive(PartialOrd)]",
    ),
    variant("no_comments", "trap_27_comments", "disable_comments=."),
    variant(
        "own_well_known_types",
        "trap_17_wrappers_in_rpcs",
        "compile_well_known_types",
    ),
    variant(
        "renamed",
        "trap_04_client_methods",
        "rename=.rpc_connect.v1.Phone.Connect=dial",
    ),
    // What has another name than prost-build would give it is still found by its proto name.
    variant(
        "renamed_types",
        "trap_01_module_and_package",
        r#"rename_module=.t.v1.Cluster=in_cluster,rename=.t.v1.Cluster.Inner=Core,rename=.t.v1.Cluster.kind=sort,rename=.t.v1.Cluster.choice=Either,rename=.t.v1.Cluster.Kind.KIND_LARGE=Big,type_attribute=.t.v1.Cluster.Inner=#[doc(alias = "inner")],field_attribute=Cluster.kind=#[doc(alias = "kind")],enable_type_names"#,
    ),
];
