//! Clients and servers of our own, from `templates/`.

use syn::{ImplItem, Item, TraitItem, parse_quote};

use super::template::{self, implements, module, parse, remove, replace};
use crate::options::Options;

/// The templates of the client module and the server module, as the options want them.
pub(super) fn templates(options: &Options) -> Vec<syn::File> {
    let client = options.client.then(|| client(options));
    let server = options.server.then(|| server(options));
    [client, server].into_iter().flatten().collect()
}

fn client(options: &Options) -> syn::File {
    if options.transport {
        return without_client_trait(parse(template::CLIENT), options);
    }
    let text = replace(template::CLIENT, &[("use tonic::transport;", "")]);
    let mut file = parse(&text);
    let is_connect =
        |item: &ImplItem| matches!(item, ImplItem::Fn(function) if function.sig.ident == "connect");
    remove(
        module(&mut file),
        |item| matches!(item, Item::Impl(item) if item.items.iter().any(is_connect)),
    );
    without_client_trait(file, options)
}

fn without_client_trait(mut file: syn::File, options: &Options) -> syn::File {
    if !options.has_client_trait() {
        remove(module(&mut file), |item| implements(item, "ExampleApi"));
    }
    file
}

/// Methods that take an `Arc` of the service borrow nothing.
const ARC_SELF: [(&str, &str); 4] = [
    (
        "(service, request)",
        "(std::sync::Arc::clone(service), request)",
    ),
    ("<'s, 'f>", "<'f>"),
    ("&'s self", "self: std::sync::Arc<Self>"),
    ("'s: 'f,", ""),
];

fn server(options: &Options) -> syn::File {
    let mut file = if options.arc_self {
        parse(&replace(template::SERVER, &ARC_SELF))
    } else {
        parse(template::SERVER)
    };
    if !options.has_testing() {
        remove(module(&mut file), |item| implements(item, "ExampleApi"));
    }
    if options.default_stubs {
        let items = module(&mut file);
        let Some(Item::Trait(service)) = items.iter_mut().find(is_service) else {
            unreachable!("the template has the trait of the service");
        };
        let items = &mut service.items;
        items.retain(|item| matches!(item, TraitItem::Fn(_)));
        items.iter_mut().for_each(give_default);
    }
    file
}

fn is_service(item: &&mut Item) -> bool {
    matches!(item, Item::Trait(item) if item.ident == "Example")
}

fn give_default(item: &mut TraitItem) {
    let TraitItem::Fn(function) = item else {
        return;
    };
    function.semi_token = None;
    function.default = Some(parse_quote!({
        std::mem::drop(request);
        v1::not_implemented()
    }));
    let name = function.sig.ident.to_string();
    if ["server_streaming", "bidi_streaming"].contains(&name.as_str()) {
        function.sig.output =
            parse_quote!(-> v1::Answer<'f, tonic::codegen::BoxStream<super::Output>>);
    }
}
