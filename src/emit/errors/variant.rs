//! One error as a variant: in its type, as a pattern, as text, to a status and back.

use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};

use crate::emit::tokens;
use crate::model::{
    DetailPath, Dialect, ErrorValue, ListedError, Piece, Placeholder, PlaceholderType,
    TrailerValue, Variant,
};
use crate::text;

/// An error, and what it is as a variant.
#[derive(Clone)]
pub(super) struct Shape<'a> {
    error: &'a ErrorValue,
    variant: &'a Variant,
    name: &'a str,
    dialect: Dialect,
    runtime: &'a TokenStream,
}

impl<'a> Shape<'a> {
    pub(super) fn new(
        error: &'a ErrorValue,
        variant: &'a Variant,
        dialect: Dialect,
        runtime: &'a TokenStream,
    ) -> Self {
        Self {
            error,
            variant,
            name: &variant.name,
            dialect,
            runtime,
        }
    }

    /// The module of the runtime that only generated code calls.
    fn v1(&self) -> TokenStream {
        let runtime = self.runtime;
        quote!(#runtime::__private::v1)
    }

    /// An error by its name among those that an rpc lists.
    pub(super) fn listed(listed: &'a ListedError, runtime: &'a TokenStream) -> Self {
        Self {
            name: &listed.name,
            ..Self::new(&listed.declared, &listed.variant, listed.dialect, runtime)
        }
    }

    /// The constructor of a reader for errors of a dialect.
    pub(super) fn reader(dialect: Dialect) -> syn::Ident {
        match dialect {
            Dialect::Ours => format_ident!("new"),
            Dialect::Kratos => format_ident!("of_kratos"),
        }
    }

    /// The variant in its enum.
    pub(super) fn definition(&self) -> TokenStream {
        let name = format_ident!("{}", self.name);
        let docs = tokens::docs_or(&self.variant.docs, &format!("`{}`.", self.error.reason));
        let deprecated = self.error.is_deprecated.then(|| quote!(#[deprecated]));
        let fields = self.fields();
        quote!(#docs #deprecated #name #fields,)
    }

    fn fields(&self) -> Option<TokenStream> {
        let mut fields = Vec::new();
        for (placeholder, name) in self.placeholders() {
            let doc = tokens::doc(&format!("`{}` of the metadata.", placeholder.name));
            let field_type = self.field_type(placeholder);
            fields.push(quote!(#doc #name: #field_type));
        }
        for ((name, detail), full_name) in self.details().zip(&self.error.details) {
            let doc = tokens::doc(&format!("The detail `{}`.", &full_name[1..]));
            fields.push(quote!(#doc #name: ::std::option::Option<#detail>));
        }
        if self.dialect == Dialect::Kratos {
            fields.push(quote! {
                /// What went wrong, for developers.
                message: ::std::string::String
            });
            fields.push(quote! {
                /// What else there is to say of it.
                metadata: ::std::collections::BTreeMap<
                    ::std::string::String,
                    ::std::string::String,
                >
            });
        }
        (!fields.is_empty()).then(|| quote!({ #(#fields),* }))
    }

    fn placeholders(&self) -> impl Iterator<Item = (&'a Placeholder, TokenStream)> {
        let names = self.variant.placeholders.iter();
        let names = names.map(|name| tokens::rust(name));
        self.error.placeholders.iter().zip(names)
    }

    /// Fields and types of details.
    fn details(&self) -> impl Iterator<Item = (TokenStream, TokenStream)> {
        self.variant.details.iter().map(|(field, path)| {
            let detail = match path {
                DetailPath::GoogleRpc(name) => {
                    let (runtime, name) = (self.runtime, format_ident!("{name}"));
                    quote!(#runtime::errors::pb::#name)
                }
                DetailPath::Rust(path) => tokens::rust(path),
            };
            (tokens::rust(field), detail)
        })
    }

    fn field_type(&self, placeholder: &Placeholder) -> TokenStream {
        let runtime = self.runtime;
        let one = match placeholder.r#type {
            PlaceholderType::String => quote!(::std::string::String),
            PlaceholderType::Bool => quote!(bool),
            PlaceholderType::Int32 => quote!(i32),
            PlaceholderType::Int64 => quote!(i64),
            PlaceholderType::Uint32 => quote!(u32),
            PlaceholderType::Uint64 => quote!(u64),
            PlaceholderType::Timestamp => quote!(#runtime::errors::Timestamp),
            PlaceholderType::Duration => quote!(#runtime::errors::Duration),
        };
        if placeholder.repeated {
            quote!(::std::vec::Vec<#one>)
        } else {
            one
        }
    }

    fn field_names(&self) -> Vec<TokenStream> {
        let placeholders = self.placeholders().map(|(_, name)| name);
        let details = self.details().map(|(name, _)| name);
        let mut names: Vec<_> = placeholders.chain(details).collect();
        if self.dialect == Dialect::Kratos {
            names.extend([quote!(message), quote!(metadata)]);
        }
        names
    }

    /// The variant with all of its fields: a pattern, and an expression.
    pub(super) fn pattern(&self) -> TokenStream {
        self.pattern_called(self.name)
    }

    /// The variant by another name, with all of its fields.
    pub(super) fn pattern_called(&self, name: &str) -> TokenStream {
        let (name, fields) = (format_ident!("{name}"), self.field_names());
        if fields.is_empty() {
            quote!(#name)
        } else {
            quote!(#name { #(#fields),* })
        }
    }

    /// The pattern of the variant, whatever its fields.
    pub(super) fn any(&self) -> TokenStream {
        let name = format_ident!("{}", self.name);
        if self.field_names().is_empty() {
            quote!(#name)
        } else {
            quote!(#name { .. })
        }
    }

    /// `DOMAIN` is taken; no reason has a `_` at its end.
    pub(super) fn constant_name(&self) -> syn::Ident {
        match self.error.reason.as_str() {
            "DOMAIN" => format_ident!("DOMAIN_"),
            reason => format_ident!("{reason}"),
        }
    }

    /// The constant of the error, with all that is known before it happens.
    pub(super) fn constant(&self) -> TokenStream {
        let (v1, runtime) = (self.v1(), self.runtime);
        let (name, reason) = (self.constant_name(), &self.error.reason);
        let code = format_ident!("{}", self.error.code.rust_name());
        let doc = tokens::doc(&format!(
            "`{}`: {}",
            self.error.code.name(),
            self.template()
        ));
        let mut value = quote!(#v1::error(Self::DOMAIN, #reason, ::tonic::Code::#code));
        match self.error.retry.map(|retry| retry.delay) {
            Some(Some((seconds, nanos))) => {
                let seconds = Literal::u64_unsuffixed(seconds);
                let nanos = Literal::u32_unsuffixed(nanos);
                value = quote!(#v1::retryable_after(#value, #seconds, #nanos));
            }
            Some(None) => value = quote!(#v1::retryable(#value)),
            None => {}
        }
        if let Some(help) = &self.error.help {
            let (description, url) = (&help.description, &help.url);
            value = quote!(#v1::help(#value, #description, #url));
        }
        quote! {
            #doc
            pub const #name: #runtime::errors::ErrorKind = #value;
        }
    }

    /// The message as the proto has it, for documentation.
    fn template(&self) -> String {
        let pieces = self.error.message.iter();
        let template: String = pieces
            .map(|piece| match piece {
                Piece::Text(text) => text.clone(),
                Piece::Placeholder(name) => format!("{{{name}}}"),
            })
            .collect();
        if template.is_empty() {
            "what its server says".to_owned()
        } else {
            text::code(&template)
        }
    }

    /// The arm of `Display`.
    pub(super) fn shown(&self) -> TokenStream {
        let name = format_ident!("{}", self.name);
        if self.dialect == Dialect::Kratos {
            return quote!(Self::#name { message, .. } => f.write_str(message),);
        }
        let used: Vec<_> = self
            .placeholders()
            .filter(|(placeholder, _)| self.is_in_message(placeholder))
            .collect();
        if used.is_empty() {
            let (pattern, text) = (self.any(), self.text());
            return quote!(Self::#pattern => f.write_str(#text),);
        }
        let (format, arguments) = self.format();
        let names = used.iter().map(|(_, name)| name);
        let rest = (used.len() < self.field_names().len()).then(|| quote!(..));
        quote!(Self::#name { #(#names,)* #rest } => ::std::write!(f, #format #(, #arguments)*),)
    }

    fn is_in_message(&self, placeholder: &Placeholder) -> bool {
        let mut pieces = self.error.message.iter();
        pieces.any(|piece| matches!(piece, Piece::Placeholder(name) if *name == placeholder.name))
    }

    /// The message of one without placeholders.
    fn text(&self) -> String {
        let pieces = self.error.message.iter();
        let texts = pieces.filter_map(|piece| match piece {
            Piece::Text(text) => Some(text.as_str()),
            Piece::Placeholder(_) => None,
        });
        texts.collect()
    }

    /// The format and the arguments of `write!`. A field that can be shown as it is is captured by the format.
    fn format(&self) -> (String, Vec<TokenStream>) {
        let v1 = self.v1();
        let (mut format, mut arguments) = (String::new(), Vec::new());
        for piece in &self.error.message {
            let name = match piece {
                Piece::Text(text) => {
                    format += &text.replace('{', "{{").replace('}', "}}");
                    continue;
                }
                Piece::Placeholder(name) => name,
            };
            let mut placeholders = self.placeholders();
            let found = placeholders.find(|(placeholder, _)| placeholder.name == *name);
            let (placeholder, field) = found.expect("every name of a message is a placeholder");
            let is_plain = !placeholder.repeated
                && !matches!(
                    placeholder.r#type,
                    PlaceholderType::Timestamp | PlaceholderType::Duration
                );
            let text = field.to_string();
            if !is_plain {
                format += "{}";
                arguments.push(quote!(#v1::Shown(#field)));
            } else if text.starts_with("r#") {
                format += "{}";
                arguments.push(field);
            } else {
                format += &format!("{{{text}}}");
            }
        }
        (format, arguments)
    }

    /// The expression that makes a status of it, where its fields and `message_` are in scope.
    pub(super) fn written(&self, error_type: &syn::Ident) -> TokenStream {
        let (v1, constant) = (self.v1(), self.constant_name());
        let mut calls = Vec::new();
        for (placeholder, field) in self.placeholders() {
            let key = &placeholder.name;
            calls.push(quote!(.metadata(#key, &#field)));
        }
        if self.dialect == Dialect::Kratos {
            return quote! {
                #v1::ErrorWriter::new(#error_type::#constant, message)
                    .all_metadata(metadata)
                    .finish()
            };
        }
        for ((field, _), full_name) in self.details().zip(&self.error.details) {
            let name = &full_name[1..];
            calls.push(quote!(.detail(#name, &#field)));
        }
        for trailer in &self.error.trailers {
            let key = &trailer.key;
            calls.push(match &trailer.value {
                TrailerValue::Placeholder(name) => self.trailer(key, name),
                TrailerValue::Json(detail) => {
                    let details = self.error.details.iter().zip(self.details());
                    let mut fields = details.filter(|(name, _)| *name == detail);
                    let field = fields.next().map(|(_, (field, _))| field);
                    quote!(.json_trailer(#key, &#field))
                }
                TrailerValue::Text(text) => quote!(.text_trailer(#key, #text)),
            });
        }
        quote!(#v1::ErrorWriter::new(#error_type::#constant, message_) #(#calls)* .finish())
    }

    fn trailer(&self, key: &str, name: &str) -> TokenStream {
        let mut placeholders = self.placeholders();
        let found = placeholders.find(|(placeholder, _)| placeholder.name == name);
        let (placeholder, field) = found.expect("trailers have values of placeholders");
        if placeholder.repeated {
            quote!(.list_trailer(#key, &#field))
        } else {
            quote!(.trailer(#key, &#field))
        }
    }

    /// The arm that reads it.
    pub(super) fn read(&self) -> TokenStream {
        let name = format_ident!("{}", self.name);
        let reason = &self.error.reason;
        let code = format_ident!("{}", self.error.code.rust_name());
        let mut fields = Vec::new();
        for (placeholder, field) in self.placeholders() {
            let key = &placeholder.name;
            fields.push(quote!(#field: error.metadata(#key)?));
        }
        for ((field, _), full_name) in self.details().zip(&self.error.details) {
            let name = &full_name[1..];
            fields.push(quote!(#field: error.detail(#name)?));
        }
        if self.dialect == Dialect::Kratos {
            fields.push(quote!(message: error.message()));
            fields.push(quote!(metadata: error.all_metadata()));
        }
        let value = if fields.is_empty() {
            quote!(Self::#name)
        } else {
            quote!(Self::#name { #(#fields),* })
        };
        quote!((#reason, ::tonic::Code::#code) => ::std::option::Option::Some(#value),)
    }
}
