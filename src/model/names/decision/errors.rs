//! Types of errors, and their variants.

use super::Decision;
use crate::descriptor::File;
use crate::diagnostics::Diagnostic;
use crate::model::errors::ErrorEnum;
use crate::model::ident::variant;
use crate::model::names::last;
use crate::model::names::scope::{Claim, Holder, HolderKind, Scope};

impl<'a> Decision<'a> {
    /// The type of an error enum: it cannot yield, for its name is all that users know of it.
    pub(super) fn error_type(&mut self, scope: &mut Scope<'a>, file: &'a File, of: &'a ErrorEnum) {
        let claim = Claim {
            kind: HolderKind::ErrorType,
            full_name: of.full_name.clone(),
            file,
            path: of.path.clone(),
        };
        let name = &of.rust_type;
        if let Some(holder) = scope.taken.get(name) {
            let (other, other_place) = self.holder(holder);
            let message = format!(
                "{} would be `{name}` in Rust, which is {other}",
                claim.what()
            );
            let mut problem = Diagnostic::error(message).with_label(self.place(&claim), "");
            if let Some(place) = other_place {
                problem = problem.with_label(place, "has the name");
            }
            let stem = name.trim_end_matches("Error");
            let help = format!(
                "choose another name: `option (rust_svc.v1.enum).errors = {{rust_type: \"{stem}Failure\"}};`"
            );
            self.problems.push(problem.with_help(help));
        }
        scope.taken.insert(name.clone(), Holder::Declared(claim));
        self.error_variants(file, of);
    }

    /// Its variants, which are called like the values are in Rust.
    fn error_variants(&mut self, file: &'a File, of: &'a ErrorEnum) {
        let mut scope = Scope::default();
        let what = "the variant for errors that are not known".to_owned();
        scope
            .taken
            .insert("Unknown".to_owned(), Holder::Given(what));
        for error in &of.errors {
            let full_name = format!("{}.{}", of.full_name, error.name);
            let strip_prefix = !self.options.retain_enum_prefix;
            let wanted = self.names.enum_value(&full_name, || {
                variant(last(&of.full_name), &error.name, strip_prefix)
            });
            let claim = Claim {
                kind: HolderKind::ErrorVariant,
                full_name: full_name.clone(),
                file,
                path: [of.path.as_slice(), &[2, error.index as i32]].concat(),
            };
            let name = self.claim(&mut scope, &wanted, claim);
            self.names.error_variants.insert(full_name, name);
        }
    }
}
