//! Client traits and their mocks, for clients of either kind.

use syn::Item;

use super::template::{self, implements, module, parse, remove, replace};
use crate::options::{Options, Stubs};

/// Methods that take an `Arc` of the service borrow nothing.
const ARC_SELF: [(&str, &str); 4] = [
    ("(self).serve", "(&self).serve"),
    ("<'s, 'f>", "<'f>"),
    ("&'s self", "self: std::sync::Arc<Self>"),
    ("'s: 'f,", ""),
];

/// The template of the module with the trait.
pub(super) fn template(options: &Options) -> Option<syn::File> {
    if !options.has_client_trait() {
        return None;
    }
    let mut file = if options.arc_self {
        parse(&replace(template::API, &ARC_SELF))
    } else {
        parse(template::API)
    };
    let items = module(&mut file);
    // A trait whose methods have bodies answers with streams of one type, which mocks do not.
    if !options.server || options.default_stubs {
        remove(items, |item| implements(item, "Example"));
    }
    if !options.has_testing() {
        remove(items, |item| !matches!(item, Item::Use(_) | Item::Trait(_)));
    }
    // Our own client implements the trait beside itself, where its fields are visible.
    if options.client && options.effective_stubs() == Stubs::Tonic {
        items.extend(parse(template::API_OF_TONIC).items);
    }
    Some(file)
}
