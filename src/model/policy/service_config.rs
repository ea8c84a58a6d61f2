//! Service configs as somebody wrote them: the JSON of gRFC A2 and A6 to policies and the names that they are for.
//!
//! Numbers and durations are taken in each spelling of ProtoJSON. What other parts of gRPC read is passed over.

use rust_svc_compiler::Source;

use super::check::Found;
use super::json::{self, Kind, Member, Value};
use super::written::{
    Placed, Span, WrittenHedging, WrittenPolicy, WrittenRetry, WrittenThrottling,
};
use crate::diagnostics::{Diagnostic, Place, nearest};
use crate::model::status_code::StatusCode;
use crate::options::ReadFile;

/// One file.
#[derive(Default)]
pub(super) struct ServiceConfig {
    pub(super) methods: Vec<MethodConfig>,
    pub(super) throttling: Option<Placed<WrittenThrottling>>,
}

/// A policy, and what it is for.
pub(super) struct MethodConfig {
    pub(super) names: Vec<Placed<Name>>,
    pub(super) policy: WrittenPolicy,
}

/// A service or an rpc. Without a service it is everything, without a method all rpcs of a service.
pub(super) struct Name {
    pub(super) service: Option<Placed<String>>,
    pub(super) method: Option<Placed<String>>,
}

/// Reads a file; everything that is wrong with it is found.
pub(super) fn read(file: &ReadFile, found: &mut Found) -> ServiceConfig {
    let source = Source::new(file.path.as_str(), file.text.as_str());
    let value = match json::parse(&source) {
        Ok(value) => value,
        Err(error) => {
            found.errors.push(error);
            return ServiceConfig::default();
        }
    };
    let mut reading = Reading { source, found };
    reading.config(&value)
}

/// The members of an object that are read, and those that somebody else reads.
struct Keys {
    read: &'static [&'static str],
    passed_over: &'static [&'static str],
}

const CONFIG: Keys = Keys {
    read: &["methodConfig", "retryThrottling"],
    // `generator` begins files that we write.
    passed_over: &[
        "generator",
        "healthCheckConfig",
        "loadBalancingConfig",
        "loadBalancingPolicy",
    ],
};

const METHOD_CONFIG: Keys = Keys {
    read: &[
        "name",
        "waitForReady",
        "timeout",
        "maxRequestMessageBytes",
        "maxResponseMessageBytes",
        "retryPolicy",
        "hedgingPolicy",
    ],
    passed_over: &[],
};

const NAME: Keys = Keys {
    read: &["service", "method"],
    passed_over: &[],
};

const RETRY: Keys = Keys {
    read: &[
        "maxAttempts",
        "initialBackoff",
        "maxBackoff",
        "backoffMultiplier",
        "retryableStatusCodes",
    ],
    passed_over: &[],
};

const HEDGING: Keys = Keys {
    read: &["maxAttempts", "hedgingDelay", "nonFatalStatusCodes"],
    passed_over: &[],
};

const THROTTLING: Keys = Keys {
    read: &["maxTokens", "tokenRatio"],
    passed_over: &[],
};

const DURATION: Keys = Keys {
    read: &["seconds", "nanos"],
    passed_over: &[],
};

/// The members of an object whose keys were looked through.
struct Object<'v>(&'v [Member]);

impl<'v> Object<'v> {
    /// A member by its key. To ProtoJSON null is none.
    fn get(&self, key: &str) -> Option<&'v Member> {
        let mut members = self.0.iter();
        members.find(|member| member.key == key && !matches!(member.value.kind, Kind::Null))
    }

    fn value(&self, key: &str) -> Option<&'v Value> {
        Some(&self.get(key)?.value)
    }
}

struct Reading<'f> {
    source: Source,
    found: &'f mut Found,
}

