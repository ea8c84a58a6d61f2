//! The errors that rpcs list.

use std::collections::BTreeSet;

use super::reading::{At, Reading};
use crate::descriptor::{File, Service};
use crate::diagnostics::nearest;

impl Reading<'_> {
    /// Notes enums and their errors by every full name that they have: values stand beside their enum.
    pub(super) fn learn_names(&mut self) {
        for (name, of) in &self.catalog.enums {
            let (scope, _) = name.rsplit_once('.').unwrap_or_default();
            for (index, error) in of.errors.iter().enumerate() {
                let named = (name.clone(), Some(index));
                let beside = format!("{scope}.{}", error.name);
                self.known.insert(beside, named.clone());
                self.known.insert(format!("{name}.{}", error.name), named);
            }
            self.known.insert(name.clone(), (name.clone(), None));
        }
    }

    pub(super) fn listed(&mut self, file: &File) {
        for (service, index) in file.service.iter().zip(0..) {
            let at = At::new(file, vec![6, index]);
            self.listed_by(&at, service);
        }
    }

    fn listed_by(&mut self, at: &At<'_>, service: &Service) {
        let scope = at.file.full_name(&service.name);
        let of_service = self.reader.service(&service.options).errors;
        let of_all = self.find_all(at, &scope, &of_service);
        for (method, index) in service.method.iter().zip(0..) {
            let own = self.reader.method(&method.options).errors;
            let mut errors = self.find_all(&at.child(2, index), &scope, &own);
            errors.extend(of_all.iter().cloned());
            if !errors.is_empty() {
                let name = format!("{scope}.{}", method.name);
                self.catalog.listed.insert(name, errors);
            }
        }
    }

    fn find_all(
        &mut self,
        at: &At<'_>,
        scope: &str,
        names: &[String],
    ) -> BTreeSet<(String, usize)> {
        let mut found = BTreeSet::new();
        for name in names {
            match self.find(at, scope, name) {
                Ok(errors) => found.extend(errors),
                Err((message, help)) => self.problem(at, name, message, help),
            }
        }
        found
    }

    /// The errors that a name stands for. The error is a message and its help.
    fn find(
        &self,
        at: &At<'_>,
        scope: &str,
        name: &str,
    ) -> Result<Vec<(String, usize)>, (String, String)> {
        let Some((r#enum, index)) = scopes(scope, name).find_map(|full| self.known.get(&full))
        else {
            return Err(self.unknown(scope, name));
        };
        let of = &self.catalog.enums[r#enum];
        if !self.is_visible(at.file, &of.file) {
            let message = format!(
                "`{name}` is declared in \"{}\", which is not imported",
                of.file
            );
            return Err((message, format!("add `import \"{}\";`", of.file)));
        }
        let errors = match index {
            Some(index) => *index..*index + 1,
            None => 0..of.errors.len(),
        };
        Ok(errors.map(|index| (r#enum.clone(), index)).collect())
    }

    fn unknown(&self, scope: &str, name: &str) -> (String, String) {
        let mut enums = scopes(scope, name).filter(|full| self.symbols.is_enum(full));
        if let Some(full) = enums.next() {
            let message = format!("the enum `{}` has no errors", &full[1..]);
            let help = "give it `option (rust_svc.v1.enum).errors = {…};`, and its values errors";
            return (message, help.to_owned());
        }
        let message = format!("there is no error `{name}`");
        let short = |name: &'_ str| name.rsplit('.').next().unwrap_or_default().to_owned();
        let mut known: Vec<_> = self.known.keys().map(|name| short(name)).collect();
        known.sort_unstable();
        let help = match nearest(&short(name), known.iter().map(String::as_str)) {
            Some(near) => format!("did you mean `{near}`?"),
            None => {
                "name a value of an error enum, or an error enum for all of its values".to_owned()
            }
        };
        (message, help)
    }

    /// Whether a file sees what another declares.
    pub(super) fn is_visible(&self, from: &File, file: &str) -> bool {
        from.name == file
            || from
                .dependency
                .iter()
                .any(|import| self.passes_on(import, file))
    }

    /// Whether a file is another, or imports it publicly.
    fn passes_on(&self, import: &str, file: &str) -> bool {
        let imported = || self.input.files.iter().find(|file| file.name == import);
        import == file
            || imported().is_some_and(|imported| {
                let mut public = imported.public_imports();
                public.any(|import| self.passes_on(import, file))
            })
    }
}

/// The full names that a name can be in a scope, innermost first.
pub(super) fn scopes<'a>(scope: &'a str, name: &'a str) -> impl Iterator<Item = String> + 'a {
    let is_full = name.starts_with('.');
    let outer = scope.match_indices('.').map(|(index, _)| &scope[..index]);
    let mut scopes: Vec<_> = outer.chain([scope]).collect();
    scopes.reverse();
    let names = scopes.into_iter().map(move |scope| {
        if is_full {
            name.to_owned()
        } else {
            format!("{scope}.{name}")
        }
    });
    names.take(if is_full { 1 } else { usize::MAX })
}
