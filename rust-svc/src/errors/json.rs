//! Details as JSON, for trailers.

use serde::Serialize;
use tonic_types::pb;

use super::ascii;
use super::value::Value;

/// Detail that can be written as ProtoJSON: a message of `google.rpc`. A message whose only field is a list becomes that
/// list.
pub trait Json {
    /// The JSON, in ASCII.
    fn json(&self) -> String;
}

/// Object with its fields, in this order.
macro_rules! object {
    ($($name:ident: $type:ty = $value:expr),* $(,)?) => {{
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Object<'a> {
            $($name: $type,)*
        }
        Object { $($name: $value,)* }
    }};
}

/// List of objects, one for each `$one`.
macro_rules! list {
    ($list:expr, $one:ident => $object:expr) => {
        ascii::json_list($list.iter().map(|$one| $object))
    };
}

impl Json for pb::BadRequest {
    fn json(&self) -> String {
        list!(self.field_violations, one => object! {
            field: &'a str = &one.field,
            description: &'a str = &one.description,
        })
    }
}

impl Json for pb::PreconditionFailure {
    fn json(&self) -> String {
        list!(self.violations, one => object! {
            r#type: &'a str = &one.r#type,
            subject: &'a str = &one.subject,
            description: &'a str = &one.description,
        })
    }
}

impl Json for pb::QuotaFailure {
    fn json(&self) -> String {
        list!(self.violations, one => object! {
            subject: &'a str = &one.subject,
            description: &'a str = &one.description,
        })
    }
}

impl Json for pb::Help {
    fn json(&self) -> String {
        list!(self.links, one => object! {
            description: &'a str = &one.description,
            url: &'a str = &one.url,
        })
    }
}

impl Json for pb::DebugInfo {
    fn json(&self) -> String {
        ascii::json(&object! {
            stack_entries: &'a [String] = &self.stack_entries,
            detail: &'a str = &self.detail,
        })
    }
}

impl Json for pb::LocalizedMessage {
    fn json(&self) -> String {
        ascii::json(&object! {
            locale: &'a str = &self.locale,
            message: &'a str = &self.message,
        })
    }
}

impl Json for pb::RequestInfo {
    fn json(&self) -> String {
        ascii::json(&object! {
            request_id: &'a str = &self.request_id,
            serving_data: &'a str = &self.serving_data,
        })
    }
}

impl Json for pb::ResourceInfo {
    fn json(&self) -> String {
        ascii::json(&object! {
            resource_type: &'a str = &self.resource_type,
            resource_name: &'a str = &self.resource_name,
            owner: &'a str = &self.owner,
            description: &'a str = &self.description,
        })
    }
}

impl Json for pb::RetryInfo {
    fn json(&self) -> String {
        let delay = self.retry_delay.as_ref();
        let delay = delay.map(|delay| Value::to_text(delay).into_owned());
        ascii::json(&object! { retry_delay: std::option::Option<&'a str> = delay.as_deref() })
    }
}