impl Reading<'_> {
    fn config(&mut self, value: &Value) -> ServiceConfig {
        let Some(object) = self.object("the service config", value, &CONFIG) else {
            return ServiceConfig::default();
        };
        let methods = object.value("methodConfig");
        let methods = methods.map(|methods| self.list("methodConfig", methods));
        let methods = methods.unwrap_or_default().iter();
        let methods = methods.filter_map(|method| self.method_config(method));
        let methods = methods.collect();
        let throttling = object.get("retryThrottling").and_then(|member| {
            let throttling = self.throttling(&member.value)?;
            Some(self.at_key(member, throttling))
        });
        ServiceConfig {
            methods,
            throttling,
        }
    }

    fn method_config(&mut self, value: &Value) -> Option<MethodConfig> {
        let object = self.object("a method config", value, &METHOD_CONFIG)?;
        let names = object.value("name");
        if names.is_none_or(Value::is_empty_list) {
            let help =
                "add `\"name\": [{\"service\": \"…\", \"method\": \"…\"}]`; `[{}]` is for all rpcs";
            self.error(value, "a method config has no `name`", help);
        }
        let names = names.map(|names| self.list("name", names));
        let names = names.unwrap_or_default().iter();
        let names = names.filter_map(|name| self.name(name)).collect();
        let max_request_bytes = self.number("maxRequestMessageBytes", &object);
        let max_response_bytes = self.number("maxResponseMessageBytes", &object);
        let policy = WrittenPolicy {
            timeout: self.duration("timeout", &object),
            retry: object.get("retryPolicy").and_then(|member| {
                let retry = self.retry(&member.value)?;
                Some(self.at_key(member, retry))
            }),
            hedging: object.get("hedgingPolicy").and_then(|member| {
                let hedging = self.hedging(&member.value)?;
                Some(self.at_key(member, hedging))
            }),
            wait_for_ready: self.bool("waitForReady", &object),
            max_request_bytes: max_request_bytes.map(|bytes| bytes.value),
            max_response_bytes: max_response_bytes.map(|bytes| bytes.value),
        };
        Some(MethodConfig { names, policy })
    }

    fn name(&mut self, value: &Value) -> Option<Placed<Name>> {
        let object = self.object("a name", value, &NAME)?;
        let errors = self.found.errors.len();
        let name = Name {
            service: self.text("service", &object),
            method: self.text("method", &object),
        };
        if let (None, Some(method)) = (&name.service, &name.method) {
            let message = format!("the method `{}` is of no service", method.value);
            let error = Diagnostic::error(message)
                .with_label(method.place.clone(), "")
                .with_help("add `\"service\"` with the full name of its service");
            self.found.errors.push(error);
        }
        let is_right = self.found.errors.len() == errors;
        is_right.then(|| self.placed(value, name))
    }

    fn retry(&mut self, value: &Value) -> Option<WrittenRetry> {
        let object = self.object("`retryPolicy`", value, &RETRY)?;
        let multiplier = self.float("backoffMultiplier", &object);
        Some(WrittenRetry {
            max_attempts: self.number("maxAttempts", &object),
            initial_backoff: self.duration("initialBackoff", &object),
            max_backoff: self.duration("maxBackoff", &object),
            backoff_multiplier: multiplier.map(|placed| placed.map(|value| value as f32)),
            codes: self.codes("retryableStatusCodes", &object),
        })
    }

    fn hedging(&mut self, value: &Value) -> Option<WrittenHedging> {
        let object = self.object("`hedgingPolicy`", value, &HEDGING)?;
        Some(WrittenHedging {
            max_attempts: self.number("maxAttempts", &object),
            delay: self.duration("hedgingDelay", &object),
            non_fatal_codes: self.codes("nonFatalStatusCodes", &object),
        })
    }

    fn throttling(&mut self, value: &Value) -> Option<WrittenThrottling> {
        let object = self.object("`retryThrottling`", value, &THROTTLING)?;
        Some(WrittenThrottling {
            max_tokens: self.number("maxTokens", &object),
            token_ratio: self.float("tokenRatio", &object),
        })
    }
}

/// A number that stands in for one that was told: it is right wherever there is a number.
const STAND_IN: u32 = 2;

