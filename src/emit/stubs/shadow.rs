//! Services called like something that tonic-build's code uses by its bare name: `service Body`.
//!
//! The server trait of such a service stands in the module whose code means tonic's `Body`. So the
//! code is made for a service of a name that nothing has, what is meant is written out, and then the
//! service gets its own name.

use syn::visit_mut::{self, VisitMut};
use syn::{ExprPath, Path, QSelf, TypePath};

/// Stands for the service's name until everything else is written out.
pub(super) const STAND_IN: &str = "RsvcService";

/// The name as tonic-build makes a module of it.
const STAND_IN_MODULE: &str = "rsvc_service";

/// What the modules of a server use by a bare name, and where it comes from.
const BARE: [(&str, &str); 14] = [
    ("Arc", "std::sync"),
    ("Body", "tonic::codegen"),
    ("BoxFuture", "tonic::codegen"),
    ("BoxStream", "tonic::codegen"),
    ("Clone", "std::clone"),
    ("CompressionEncoding", "tonic::codegen"),
    ("Context", "std::task"),
    ("Default", "std::default"),
    ("EnabledCompressionEncodings", "tonic::codegen"),
    ("InterceptedService", "tonic::codegen"),
    ("Into", "std::convert"),
    ("Option", "std::option"),
    ("Poll", "std::task"),
    ("StdError", "tonic::codegen"),
];

/// Where the name of a service is from, if it would hide it.
fn origin(service: &str) -> Option<&'static str> {
    BARE.iter()
        .find(|(name, _)| *name == service)
        .map(|(_, origin)| *origin)
}

/// Whether the code of this service has to be made under another name.
pub(super) fn hides(service: &str) -> bool {
    origin(service).is_some()
}

/// Writes out what the service's name hides.
pub(super) fn write_out(file: &mut syn::File, service: &str) {
    let Some(origin) = origin(service) else {
        return;
    };
    let full = format!("::{origin}::{service}");
    let full = syn::parse_str(&full).expect("origins are paths");
    WriteOut { service, full }.visit_file_mut(file);
}

/// Gives the service its name.
pub(super) fn name(text: &str, service: &str, module: &str) -> String {
    text.replace(STAND_IN, service)
        .replace(STAND_IN_MODULE, module)
}

struct WriteOut<'a> {
    service: &'a str,
    full: Path,
}

impl WriteOut<'_> {
    fn is_meant(&self, path: &Path) -> bool {
        let first = path.segments.first();
        path.leading_colon.is_none() && first.is_some_and(|first| first.ident == self.service)
    }

    /// In `<X as Body>::Error` the trait's path gets longer.
    fn lengthen(&self, qself: &mut Option<QSelf>, path: &Path) {
        if let Some(qself) = qself
            && qself.position > 0
            && self.is_meant(path)
        {
            qself.position += self.full.segments.len() - 1;
        }
    }
}

impl VisitMut for WriteOut<'_> {
    fn visit_type_path_mut(&mut self, path: &mut TypePath) {
        self.lengthen(&mut path.qself, &path.path);
        visit_mut::visit_type_path_mut(self, path);
    }

    fn visit_expr_path_mut(&mut self, path: &mut ExprPath) {
        self.lengthen(&mut path.qself, &path.path);
        visit_mut::visit_expr_path_mut(self, path);
    }

    fn visit_path_mut(&mut self, path: &mut Path) {
        visit_mut::visit_path_mut(self, path);
        if !self.is_meant(path) {
            return;
        }
        let mut full = self.full.clone();
        let mut segments = std::mem::take(&mut path.segments).into_iter();
        if let (Some(last), Some(first)) = (full.segments.last_mut(), segments.next()) {
            last.arguments = first.arguments;
        }
        full.segments.extend(segments);
        *path = full;
    }
}
