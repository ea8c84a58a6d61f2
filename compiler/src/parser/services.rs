//! Services and their rpcs.

use super::{Options, Parse, Parser};
use crate::descriptor::{Method, Service};
use crate::positions::LocationId;
use crate::target::Target;

/// Numbers of fields of `ServiceDescriptorProto`.
const NAME: i32 = 1;
const METHOD: i32 = 2;
const OPTIONS: i32 = 3;

/// Numbers of fields of `MethodDescriptorProto`.
const INPUT: i32 = 2;
const OUTPUT: i32 = 3;
const METHOD_OPTIONS: i32 = 4;
const CLIENT_STREAMING: i32 = 5;
const SERVER_STREAMING: i32 = 6;

impl Parser<'_> {
    pub(super) fn service(&mut self, service: &mut Service, location: LocationId) -> Parse {
        self.advance();
        service.name = self.at(&[NAME], |parser, _| parser.identifier("a service name"))?;
        let mut options = None;
        self.block(location, |parser| {
            parser.service_statement(service, &mut options)
        })
    }

    fn service_statement(&mut self, service: &mut Service, options: &mut Options) -> Parse {
        if self.take_end(";", None) {
            return Ok(());
        }
        if self.is("option") {
            return self.option_statement(options, Target::Service, OPTIONS);
        }
        let path = [METHOD, service.method.len() as i32];
        let mut method = Method::default();
        let result = self.at(&path, |parser, location| {
            parser.method(&mut method, location)
        });
        service.method.push(method);
        result
    }

    fn method(&mut self, method: &mut Method, location: LocationId) -> Parse {
        if !self.take("rpc") {
            return self.expected("`rpc`, `option` or `}`");
        }
        method.name = self.at(&[NAME], |parser, _| {
            parser.identifier("the name of the rpc")
        })?;
        (method.input_type, method.client_streaming) = self.method_type(INPUT, CLIENT_STREAMING)?;
        self.expect("returns")?;
        (method.output_type, method.server_streaming) =
            self.method_type(OUTPUT, SERVER_STREAMING)?;
        if !self.is("{") {
            return self.expect_end(";", location);
        }
        // protoc writes empty options where there are braces.
        method.options = Some(Vec::new());
        let mut options = None;
        self.block(location, |parser| {
            if parser.take_end(";", None) {
                Ok(())
            } else {
                parser.option_statement(&mut options, Target::Method, METHOD_OPTIONS)
            }
        })
    }

    /// `(stream Type)`.
    fn method_type(&mut self, number: i32, streaming: i32) -> Parse<(String, Option<bool>)> {
        self.expect("(")?;
        let is_streaming = self.is("stream");
        if is_streaming {
            self.at(&[streaming], |parser, _| parser.advance());
        }
        let name = self.at(&[number], |parser, _| parser.type_name("a message"))?;
        self.expect(")")?;
        Ok((name, is_streaming.then_some(true)))
    }
}
