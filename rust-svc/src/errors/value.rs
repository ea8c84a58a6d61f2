//! Values of placeholders, to text and from text.

use std::borrow::Cow;
use std::fmt;

use prost_types::{Duration, Timestamp};
use serde_json::Value as JsonValue;

use super::ascii;

/// Value of a placeholder: text in metadata and trailers, JSON in a list.
pub trait Value: Default {
    /// ProtoJSON without quotes.
    fn to_text(&self) -> Cow<'_, str>;

    /// Parses a text. `None` if it is not a value of the type.
    fn from_text(text: &str) -> Option<Self>;

    /// ProtoJSON.
    fn to_json(&self) -> JsonValue {
        JsonValue::String(self.to_text().into_owned())
    }

    /// Reads JSON. `None` if it is not a value of the type. Numbers may be quoted, as ProtoJSON allows.
    fn from_json(json: &JsonValue) -> Option<Self> {
        match json {
            JsonValue::String(text) => Self::from_text(text),
            JsonValue::Bool(_) | JsonValue::Number(_) => Self::from_text(&json.to_string()),
            _ => None,
        }
    }

    /// Writes the value for a message to humans.
    fn show(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_text())
    }
}

impl Value for String {
    fn to_text(&self) -> Cow<'_, str> {
        Cow::Borrowed(self)
    }

    fn from_text(text: &str) -> Option<Self> {
        Some(text.to_owned())
    }
}

/// Numbers and bools, with their JSON.
macro_rules! values {
    ($($type:ty: $to_json:expr;)*) => {$(
        impl Value for $type {
            fn to_text(&self) -> Cow<'_, str> {
                Cow::Owned(self.to_string())
            }

            fn from_text(text: &str) -> Option<Self> {
                text.parse().ok()
            }

            fn to_json(&self) -> JsonValue {
                $to_json(self)
            }
        }
    )*};
}

values! {
    bool: |value: &bool| JsonValue::from(*value);
    i32: |value: &i32| JsonValue::from(*value);
    u32: |value: &u32| JsonValue::from(*value);
    // ProtoJSON quotes 64-bit numbers, which JavaScript does not have.
    i64: |value: &i64| JsonValue::from(value.to_string());
    u64: |value: &u64| JsonValue::from(value.to_string());
}

/// Maximum of a duration in seconds, by its proto: 10,000 years.
const MAX_SECONDS: i64 = 315_576_000_000;

impl Value for Duration {
    fn to_text(&self) -> Cow<'_, str> {
        // prost-types panics far beyond the bounds.
        let seconds = self.seconds.clamp(-MAX_SECONDS, MAX_SECONDS);
        let nanos = self.nanos;
        Cow::Owned(Self { seconds, nanos }.to_string())
    }

    fn from_text(text: &str) -> Option<Self> {
        text.parse().ok()
    }
}

/// Bounds of a timestamp in seconds, by its proto: the first of year 1 and the last of year 9999.
const FIRST: i64 = -62_135_596_800;
const LAST: i64 = 253_402_300_799;

impl Value for Timestamp {
    fn to_text(&self) -> Cow<'_, str> {
        let seconds = self.seconds.clamp(FIRST, LAST);
        let nanos = self.nanos;
        Cow::Owned(Self { seconds, nanos }.to_string())
    }

    fn from_text(text: &str) -> Option<Self> {
        // prost-types panics at some texts whose year has a sign. A valid year has none.
        let has_year = text.starts_with(|first: char| first.is_ascii_digit());
        has_year.then(|| text.parse().ok())?
    }
}

/// A list is written as JSON.
impl<T: Value> Value for Vec<T> {
    fn to_text(&self) -> Cow<'_, str> {
        Cow::Owned(ascii::json(&self.to_json()))
    }

    fn from_text(text: &str) -> Option<Self> {
        Self::from_json(&serde_json::from_str(text).ok()?)
    }

    fn to_json(&self) -> JsonValue {
        self.iter().map(Value::to_json).collect()
    }

    fn from_json(json: &JsonValue) -> Option<Self> {
        json.as_array()?.iter().map(T::from_json).collect()
    }

    fn show(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, value) in self.iter().enumerate() {
            if index > 0 {
                f.write_str(", ")?;
            }
            value.show(f)?;
        }
        Ok(())
    }
}

/// Value as it appears in a message.
#[derive(Debug)]
pub struct Shown<'a, T>(pub &'a T);

impl<T: Value> fmt::Display for Shown<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.show(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Texts that a server may send.
    #[test]
    fn invalid_times_are_none() {
        let most = i64::MAX;
        for text in [
            format!("-{most}-01-01"),
            format!("+{most}-01-01T00:00:00Z"),
            "-0001-01-01T00:00:00Z".to_owned(),
            "2026-13-99".to_owned(),
            String::new(),
            "ä".to_owned(),
        ] {
            assert_eq!(Timestamp::from_text(&text), None, "{text}");
        }
        assert!(Timestamp::from_text("2026-01-31T09:30:00Z").is_some());
        for text in [format!("-{most}s"), format!("{most}.999999999s")] {
            let duration = Duration::from_text(&text).unwrap();
            assert!(duration.to_text().contains("315576000000"), "{text}");
        }
        let odd = Duration {
            seconds: i64::MIN,
            nanos: i32::MIN,
        };
        assert!(odd.to_text().ends_with('s'));
        let odd = Timestamp {
            seconds: i64::MAX,
            nanos: i32::MIN,
        };
        assert!(odd.to_text().ends_with('Z'));
    }
}
