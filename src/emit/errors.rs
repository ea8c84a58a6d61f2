//! The types of error enums, and of what rpcs list of them.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::tokens;
use crate::model::{Dialect, ErrorType, ListedError, Method, Service};
use crate::options::Options;

mod variant;

use variant::Shape;

/// The type of an error enum, with what makes a status of it and reads it from one.
///
/// ```text
/// pub enum UserError {
///     /// There is no user with this id.
///     UserNotFound { id: String },
///     Unknown(Box<UnknownError>),
/// }
/// ```
pub(super) fn error_type(of: &ErrorType, options: &Options) -> String {
    let runtime = tokens::rust(&options.runtime_path.0);
    let dialect = of.declared.dialect;
    let shapes = of.declared.errors.iter().zip(&of.variants);
    let shapes = shapes.map(|(error, variant)| Shape::new(error, variant, dialect, &runtime));
    let emitter = Emitter {
        of,
        name: format_ident!("{}", of.name),
        shapes: shapes.collect(),
        // The impls name what users are told not to use.
        allow: allow_deprecated(of.declared.errors.iter().any(|error| error.is_deprecated)),
        runtime: &runtime,
    };
    let parts = [
        emitter.definition(),
        emitter.inherent(),
        emitter.display(),
        emitter.to_status(),
        emitter.read_status(),
    ];
    tokens::print(parts.into_iter().collect())
}

struct Emitter<'a> {
    of: &'a ErrorType,
    name: syn::Ident,
    shapes: Vec<Shape<'a>>,
    allow: Option<TokenStream>,
    runtime: &'a TokenStream,
}

impl<'a> Emitter<'a> {
    fn each(&self, part: impl Fn(&Shape<'a>) -> TokenStream) -> Vec<TokenStream> {
        self.shapes.iter().map(part).collect()
    }

    fn definition(&self) -> TokenStream {
        let Self { name, runtime, .. } = self;
        let of = &self.of.declared.full_name[1..];
        let docs = tokens::docs_or(&self.of.docs, &format!("The errors of `{of}`."));
        let non_exhaustive = non_exhaustive(self.of.is_exhaustive);
        let variants = self.each(Shape::definition);
        quote! {
            #docs
            #[derive(::std::clone::Clone, ::std::fmt::Debug, ::std::cmp::PartialEq)]
            #non_exhaustive
            pub enum #name {
                #(#variants)*
                /// An error of this domain that is not one of these, or not as the proto declares it.
                Unknown(::std::boxed::Box<#runtime::errors::UnknownError>),
            }
        }
    }

    fn inherent(&self) -> TokenStream {
        let Self {
            name,
            allow,
            runtime,
            ..
        } = self;
        let domain = &self.of.declared.domain;
        let constants = self.each(Shape::constant);
        let kinds = self.each(|shape| {
            let (pattern, constant) = (shape.any(), shape.constant_name());
            quote!(Self::#pattern => ::std::result::Result::Ok(&Self::#constant),)
        });
        quote! {
            #allow
            impl #name {
                /// The domain of the reasons.
                pub const DOMAIN: &'static str = #domain;
                #(#constants)*

                /// The error as the proto declares it.
                ///
                /// # Errors
                ///
                /// An error that the proto does not declare, with all that is known of it.
                pub fn kind(
                    &self,
                ) -> ::std::result::Result<&'static #runtime::errors::ErrorKind, &#runtime::errors::UnknownError> {
                    match self {
                        #(#kinds)*
                        Self::Unknown(unknown) => ::std::result::Result::Err(unknown),
                    }
                }

                /// The code of its status.
                pub fn code(&self) -> ::tonic::Code {
                    match self.kind() {
                        ::std::result::Result::Ok(kind) => kind.code(),
                        ::std::result::Result::Err(unknown) => unknown.code,
                    }
                }

                /// The reason: the name of the error in its domain.
                pub fn reason(&self) -> &str {
                    match self.kind() {
                        ::std::result::Result::Ok(kind) => kind.reason(),
                        ::std::result::Result::Err(unknown) => &unknown.reason,
                    }
                }

                /// The domain of the reason.
                pub fn domain(&self) -> &str {
                    match self.kind() {
                        ::std::result::Result::Ok(kind) => kind.domain(),
                        ::std::result::Result::Err(unknown) => &unknown.domain,
                    }
                }

                /// Whether the call can be sent again.
                pub fn is_retryable(&self) -> bool {
                    match self.kind() {
                        ::std::result::Result::Ok(kind) => kind.is_retryable(),
                        ::std::result::Result::Err(unknown) => unknown.is_retryable(),
                    }
                }
            }
        }
    }

