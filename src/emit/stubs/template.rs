//! The files in `templates/`, and what is done to them: options take parts out, and names are filled in.
//!
//! A template is real Rust for one example service that has an rpc of each kind. Code that is named like a kind, such as
//! `unary`, is repeated for each rpc of that kind; everything else is there once. Names, paths and texts are then replaced,
//! by whole tokens.
//!
//! Nothing of it can fail silently: a placeholder to which nothing is bound, a binding whose placeholder no template
//! has, and a change that finds nothing to change are panics.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use proc_macro2::{Delimiter, Group, Literal, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{
    Arm, AttrStyle, Attribute, Expr, ExprMatch, ImplItem, ImplItemFn, Item, ItemImpl, ItemMod,
    ItemTrait, Stmt, TraitItem,
};

use crate::model::RpcKind;

pub(super) const CLIENT: &str = include_str!("../../../templates/client.rs");
pub(super) const SERVER: &str = include_str!("../../../templates/server.rs");
pub(super) const API: &str = include_str!("../../../templates/api.rs");
pub(super) const API_OF_TONIC: &str = include_str!("../../../templates/api_of_tonic.rs");

/// Makes changes to the text of a template.
///
/// # Panics
///
/// If there is nothing to change.
pub(super) fn replace(template: &str, changes: &[(&str, &str)]) -> String {
    let mut text = template.to_owned();
    for (from, to) in changes {
        assert!(text.contains(from), "a template has no `{from}` to replace");
        text = text.replace(from, to);
    }
    text
}

pub(super) fn parse(text: &str) -> syn::File {
    syn::parse_file(text).expect("a test compiles the templates")
}

/// The items of the one module that a template is.
pub(super) fn module(file: &mut syn::File) -> &mut Vec<Item> {
    match file.items.as_mut_slice() {
        [Item::Mod(module)] => &mut module.content.as_mut().expect("it is written there").1,
        _ => unreachable!("a template is one module"),
    }
}

/// Takes items out of a template.
///
/// # Panics
///
/// If there are none.
pub(super) fn remove(items: &mut Vec<Item>, is_removed: impl Fn(&Item) -> bool) {
    let before = items.len();
    items.retain(|item| !is_removed(item));
    assert!(items.len() < before, "a template has no item to remove");
}

/// Whether an item implements a trait.
pub(super) fn implements(item: &Item, name: &str) -> bool {
    let Item::Impl(item) = item else {
        return false;
    };
    let implemented = item
        .trait_
        .as_ref()
        .and_then(|(_, path, _)| path.segments.last());
    implemented.is_some_and(|segment| segment.ident == name)
}

/// The tokens in templates that bindings can replace.
#[derive(Default)]
struct Placeholders {
    /// Identifiers, and paths of two such as `super::Input`.
    names: HashSet<String>,
    texts: HashSet<String>,
    docs: HashSet<String>,
}

/// Placeholders of all templates. One template alone may lack some, where options remove the item that has them.
static PLACEHOLDERS: LazyLock<Placeholders> = LazyLock::new(|| {
    let mut placeholders = Placeholders::default();
    for text in [CLIENT, SERVER, API, API_OF_TONIC] {
        placeholders.add(text.parse().expect("a test compiles the templates"));
    }
    placeholders
});

impl Placeholders {
    fn add(&mut self, tokens: TokenStream) {
        let tokens: Vec<_> = tokens.into_iter().collect();
        let mut rest = tokens.as_slice();
        while let [token, behind @ ..] = rest {
            match token {
                TokenTree::Ident(ident) => {
                    self.names.insert(ident.to_string());
                    self.names.extend(path_of_two(token, behind));
                }
                TokenTree::Literal(literal) => {
                    self.texts.insert(string(literal));
                }
                TokenTree::Group(group) => {
                    self.docs.extend(doc_line(group));
                    self.add(group.stream());
                }
                TokenTree::Punct(_) => {}
            }
            rest = behind;
        }
    }
}

