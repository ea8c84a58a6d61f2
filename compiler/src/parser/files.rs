//! Declarations at the top level of a file.

use super::{MAX_PACKAGE_LENGTH, Options, Parse, Parser, Skip, Syntax, TOO_LONG_PACKAGE};
use crate::descriptor::{File, visibility};
use crate::edition;
use crate::lexer::TokenKind;
use crate::target::Target;

/// Numbers of fields of `FileDescriptorProto`.
const PACKAGE: i32 = 2;
const DEPENDENCY: i32 = 3;
const MESSAGE: i32 = 4;
const ENUM: i32 = 5;
const SERVICE: i32 = 6;
const EXTENSION: i32 = 7;
const OPTIONS: i32 = 8;
const PUBLIC_DEPENDENCY: i32 = 10;
const WEAK_DEPENDENCY: i32 = 11;
const SYNTAX: i32 = 12;
const OPTION_DEPENDENCY: i32 = 15;

impl Parser<'_> {
    pub(super) fn file(&mut self, file: &mut File) {
        self.comments_of_beginning();
        self.at(&[], |parser, _| {
            if (parser.is("syntax") || parser.is("edition")) && parser.syntax(file).is_err() {
                // Nothing says how to read the rest.
                return;
            }
            let mut options = None;
            while !parser.is_at_end() {
                if parser.top_level(file, &mut options).is_err() {
                    parser.skip_statement();
                    if parser.is("}") {
                        parser.wrong("the brace closes nothing", "remove it");
                        parser.advance();
                    }
                }
            }
        });
    }

    fn syntax(&mut self, file: &mut File) -> Parse {
        self.at(&[SYNTAX], |parser, location| {
            let is_edition = parser.is("edition");
            parser.advance();
            parser.expect("=")?;
            let token = parser.token();
            let value = parser.string("a string such as \"proto3\"")?;
            let value = String::from_utf8_lossy(&value).into_owned();
            parser.expect_end(";", location)?;
            let syntax = match (is_edition, value.as_str()) {
                (true, name) => edition::number(name).map(Syntax::Edition),
                (false, "proto2") => Some(Syntax::Proto2),
                (false, "proto3") => Some(Syntax::Proto3),
                _ => None,
            };
            let Some(syntax) = syntax else {
                let (message, help) = if is_edition {
                    edition::unknown(&value)
                } else {
                    (
                        format!("the syntax \"{value}\" does not exist"),
                        "write \"proto3\" or \"proto2\", or an edition: `edition = \"2023\";`"
                            .to_owned(),
                    )
                };
                parser.problem(token.start, token.end, message, &help);
                return Err(Skip);
            };
            parser.syntax = syntax;
            match syntax {
                Syntax::Proto3 => file.syntax = Some("proto3".to_owned()),
                Syntax::Edition(number) => {
                    file.syntax = Some("editions".to_owned());
                    file.edition = Some(number);
                }
                Syntax::Missing | Syntax::Proto2 => {}
            }
            Ok(())
        })
    }

    fn top_level(&mut self, file: &mut File, options: &mut Options) -> Parse {
        if self.take_end(";", None) {
            return Ok(());
        }
        let visibility = self.visibility()?;
        match self.text() {
            "message" => {
                let path = [MESSAGE, file.message_type.len() as i32];
                let mut message = Default::default();
                let result = self.at(&path, |parser, location| {
                    parser.message(&mut message, visibility, location)
                });
                file.message_type.push(message);
                result
            }
            "enum" => {
                let path = [ENUM, file.enum_type.len() as i32];
                let mut r#enum = Default::default();
                let result = self.at(&path, |parser, location| {
                    parser.r#enum(&mut r#enum, visibility, location)
                });
                file.enum_type.push(r#enum);
                result
            }
            "service" => {
                let path = [SERVICE, file.service.len() as i32];
                let mut service = Default::default();
                let result = self.at(&path, |parser, location| {
                    parser.service(&mut service, location)
                });
                file.service.push(service);
                result
            }
            "extend" => self.extend(
                &mut file.extension,
                EXTENSION,
                &mut file.message_type,
                MESSAGE,
            ),
            "import" => self.import(file),
            "package" => self.package(file),
            "option" => self.option_statement(options, Target::File, OPTIONS),
            _ => self.expected("a declaration, such as `message`"),
        }
    }

    /// `export` or `local`, as the number of `SymbolVisibility`.
    pub(super) fn visibility(&mut self) -> Parse<Option<i32>> {
        let visibility = match self.text() {
            "export" => visibility::EXPORT,
            "local" => visibility::LOCAL,
            _ => return Ok(None),
        };
        // Before edition 2024 these are names like others.
        if !matches!(self.syntax, Syntax::Edition(number) if number > edition::E2023) {
            return Ok(None);
        }
        self.advance();
        if !self.is("message") && !self.is("enum") {
            self.wrong(
                "`export` and `local` are for messages and enums",
                "remove the word before this one",
            );
            return Err(Skip);
        }
        Ok(Some(visibility))
    }

    fn package(&mut self, file: &mut File) -> Parse {
        if !file.package.is_empty() {
            self.wrong("the file has two packages", "remove one of the two");
            file.package.clear();
        }
        let start = self.token().start;
        self.at(&[PACKAGE], |parser, location| {
            parser.advance();
            loop {
                file.package += &parser.identifier("a package name")?;
                if !parser.take(".") {
                    break;
                }
                file.package.push('.');
            }
            parser.expect_end(";", location)?;
            if file.package.len() > MAX_PACKAGE_LENGTH {
                // Every full name would begin with it.
                file.package.clear();
                let (text, help) = TOO_LONG_PACKAGE;
                parser.problem(start, parser.previous().end, text, help);
            }
            Ok(())
        })
    }

    fn import(&mut self, file: &mut File) -> Parse {
        let start = self.token().start;
        self.advance();
        if self.is("option") {
            return self.import_option(file, start);
        }
        let index = file.dependency.len() as i32;
        self.at_from(start, &[DEPENDENCY, index], |parser, location| {
            if !file.option_dependency.is_empty() {
                let help = "move this import before those that begin with `import option`";
                parser.wrong("a plain import stands behind an option import", help);
            }
            parser.import_modifier(file, index);
            let name = parser.string("the name of a file, in quotes")?;
            file.dependency
                .push(String::from_utf8_lossy(&name).into_owned());
            parser.expect_end(";", location)
        })
    }

    /// `public` or `weak`.
    fn import_modifier(&mut self, file: &mut File, index: i32) {
        let (number, list) = match self.text() {
            "public" => (PUBLIC_DEPENDENCY, &mut file.public_dependency),
            "weak" => {
                if matches!(self.syntax, Syntax::Edition(number) if number >= edition::E2024) {
                    let help = "import for options alone with `import option`";
                    self.wrong("weak imports end with edition 2023", help);
                }
                (WEAK_DEPENDENCY, &mut file.weak_dependency)
            }
            _ => return,
        };
        // The path begins at the file, and not at the import around.
        let token = self.token();
        self.mark_path(&[number, list.len() as i32], token);
        list.push(index);
        self.advance();
    }

    fn import_option(&mut self, file: &mut File, start: u32) -> Parse {
        if !matches!(self.syntax, Syntax::Edition(number) if number >= edition::E2024) {
            let help = "write `edition = \"2024\";`, or a plain import";
            self.wrong("option imports begin with edition 2024", help);
        }
        let path = [OPTION_DEPENDENCY, file.option_dependency.len() as i32];
        self.at_from(start, &path, |parser, location| {
            parser.advance();
            let name = parser.string("the name of a file, in quotes")?;
            file.option_dependency
                .push(String::from_utf8_lossy(&name).into_owned());
            parser.expect_end(";", location)
        })
    }

    /// The value of string tokens that follow each other.
    pub(super) fn string(&mut self, what: &str) -> Parse<Vec<u8>> {
        if !self.is_kind(TokenKind::String) {
            return self.expected(what);
        }
        let mut value = Vec::new();
        while self.is_kind(TokenKind::String) {
            crate::lexer::string::append(self.bytes(self.token()), &mut value);
            self.advance();
        }
        Ok(value)
    }
}
