//! Client traits and their mocks, for clients of either kind.

use syn::Item;

use super::templates::{is_of_trait, module, parse, with_arc_self};
use crate::options::{Options, Stubs};

/// The template of the module with the trait.
pub(super) fn template(options: &Options) -> Option<syn::File> {
    let text = include_str!("../../../templates/api.rs");
    let mut file = match options.arc_self {
        true => parse(&with_arc_self(text)),
        false => parse(text),
    };
    let items = module(&mut file);
    // A trait whose methods have bodies answers with streams of one type, which mocks do not.
    if !options.server || options.default_stubs {
        items.retain(|item| !is_of_trait(item, "Example"));
    }
    if !options.has_testing() {
        items.retain(|item| matches!(item, Item::Use(_) | Item::Trait(_)));
    }
    // Ours implements it beside itself, where it can see what it is made of.
    if options.client && options.effective_stubs() == Stubs::Tonic {
        items.extend(parse(include_str!("../../../templates/api_of_tonic.rs")).items);
    }
    options.has_client_trait().then_some(file)
}