/// The replacements for parts of the example, by the tokens that those have there.
#[derive(Clone, Default)]
pub(super) struct Bindings {
    /// Identifiers, and paths of two such as `super::Input`.
    names: HashMap<&'static str, TokenStream>,
    /// The contents of string literals.
    texts: HashMap<&'static str, TokenStream>,
    /// Documentation, by its line in the example, with whatever attributes go with it.
    docs: HashMap<&'static str, TokenStream>,
}

impl Bindings {
    pub(super) fn name(&mut self, name: &'static str, tokens: impl ToTokens) -> &mut Self {
        assert_used(&PLACEHOLDERS.names, name);
        self.names.insert(name, tokens.into_token_stream());
        self
    }

    pub(super) fn text(&mut self, text: &'static str, value: &str) -> &mut Self {
        assert_used(&PLACEHOLDERS.texts, text);
        self.texts.insert(text, value.into_token_stream());
        self
    }

    pub(super) fn docs(&mut self, line: &'static str, tokens: TokenStream) -> &mut Self {
        assert_used(&PLACEHOLDERS.docs, line);
        self.docs.insert(line, tokens);
        self
    }

    /// Replaces all that is bound.
    fn fill(&self, tokens: impl ToTokens) -> TokenStream {
        let tokens: Vec<_> = tokens.into_token_stream().into_iter().collect();
        let mut filled = TokenStream::new();
        let mut rest = tokens.as_slice();
        while let [token, behind @ ..] = rest {
            let (tokens, used) = match self.found(token, behind) {
                Some((found, used)) => (found.clone(), used),
                None => (self.fill_inside(token), 1),
            };
            filled.extend(tokens);
            rest = &rest[used..];
        }
        filled
    }

    fn fill_inside(&self, token: &TokenTree) -> TokenStream {
        assert!(
            !is_placeholder(token),
            "nothing is bound to the placeholder `{token}`"
        );
        match token {
            TokenTree::Group(group) => {
                let inner = self.fill(group.stream());
                TokenTree::Group(Group::new(group.delimiter(), inner)).into()
            }
            token => token.clone().into(),
        }
    }

    /// The replacement of a token, or of it and some behind it, and how many tokens it replaces.
    fn found(&self, token: &TokenTree, behind: &[TokenTree]) -> Option<(&TokenStream, usize)> {
        match (token, behind) {
            (TokenTree::Ident(ident), _) => {
                let path = path_of_two(token, behind);
                let path = path.and_then(|path| Some((self.names.get(path.as_str())?, 4)));
                path.or_else(|| Some((self.names.get(ident.to_string().as_str())?, 1)))
            }
            (TokenTree::Literal(literal), _) => {
                Some((self.texts.get(string(literal).as_str())?, 1))
            }
            (TokenTree::Punct(punct), [TokenTree::Group(group), ..]) if punct.as_char() == '#' => {
                Some((self.docs.get(doc_line(group)?.as_str())?, 2))
            }
            _ => None,
        }
    }
}

fn assert_used(placeholders: &HashSet<String>, binding: &str) {
    assert!(
        placeholders.contains(binding),
        "no template has the placeholder `{binding}`"
    );
}

/// `super::Input`, where tokens begin so.
fn path_of_two(token: &TokenTree, behind: &[TokenTree]) -> Option<String> {
    let [
        TokenTree::Punct(a),
        TokenTree::Punct(b),
        TokenTree::Ident(second),
        ..,
    ] = behind
    else {
        return None;
    };
    (a.as_char() == ':' && b.as_char() == ':').then(|| format!("{token}::{second}"))
}

/// The contents of a string literal.
fn string(literal: &Literal) -> String {
    literal.to_string().trim_matches('"').to_owned()
}

/// The line of `[doc = r" LINE"]`, which is how `/// LINE` is parsed.
fn doc_line(attribute: &Group) -> Option<String> {
    let mut tokens = attribute.stream().into_iter();
    let is_doc = attribute.delimiter() == Delimiter::Bracket
        && matches!(tokens.next(), Some(TokenTree::Ident(ident)) if ident == "doc");
    let line = tokens.nth(1).filter(|_| is_doc)?.to_string();
    Some(line.trim_matches(['r', '"', ' ']).to_owned())
}

