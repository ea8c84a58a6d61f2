//! The rules of the language, over linked files: whoever linked them.
//!
//! Source that we read, what protoc and buf hand to a plugin, and descriptor sets pass here alike. Each
//! file here has the rules of one kind of declaration; all of them are walked once.

use crate::descriptor::Field;
use crate::features::Features;
use crate::pool::Pool;
use crate::problems::Problems;
use crate::symbols::SymbolId;
use crate::target::Target;

mod context;
mod enums;
mod extended;
mod extensions;
mod fields;
mod files;
mod json;
mod lifetimes;
mod maps;
mod messages;
mod names;
mod ranges;
mod style;
mod support;
mod visibility;

use context::{Around, Check};
pub(crate) use context::{Facts, Shared};

/// Checks one file.
pub(crate) fn check<'a>(
    pool: Pool<'a>,
    facts: Facts,
    shared: &mut Shared<'a>,
    problems: &mut Problems,
) {
    let mut check = Check {
        pool,
        file: &pool.files[facts.file],
        facts,
        shared,
        problems,
    };
    check.file();
    check.style();
}

impl<'a> Check<'a, '_> {
    fn file(&mut self) {
        let package = self
            .pool
            .symbols
            .descend(SymbolId::ROOT, &self.file.package);
        let around = Around {
            path: &[],
            scope: package.unwrap_or(SymbolId::ROOT),
            features: Features::from_file(self.file),
        };
        self.file_options(around.features);
        self.options(&self.file.options, Target::File, &[]);
        for (message, index) in self.file.message_type.iter().zip(0..) {
            self.message(message, &around, 4, index);
        }
        for (r#enum, index) in self.file.enum_type.iter().zip(0..) {
            self.r#enum(r#enum, &around, 5, index);
        }
        self.extensions(&self.file.extension, &around, 7);
        self.services(&around);
    }

    fn services(&mut self, around: &Around<'_>) {
        for (index, service) in self.file.service.iter().enumerate() {
            let path = around.path_of(6, index);
            self.identifier(&path, &service.name);
            self.options(&service.options, Target::Service, &path);
            self.lite_service(&path);
            for (index, method) in service.method.iter().enumerate() {
                let path = [path.as_slice(), &[2, index as i32]].concat();
                self.identifier(&path, &method.name);
                self.options(&method.options, Target::Method, &path);
                self.visible(&method.input_type, &path, 2);
                self.visible(&method.output_type, &path, 3);
            }
        }
    }

    fn extensions(&mut self, extensions: &'a [Field], around: &Around<'_>, number: i32) {
        for (index, field) in extensions.iter().enumerate() {
            let path = around.path_of(number, index);
            self.field(field, around, &path, None);
            self.extension(field, around, &path);
        }
    }
}
