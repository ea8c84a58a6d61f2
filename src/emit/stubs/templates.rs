//! Templates of modules, before and while they are filled.

use syn::Item;

use super::bindings::{of_rpc, of_service};
use crate::emit::tokens;
use crate::model::Service;
use crate::options::Options;
use crate::template::Template;

/// The modules of a service that templates stand for.
pub(super) fn fill(templates: &[syn::File], service: &Service, options: &Options) -> String {
    let bindings = of_service(service, options);
    let methods = service.methods.iter();
    let rpcs: Vec<_> = methods
        .map(|method| (method.kind, of_rpc(&bindings, service, method)))
        .collect();
    let template = Template {
        service: &bindings,
        rpcs: &rpcs,
    };
    let templates = templates.iter();
    templates
        .map(|file| tokens::print(template.fill(file)))
        .collect()
}

/// Methods that take an `Arc` of the service borrow nothing.
pub(super) fn with_arc_self(template: &str) -> String {
    template
        .replace(
            "(service, request)",
            "(std::sync::Arc::clone(service), request)",
        )
        .replace("(self).serve", "(&self).serve")
        .replace("<'s, 'f>", "<'f>")
        .replace("&'s self", "self: std::sync::Arc<Self>")
        .replace("'s: 'f,", "")
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

/// Whether this implements a trait.
pub(super) fn is_of_trait(item: &Item, name: &str) -> bool {
    let Item::Impl(item) = item else {
        return false;
    };
    let of = item
        .trait_
        .as_ref()
        .and_then(|(_, path, _)| path.segments.last());
    of.is_some_and(|segment| segment.ident == name)
}