/// Whether a token of a template stands for something else: the names of the example service, of its rpcs and of
/// their messages, the crates that options give a path, and documentation in capitals.
fn is_placeholder(token: &TokenTree) -> bool {
    match token {
        TokenTree::Ident(ident) => {
            let name = ident.to_string();
            let is_example = name.to_ascii_lowercase().starts_with("example");
            is_example
                || kind_of(&name).is_some()
                || ["Input", "rust_svc", "tonic_prost"].contains(&name.as_str())
        }
        TokenTree::Literal(literal) => string(literal)
            .trim_start_matches('/')
            .starts_with("example."),
        TokenTree::Group(group) => doc_line(group).is_some_and(|line| {
            let is_capital = |c: char| c == '_' || c.is_ascii_uppercase();
            !line.is_empty() && line.chars().all(is_capital)
        }),
        TokenTree::Punct(_) => false,
    }
}

/// A template, with what stands for the service and, that included, for each of its rpcs.
pub(super) struct Template<'a> {
    pub(super) service: &'a Bindings,
    pub(super) rpcs: &'a [(RpcKind, Bindings)],
}

impl Template<'_> {
    /// The items of a file.
    pub(super) fn fill(&self, file: &syn::File) -> TokenStream {
        file.items.iter().map(|item| self.item(item)).collect()
    }

    fn item(&self, item: &Item) -> TokenStream {
        match item {
            Item::Mod(module) => self.module(module),
            Item::Trait(item) => self.r#trait(item),
            Item::Impl(item) => self.r#impl(item),
            item => self.service.fill(item),
        }
    }

    fn module(&self, module: &ItemMod) -> TokenStream {
        let ItemMod {
            attrs, vis, ident, ..
        } = module;
        let is_inner = |attribute: &&Attribute| matches!(attribute.style, AttrStyle::Inner(_));
        let (inner, outer): (Vec<_>, Vec<_>) = attrs.iter().partition(is_inner);
        let head = self.service.fill(quote!(#(#outer)* #vis mod #ident));
        let inner = self.service.fill(quote!(#(#inner)*));
        let items = module.content.iter().flat_map(|(_, items)| items);
        let items = items.map(|item| self.item(item));
        quote!(#head { #inner #(#items)* })
    }

    fn r#trait(&self, item: &ItemTrait) -> TokenStream {
        let ItemTrait {
            attrs,
            vis,
            ident,
            supertraits,
            ..
        } = item;
        let head = quote!(#(#attrs)* #vis trait #ident: #supertraits);
        let head = self.service.fill(head);
        let name = |item: &TraitItem| match item {
            TraitItem::Fn(item) => Some(item.sig.ident.to_string()),
            TraitItem::Type(item) => Some(item.ident.to_string()),
            _ => None,
        };
        let items = self.each(&item.items, name, |item| self.service.fill(item));
        quote!(#head { #items })
    }

    fn r#impl(&self, item: &ItemImpl) -> TokenStream {
        let ItemImpl {
            attrs,
            generics,
            self_ty,
            ..
        } = item;
        let (impl_generics, _, where_clause) = generics.split_for_impl();
        let of = item.trait_.as_ref().map(|(_, path, _)| quote!(#path for));
        let head = quote!(#(#attrs)* impl #impl_generics #of #self_ty #where_clause);
        let head = self.service.fill(head);
        let name = |item: &ImplItem| match item {
            ImplItem::Fn(item) => Some(item.sig.ident.to_string()),
            ImplItem::Type(item) => Some(item.ident.to_string()),
            _ => None,
        };
        let items = self.each(&item.items, name, |item| self.impl_item(item));
        quote!(#head { #items })
    }

    fn impl_item(&self, item: &ImplItem) -> TokenStream {
        match item {
            ImplItem::Fn(function) => match function.block.stmts.as_slice() {
                [Stmt::Expr(Expr::Match(paths), None)] => self.match_of_paths(function, paths),
                _ => self.service.fill(function),
            },
            item => self.service.fill(item),
        }
    }

    /// A function that is a `match`, with the arms of each rpc.
    fn match_of_paths(&self, function: &ImplItemFn, paths: &ExprMatch) -> TokenStream {
        let ImplItemFn {
            attrs, vis, sig, ..
        } = function;
        let matched = &paths.expr;
        let head = self.service.fill(quote!(#(#attrs)* #vis #sig));
        let matched = self.service.fill(quote!(match #matched));
        let name = |arm: &Arm| {
            let path = arm.pat.to_token_stream().to_string();
            let (_, name) = path.trim_matches('"').rsplit_once('/')?;
            Some(name.to_owned())
        };
        let arms = self.each(&paths.arms, name, |arm| self.service.fill(arm));
        quote!(#head { #matched { #arms } })
    }

    /// The elements of a list: in place of those that are called like a kind, those of each rpc.
    fn each<T: ToTokens>(
        &self,
        elements: &[T],
        name: fn(&T) -> Option<String>,
        other: impl Fn(&T) -> TokenStream,
    ) -> TokenStream {
        let kind = |element: &T| name(element).and_then(|name| kind_of(&name));
        let of_rpcs = self.rpcs.iter().flat_map(|(wanted, bindings)| {
            let elements = elements.iter();
            let elements = elements.filter(|element| kind(element) == Some(*wanted));
            elements.map(|element| bindings.fill(element))
        });
        let mut of_rpcs = Some(of_rpcs.collect::<TokenStream>());
        let elements = elements.iter().filter_map(|element| match kind(element) {
            Some(_) => of_rpcs.take(),
            None => Some(other(element)),
        });
        elements.collect()
    }
}

/// The kind that something of the example is called after.
fn kind_of(name: &str) -> Option<RpcKind> {
    Some(match name.strip_prefix("call_").unwrap_or(name) {
        "unary" | "Unary" | "UNARY" => RpcKind::Unary,
        "client_streaming" | "ClientStreaming" | "CLIENT_STREAMING" => RpcKind::ClientStreaming,
        "server_streaming" | "ServerStreaming" | "ServerStreamingStream" | "SERVER_STREAMING" => {
            RpcKind::ServerStreaming
        }
        "bidi_streaming" | "BidiStreaming" | "BidiStreamingStream" | "BIDI_STREAMING" => {
            RpcKind::BidiStreaming
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fill(template: &str, bindings: &Bindings) -> String {
        let template = parse(template);
        let rpcs = [(RpcKind::Unary, bindings.clone())];
        let filled = Template {
            service: bindings,
            rpcs: &rpcs,
        };
        filled.fill(&template).to_string()
    }

    #[test]
    fn fills_whole_tokens() {
        let mut bindings = Bindings::default();
        bindings
            .name("Example", quote!(Users))
            .name("unary", quote!(get_user))
            .name("super::Input", quote!(super::User));
        let template = "trait Example { fn unary(input: super::Input); fn unary_more(); }";
        assert_eq!(
            fill(template, &bindings),
            "trait Users : { fn get_user (input : super :: User) ; fn unary_more () ; }"
        );
    }

    #[test]
    #[should_panic = "nothing is bound to the placeholder `ExampleServer`"]
    fn an_unbound_name_is_an_error() {
        fill("struct ExampleServer;", &Bindings::default());
    }

    #[test]
    #[should_panic = "nothing is bound to the placeholder `\"/example.v1.Example/Unary\"`"]
    fn an_unbound_text_is_an_error() {
        let template = "const PATH: &str = \"/example.v1.Example/Unary\";";
        fill(template, &Bindings::default());
    }

    #[test]
    #[should_panic = "nothing is bound to the placeholder `[doc = "]
    fn unbound_documentation_is_an_error() {
        fill("/// HOOK\nstruct A;", &Bindings::default());
    }

    #[test]
    #[should_panic = "no template has the placeholder `ExampleSevrer`"]
    fn an_unused_binding_is_an_error() {
        Bindings::default().name("ExampleSevrer", quote!(Users));
    }

    #[test]
    #[should_panic = "a template has no `&'s self` to replace"]
    fn a_replacement_of_nothing_is_an_error() {
        replace("fn unary(&self);", &[("&'s self", "self")]);
    }

    #[test]
    #[should_panic = "a template has no item to remove"]
    fn a_removal_of_nothing_is_an_error() {
        let mut file = parse("mod example_server { struct A; }");
        remove(module(&mut file), |item| implements(item, "ExampleApi"));
    }
}
