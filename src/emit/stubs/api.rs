//! Client traits and their mocks, for clients of either kind.

use syn::Item;

use super::templates::{module, parse};
use crate::options::{Options, Stubs};

/// The template of the module with the trait.
pub(super) fn template(options: &Options) -> Option<syn::File> {
    let mut file = parse(include_str!("../../../templates/api.rs"));
    let items = module(&mut file);
    if !options.has_testing() {
        items.retain(|item| matches!(item, Item::Use(_) | Item::Trait(_)));
    }
    // Ours implements it beside itself, where it can see what it is made of.
    if options.client && options.effective_stubs() == Stubs::Tonic {
        items.extend(parse(include_str!("../../../templates/api_of_tonic.rs")).items);
    }
    options.has_client_trait().then_some(file)
}
