//! The types that prost-types has: it was made from a descriptor.proto that is older than editions.
//!
//! `google.protobuf.Edition`, `FieldOptions.OptionRetention` and their like are generated where they are used, and
//! the types around them are those of prost-types nevertheless.

/// Defines the list by Rust paths below the crate, which rustc checks where it has the crate.
macro_rules! types {
    ($($($part:ident)::+),* $(,)?) => {
        const TYPES: &[&str] = &[$(concat!($("::", stringify!($part)),+)),*];

        $(#[cfg(feature = "prost-types")]
        const _: Option<prost_types::$($part)::+> = None;)*
    };
}

types![
    Any,
    Api,
    DescriptorProto,
    Duration,
    Enum,
    EnumDescriptorProto,
    EnumOptions,
    EnumValue,
    EnumValueDescriptorProto,
    EnumValueOptions,
    ExtensionRangeOptions,
    Field,
    FieldDescriptorProto,
    FieldMask,
    FieldOptions,
    FileDescriptorProto,
    FileDescriptorSet,
    FileOptions,
    GeneratedCodeInfo,
    ListValue,
    MessageOptions,
    Method,
    MethodDescriptorProto,
    MethodOptions,
    Mixin,
    NullValue,
    OneofDescriptorProto,
    OneofOptions,
    Option,
    ServiceDescriptorProto,
    ServiceOptions,
    SourceCodeInfo,
    SourceContext,
    Struct,
    Syntax,
    Timestamp,
    Type,
    UninterpretedOption,
    Value,
    compiler::CodeGeneratorRequest,
    compiler::CodeGeneratorResponse,
    compiler::Version,
    compiler::code_generator_response::Feature,
    compiler::code_generator_response::File,
    descriptor_proto::ExtensionRange,
    descriptor_proto::ReservedRange,
    enum_descriptor_proto::EnumReservedRange,
    field::Cardinality,
    field::Kind,
    field_descriptor_proto::Label,
    field_descriptor_proto::Type,
    field_options::CType,
    field_options::JsType,
    file_options::OptimizeMode,
    generated_code_info::Annotation,
    method_options::IdempotencyLevel,
    source_code_info::Location,
    uninterpreted_option::NamePart,
];

/// Whether prost-types has a type at a path below it, such as `::field_options::CType`.
pub(super) fn has(path: &str) -> bool {
    TYPES.binary_search(&path).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::paths::well_known;
    use crate::options::Options;

    #[test]
    fn are_in_order() {
        assert!(TYPES.is_sorted());
    }

    /// Fails when the compiler carries a newer descriptor.proto, or prost-types is made from one.
    #[test]
    fn lack_what_editions_brought() {
        let known = well_known(&Options::default());
        let types = crate::input::well_known_types().iter();
        let lacking: Vec<_> = types.filter(|name| !known.contains_key(*name)).collect();
        assert_eq!(
            lacking,
            [
                ".google.protobuf.Edition",
                ".google.protobuf.ExtensionRangeOptions.Declaration",
                ".google.protobuf.ExtensionRangeOptions.VerificationState",
                ".google.protobuf.FeatureSet",
                ".google.protobuf.FeatureSet.EnforceNamingStyle",
                ".google.protobuf.FeatureSet.EnumType",
                ".google.protobuf.FeatureSet.FieldPresence",
                ".google.protobuf.FeatureSet.JsonFormat",
                ".google.protobuf.FeatureSet.MessageEncoding",
                ".google.protobuf.FeatureSet.RepeatedFieldEncoding",
                ".google.protobuf.FeatureSet.Utf8Validation",
                ".google.protobuf.FeatureSet.VisibilityFeature",
                ".google.protobuf.FeatureSet.VisibilityFeature.DefaultSymbolVisibility",
                ".google.protobuf.FeatureSetDefaults",
                ".google.protobuf.FeatureSetDefaults.FeatureSetEditionDefault",
                ".google.protobuf.FieldOptions.EditionDefault",
                ".google.protobuf.FieldOptions.FeatureSupport",
                ".google.protobuf.FieldOptions.OptionRetention",
                ".google.protobuf.FieldOptions.OptionTargetType",
                ".google.protobuf.GeneratedCodeInfo.Annotation.Semantic",
                ".google.protobuf.SymbolVisibility",
            ]
        );
    }
}
