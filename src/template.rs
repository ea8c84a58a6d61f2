//! Fills the files in `templates/`: real Rust for one example service that has an rpc of each kind.
//!
//! Code that is named like a kind, such as `unary`, is repeated for each rpc of that kind; everything else is there
//! once. Names, paths and texts are then replaced, by whole tokens.

use std::collections::HashMap;

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{
    Arm, AttrStyle, Attribute, Expr, ExprMatch, ImplItem, ImplItemFn, Item, ItemImpl, ItemMod,
    ItemTrait, Stmt, TraitItem,
};

use crate::model::Kind;

/// The replacements for parts of the example, by the tokens that those have there.
#[derive(Clone, Default)]
pub(crate) struct Bindings {
    /// Identifiers, and paths of two such as `super::Input`.
    names: HashMap<&'static str, TokenStream>,
    /// The contents of string literals.
    texts: HashMap<&'static str, TokenStream>,
    /// Documentation, by its line in the example, with whatever attributes go with it.
    docs: HashMap<&'static str, TokenStream>,
}

impl Bindings {
    pub(crate) fn name(&mut self, name: &'static str, tokens: impl ToTokens) -> &mut Self {
        self.names.insert(name, tokens.into_token_stream());
        self
    }

    pub(crate) fn text(&mut self, text: &'static str, value: &str) -> &mut Self {
        self.texts.insert(text, value.into_token_stream());
        self
    }

    pub(crate) fn docs(&mut self, line: &'static str, tokens: TokenStream) -> &mut Self {
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
            (TokenTree::Ident(first), [TokenTree::Punct(a), TokenTree::Punct(b), second, ..])
                if a.as_char() == ':' && b.as_char() == ':' =>
            {
                let path = self.names.get(format!("{first}::{second}").as_str());
                let path = path.map(|found| (found, 4));
                path.or_else(|| Some((self.names.get(first.to_string().as_str())?, 1)))
            }
            (TokenTree::Ident(ident), _) => Some((self.names.get(ident.to_string().as_str())?, 1)),
            (TokenTree::Literal(literal), _) => {
                let text = literal.to_string();
                Some((self.texts.get(text.trim_matches('"'))?, 1))
            }
            (TokenTree::Punct(punct), [TokenTree::Group(group), ..]) if punct.as_char() == '#' => {
                Some((self.doc(group)?, 2))
            }
            _ => None,
        }
    }

    /// The replacement of `doc = r" LINE"`, which is how `/// LINE` is parsed.
    fn doc(&self, attribute: &Group) -> Option<&TokenStream> {
        let mut tokens = attribute.stream().into_iter();
        let is_doc = attribute.delimiter() == Delimiter::Bracket
            && matches!(tokens.next(), Some(TokenTree::Ident(ident)) if ident == "doc");
        let line = tokens.nth(1).filter(|_| is_doc)?.to_string();
        self.docs.get(line.trim_matches(['r', '"', ' ']))
    }
}

/// A template, with what stands for the service and, that included, for each of its rpcs.
pub(crate) struct Template<'a> {
    pub(crate) service: &'a Bindings,
    pub(crate) rpcs: &'a [(Kind, Bindings)],
}

impl Template<'_> {
    /// The items of a file.
    pub(crate) fn fill(&self, file: &syn::File) -> TokenStream {
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
fn kind_of(name: &str) -> Option<Kind> {
    Some(match name.strip_prefix("call_").unwrap_or(name) {
        "unary" | "Unary" => Kind::Unary,
        "client_streaming" | "ClientStreaming" => Kind::ClientStreaming,
        "server_streaming" | "ServerStreaming" | "ServerStreamingStream" => Kind::ServerStreaming,
        "bidi_streaming" | "BidiStreaming" | "BidiStreamingStream" => Kind::BidiStreaming,
        _ => return None,
    })
}