/// Values of each type: none where there is none, and one that stands in for a wrong one, which is told.
impl Reading<'_> {
    fn place(&self, value: &Value) -> Place {
        value.span.place(&self.source)
    }

    fn placed<T>(&self, at: &Value, value: T) -> Placed<T> {
        let place = self.place(at);
        Placed { value, place }
    }

    fn at_key<T>(&self, member: &Member, value: T) -> Placed<T> {
        let place = member.key_span.place(&self.source);
        Placed { value, place }
    }

    fn error(&mut self, at: &Value, message: impl Into<String>, help: impl Into<String>) {
        let error = Diagnostic::error(message).with_label(self.place(at), "");
        self.found.errors.push(error.with_help(help));
    }

    fn wrong_kind(&mut self, what: &str, value: &Value, help: &str) {
        let message = format!("{what} is {}", value.kind.text());
        self.error(value, message, help);
    }

    fn object<'v>(&mut self, what: &str, value: &'v Value, keys: &Keys) -> Option<Object<'v>> {
        let Kind::Object(members) = &value.kind else {
            self.wrong_kind(what, value, "write an object: `{…}`");
            return None;
        };
        for member in members {
            let key = member.key.as_str();
            if keys.read.contains(&key) || keys.passed_over.contains(&key) {
                continue;
            }
            let help = match nearest(key, keys.read.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("it is passed over; {what} has `{}`", keys.read.join("`, `")),
            };
            let warning = Diagnostic::warning(format!("{what} has an unknown key `{key}`"))
                .with_label(member.key_span.place(&self.source), "")
                .with_help(help);
            self.found.warnings.push(warning);
        }
        Some(Object(members))
    }

    fn list<'v>(&mut self, key: &str, value: &'v Value) -> &'v [Value] {
        if let Kind::List(values) = &value.kind {
            return values;
        }
        self.wrong_kind(&format!("`{key}`"), value, "write a list: `[…]`");
        &[]
    }

    fn bool(&mut self, key: &str, object: &Object<'_>) -> Option<bool> {
        let value = object.value(key)?;
        if let Kind::Bool(value) = value.kind {
            return Some(value);
        }
        self.wrong_kind(&format!("`{key}`"), value, "write `true` or `false`");
        None
    }

    /// To ProtoJSON an empty text is none.
    fn text(&mut self, key: &str, object: &Object<'_>) -> Option<Placed<String>> {
        let value = object.value(key)?;
        if let Kind::Text(text) = &value.kind {
            let text = Some(text.clone()).filter(|text| !text.is_empty());
            return Some(self.placed(value, text?));
        }
        self.wrong_kind(
            &format!("`{key}`"),
            value,
            "write a string in double quotes",
        );
        None
    }

    /// A `uint32`: a number, or a text that has one.
    fn number(&mut self, key: &str, object: &Object<'_>) -> Option<Placed<u32>> {
        let value = object.value(key)?;
        let number = self.float(key, object)?;
        let is_whole = number.value.fract() == 0.0;
        if is_whole && (0.0..=f64::from(u32::MAX)).contains(&number.value) {
            return Some(number.map(|number| number as u32));
        }
        let message = format!("`{key}` is {}, which is out of range", number.value);
        self.error(value, message, "write a whole number from 0 to 4294967295");
        Some(number.map(|_| STAND_IN))
    }

    fn float(&mut self, key: &str, object: &Object<'_>) -> Option<Placed<f64>> {
        let value = object.value(key)?;
        let number = match &value.kind {
            Kind::Number(text) | Kind::Text(text) => {
                // Rust reads more than JSON has: `inf`, `.5` and `+1`.
                let digits = text.strip_prefix('-').unwrap_or(text);
                let is_number = digits.starts_with(|c: char| c.is_ascii_digit());
                let number = Some(text).filter(|_| is_number);
                let number = number.and_then(|text| text.parse::<f64>().ok());
                if number.is_none() {
                    let message = format!("`{key}` is \"{text}\", which is no number");
                    self.error(value, message, "write a number");
                }
                number
            }
            _ => {
                self.wrong_kind(&format!("`{key}`"), value, "write a number");
                None
            }
        };
        Some(self.placed(value, number.unwrap_or(STAND_IN.into())))
    }

    /// `1.5s`, or an object with `seconds` and `nanos`.
    fn duration(&mut self, key: &str, object: &Object<'_>) -> Option<Placed<Span>> {
        let value = object.value(key)?;
        let span = match &value.kind {
            Kind::Text(text) => {
                let span = parse_duration(text);
                if span.is_none() {
                    let message = format!("`{key}` is \"{text}\", which is no duration");
                    let help = "write seconds with up to nine decimals and an `s`: \"1.5s\"";
                    self.error(value, message, help);
                }
                span
            }
            Kind::Object(_) => self.parts(key, value),
            _ => {
                let help = "write a duration as a string: \"1.5s\"";
                self.wrong_kind(&format!("`{key}`"), value, help);
                None
            }
        };
        let stand_in = Span {
            seconds: STAND_IN.into(),
            nanos: 0,
        };
        Some(self.placed(value, span.unwrap_or(stand_in)))
    }

    fn parts(&mut self, key: &str, value: &Value) -> Option<Span> {
        let object = self.object(&format!("`{key}`"), value, &DURATION)?;
        let [seconds, nanos] = ["seconds", "nanos"].map(|key| self.integer(key, &object));
        // What does not fit is out of the range of nanoseconds.
        let nanos = i32::try_from(nanos).unwrap_or(i32::MAX);
        Some(Span { seconds, nanos })
    }

    fn integer(&mut self, key: &str, object: &Object<'_>) -> i64 {
        let Some(value) = object.value(key) else {
            return 0;
        };
        let text = match &value.kind {
            Kind::Number(text) | Kind::Text(text) => text.as_str(),
            _ => "",
        };
        text.parse().unwrap_or_else(|_| {
            let message = format!("`{key}` is no whole number");
            self.error(value, message, "write a whole number, such as 5");
            STAND_IN.into()
        })
    }

    /// Codes by name or by number.
    fn codes(&mut self, key: &str, object: &Object<'_>) -> Vec<Placed<i32>> {
        let Some(value) = object.value(key) else {
            return Vec::new();
        };
        let errors = self.found.errors.len();
        let codes = self.list(key, value).iter();
        let codes = codes.filter_map(|value| self.code(key, value));
        let mut codes: Vec<_> = codes.collect();
        if self.found.errors.len() > errors {
            codes.push(self.placed(value, STAND_IN as i32));
        }
        codes
    }

    fn code(&mut self, key: &str, value: &Value) -> Option<Placed<i32>> {
        let number = match &value.kind {
            Kind::Number(number) => number.parse().ok(),
            Kind::Text(name) => StatusCode::number_of(name),
            _ => None,
        };
        if number.is_none() {
            self.no_code(key, value);
        }
        Some(self.placed(value, number?))
    }

    fn no_code(&mut self, key: &str, value: &Value) {
        let Kind::Text(name) = &value.kind else {
            let message = format!("`{key}` has {}, which is no code", value.kind.text());
            return self.error(value, message, StatusCode::HELP);
        };
        let known = (1..).map_while(StatusCode::name_of);
        // Some write names as Go or Java spell them.
        let help = match nearest(&name.to_ascii_uppercase(), known) {
            Some(near) => format!("did you mean `{near}`?"),
            None => StatusCode::HELP.to_owned(),
        };
        self.error(value, format!("the code \"{name}\" does not exist"), help);
    }
}