    fn display(&self) -> TokenStream {
        let unknown = quote!(Self::Unknown(unknown) => ::std::fmt::Display::fmt(unknown, f),);
        display(&self.name, self.allow.as_ref(), &self.shapes, Some(unknown))
    }

    fn to_status(&self) -> TokenStream {
        let Self {
            name,
            allow,
            runtime,
            ..
        } = self;
        // No field has a `_` at its end.
        let arms = self.each(|shape| {
            let (pattern, written) = (shape.pattern(), shape.written(name));
            quote!(#name::#pattern => #written,)
        });
        // What kratos sends is a field.
        let message = (self.of.declared.dialect == Dialect::Ours)
            .then(|| quote!(let message_ = #runtime::__private::v1::message(&error_);));
        quote! {
            #allow
            impl ::std::convert::From<#name> for ::tonic::Status {
                fn from(error_: #name) -> Self {
                    #message
                    match error_ {
                        #(#arms)*
                        #name::Unknown(unknown) => ::std::convert::Into::into(*unknown),
                    }
                }
            }
        }
    }

    fn read_status(&self) -> TokenStream {
        let Self {
            name,
            allow,
            runtime,
            ..
        } = self;
        let arms = self.each(Shape::read);
        let reader = Shape::reader(self.of.declared.dialect);
        quote! {
            #allow
            impl ::std::convert::TryFrom<&::tonic::Status> for #name {
                type Error = #runtime::errors::OtherDomain;

                fn try_from(
                    status: &::tonic::Status,
                ) -> ::std::result::Result<Self, Self::Error> {
                    let error = #runtime::__private::v1::ErrorReader::#reader(status, Self::DOMAIN)?;
                    let known = || match error.kind() {
                        #(#arms)*
                        _ => ::std::option::Option::None,
                    };
                    ::std::result::Result::Ok(
                        known().unwrap_or_else(|| Self::Unknown(error.into_unknown())),
                    )
                }
            }
        }
    }
}

/// The module with the types of what the rpcs of a service list, if any does.
///
/// ```text
/// pub mod user_service_errors {
///     pub enum GetUserError {
///         UserNotFound { id: String },
///     }
///     impl GetUserError {
///         pub fn from_status(status: &Status) -> Option<Self>;
///     }
/// }
/// ```
pub(super) fn listed(service: &Service, options: &Options) -> Option<String> {
    let runtime = tokens::rust(&options.runtime_path.0);
    let rpcs = service.methods.iter();
    let types: Vec<_> = rpcs
        .filter_map(|method| rpc_type(service, method, &runtime))
        .collect();
    if types.is_empty() {
        return None;
    }
    let module = format_ident!("{}", service.errors_module);
    let doc = tokens::doc(&format!(
        "The errors that the methods of `{}` list.",
        service.full_name()
    ));
    Some(tokens::print(quote! {
        #doc
        pub mod #module {
            // A private module can leave some of these unused.
            #![allow(dead_code)]
            #(#types)*
        }
    }))
}

