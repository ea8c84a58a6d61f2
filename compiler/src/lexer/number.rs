//! The values of number tokens.

/// The value of an integer token; `None` beyond `max`.
pub(crate) fn integer(text: &str, max: u64) -> Option<u64> {
    let (digits, radix) = match text.as_bytes() {
        [b'0', b'x' | b'X', ..] => (&text[2..], 16),
        [b'0', _, ..] => (&text[1..], 8),
        _ => (text, 10),
    };
    let value = u64::from_str_radix(digits, radix).ok()?;
    (value <= max).then_some(value)
}

/// Whether an integer token is decimal.
pub(crate) fn is_decimal(text: &str) -> bool {
    text.len() == 1 || !text.starts_with('0')
}

/// The value of a float token, or of a decimal integer token.
pub(crate) fn float(text: &str) -> Option<f64> {
    text.parse().ok()
}

/// A 64-bit float as protoc writes it into descriptors: C's `%.15g`, or `%.17g` where that reads back
/// as another number.
pub(crate) fn to_text(value: f64) -> String {
    if value.is_nan() {
        return "nan".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "inf" } else { "-inf" }.to_owned();
    }
    let short = general(value, 15);
    match short.parse::<f64>() {
        Ok(read) if read == value => short,
        _ => general(value, 17),
    }
}

/// A 32-bit float as protoc writes it: `%.6g`, or `%.9g` where that reads back as another number.
pub(crate) fn float_to_text(value: f64) -> String {
    let value = value as f32;
    if !value.is_finite() {
        return to_text(f64::from(value));
    }
    let short = general(f64::from(value), 6);
    match short.parse::<f32>() {
        Ok(read) if read == value => short,
        _ => general(f64::from(value), 9),
    }
}

/// C's `%.{digits}g`.
fn general(value: f64, digits: usize) -> String {
    if value == 0.0 {
        return if value.is_sign_negative() { "-0" } else { "0" }.to_owned();
    }
    let scientific = format!("{value:.*e}", digits - 1);
    let Some((mantissa, exponent)) = scientific.split_once('e') else {
        return scientific;
    };
    let exponent: i32 = exponent.parse().unwrap_or_default();
    if exponent < -4 || exponent >= digits as i32 {
        let sign = if exponent < 0 { '-' } else { '+' };
        let mantissa = without_zeros(mantissa);
        return format!("{mantissa}e{sign}{:02}", exponent.unsigned_abs());
    }
    let decimals = (digits as i32 - 1 - exponent).max(0) as usize;
    without_zeros(&format!("{value:.decimals$}")).to_owned()
}

/// A decimal without the zeros at its end.
fn without_zeros(decimal: &str) -> &str {
    if decimal.contains('.') {
        decimal.trim_end_matches('0').trim_end_matches('.')
    } else {
        decimal
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_integers() {
        assert_eq!(integer("017", 100), Some(15));
        assert_eq!(integer("0xFf", 300), Some(255));
        assert_eq!(integer("0", 0), Some(0));
        assert_eq!(integer("18446744073709551615", u64::MAX), Some(u64::MAX));
        assert_eq!(integer("18446744073709551616", u64::MAX), None);
        assert_eq!(integer("099", u64::MAX), None);
    }

    #[test]
    fn writes_floats_as_c_does() {
        for (value, text) in [
            (0.1, "0.1"),
            (1.0, "1"),
            (-0.0, "-0"),
            (1e10, "10000000000"),
            (1e15, "1e+15"),
            (1.5e-7, "1.5e-07"),
            (0.0001, "0.0001"),
            (1.0 / 3.0, "0.33333333333333331"),
            (f64::MAX, "1.7976931348623157e+308"),
            (f64::INFINITY, "inf"),
            (f64::NAN, "nan"),
            (3.4028234663852886e38, "3.4028234663852886e+38"),
        ] {
            assert_eq!(to_text(value), text);
        }
    }
}