/// `-?[0-9]+(\.[0-9]{1,9})?s`
fn parse_duration(text: &str) -> Option<Span> {
    let digits = text.strip_suffix('s')?;
    let (sign, digits) = match digits.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, digits),
    };
    let (seconds, decimals) = digits.split_once('.').unwrap_or((digits, "0"));
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(seconds) || !is_number(decimals) || decimals.len() > 9 {
        return None;
    }
    let nanos: i32 = format!("{decimals:0<9}").parse().ok()?;
    // What does not fit is out of the range of durations.
    let seconds = seconds.parse().unwrap_or(i64::MAX);
    Some(Span {
        seconds: sign * seconds,
        nanos: sign as i32 * nanos,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_those_of_proto_json() {
        for (text, seconds, nanos) in [
            ("0s", 0, 0),
            ("1.5s", 1, 500_000_000),
            ("-1.000000001s", -1, -1),
            ("-0.1s", 0, -100_000_000),
            ("007s", 7, 0),
            ("99999999999999999999s", i64::MAX, 0),
        ] {
            let span = parse_duration(text).unwrap();
            assert_eq!((span.seconds, span.nanos), (seconds, nanos), "{text}");
        }
        for text in [
            "",
            "s",
            "5",
            "5 s",
            "5ms",
            "1.s",
            ".5s",
            "+1s",
            "1.0000000001s",
            "1e3s",
            "--1s",
        ] {
            assert!(parse_duration(text).is_none(), "{text}");
        }
    }
}