fn rpc_type(service: &Service, method: &Method, runtime: &TokenStream) -> Option<TokenStream> {
    let errors = method.errors.as_ref()?;
    let name = format_ident!("{}", errors.name);
    let listed: Vec<_> = errors
        .listed
        .iter()
        .map(|listed| (listed, Shape::listed(listed, runtime)))
        .collect();
    let is_deprecated = errors
        .listed
        .iter()
        .any(|listed| listed.declared.is_deprecated);
    let allow = allow_deprecated(is_deprecated);
    let doc = tokens::doc(&format!(
        "The errors that `{}` lists.",
        service.path(method)
    ));
    let non_exhaustive = non_exhaustive(errors.is_exhaustive);
    let variants = listed.iter().map(|(_, shape)| shape.definition());
    let from = listed.iter().map(|(listed, shape)| {
        let (theirs, ours) = (theirs(listed, shape), shape.pattern());
        quote!(#name::#ours => ::std::convert::Into::into(#theirs),)
    });
    let of = by_type(&listed).into_iter().map(|(error_type, listed)| {
        let arms = listed.iter().map(|(listed, shape)| {
            let (theirs, ours) = (theirs(listed, shape), shape.pattern());
            quote!(#theirs => ::std::option::Option::Some(Self::#ours),)
        });
        quote! {
            match <#error_type as ::std::convert::TryFrom<&::tonic::Status>>::try_from(status).ok()? {
                #(#arms)*
                _ => ::std::option::Option::None,
            }
        }
    });
    let of = first_of(of.collect());
    let shapes: Vec<_> = listed.iter().map(|(_, shape)| shape.clone()).collect();
    let display = display(&name, allow.as_ref(), &shapes, None);
    Some(quote! {
        #doc
        #[derive(::std::clone::Clone, ::std::fmt::Debug, ::std::cmp::PartialEq)]
        #non_exhaustive
        pub enum #name {
            #(#variants)*
        }
        #allow
        impl #name {
            /// The error that a status is, if it is one of these.
            pub fn from_status(status: &::tonic::Status) -> ::std::option::Option<Self> {
                #of
            }
        }
        #display
        #allow
        impl ::std::convert::From<#name> for ::tonic::Status {
            fn from(error_: #name) -> Self {
                match error_ {
                    #(#from)*
                }
            }
        }
    })
}

/// An error that is added to a proto breaks no `match` of another crate.
fn non_exhaustive(is_exhaustive: bool) -> Option<TokenStream> {
    (!is_exhaustive).then(|| quote!(#[non_exhaustive]))
}

/// The first of some expressions that is not none.
fn first_of(options: Vec<TokenStream>) -> TokenStream {
    if let [only] = options.as_slice() {
        return only.clone();
    }
    let names: Vec<_> = (1..=options.len())
        .map(|number| format_ident!("of_{number}"))
        .collect();
    let (first, others) = names.split_first().expect("an rpc lists some error");
    quote! {
        #(let #names = || #options;)*
        #first() #(.or_else(#others))*
    }
}

/// The listed errors, by their types.
fn by_type<'a>(
    listed: &'a [(&'a ListedError, Shape<'a>)],
) -> Vec<(TokenStream, Vec<&'a (&'a ListedError, Shape<'a>)>)> {
    let mut types: Vec<(&str, Vec<_>)> = Vec::new();
    for one in listed {
        match types.iter_mut().find(|(path, _)| *path == one.0.error_type) {
            Some((_, of_type)) => of_type.push(one),
            None => types.push((&one.0.error_type, vec![one])),
        }
    }
    let types = types.into_iter();
    types
        .map(|(path, of_type)| (tokens::rust(path), of_type))
        .collect()
}

/// The variant of the error's own type.
fn theirs(listed: &ListedError, shape: &Shape<'_>) -> TokenStream {
    let error_type = tokens::rust(&listed.error_type);
    let pattern = shape.pattern_called(&listed.variant.name);
    quote!(#error_type::#pattern)
}

fn display(
    name: &syn::Ident,
    allow: Option<&TokenStream>,
    shapes: &[Shape<'_>],
    unknown: Option<TokenStream>,
) -> TokenStream {
    let arms = shapes.iter().map(Shape::shown);
    quote! {
        #allow
        impl ::std::fmt::Display for #name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                match self {
                    #(#arms)*
                    #unknown
                }
            }
        }
        impl ::std::error::Error for #name {}
    }
}

fn allow_deprecated(is_deprecated: bool) -> Option<TokenStream> {
    is_deprecated.then(|| quote!(#[allow(deprecated)]))
}
