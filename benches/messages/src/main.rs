//! Writes or reads a message and does nothing else, to be run in callgrind: see `instructions.py`.

use std::error::Error;
use std::hint::black_box;

use prost::Message;

#[allow(
    missing_docs,
    unreachable_pub,
    reason = "a proto package has no comment"
)]
mod svc {
    include!(concat!(env!("OUT_DIR"), "/svc/mod.rs"));
}

#[allow(
    missing_docs,
    unreachable_pub,
    reason = "a proto package has no comment"
)]
mod prost_build {
    include!(concat!(env!("OUT_DIR"), "/prost/mod.rs"));
}

const USAGE: &str = "usage: message-bench <svc|prost> <write|read> <times>";

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [maker, what, times] = arguments.as_slice() else {
        return Err(USAGE.into());
    };
    let times = times.parse()?;
    match maker.as_str() {
        "svc" => repeat::<svc::orders::Order>(what, times),
        "prost" => repeat::<prost_build::orders::Order>(what, times),
        _ => Err(USAGE.into()),
    }
}

fn repeat<M: Message + Default>(what: &str, times: usize) -> Result<(), Box<dyn Error>> {
    let bytes = order().encode_to_vec();
    let message = M::decode(bytes.as_slice())?;
    let mut buffer = Vec::with_capacity(bytes.len());
    for _ in 0..times {
        match what {
            "write" => {
                buffer.clear();
                black_box(&message).encode(&mut buffer)?;
                black_box(&buffer);
            }
            "read" => {
                black_box(M::decode(black_box(bytes.as_slice()))?);
            }
            _ => return Err(USAGE.into()),
        }
    }
    Ok(())
}

fn order() -> svc::orders::Order {
    use svc::orders::{Address, Card, Customer, Line, Order, State, order::Payment};
    let line = |number: u32| Line {
        article: format!("article {number}"),
        count: number,
        price: 9.99,
        discount: number.is_multiple_of(2).then_some(0.1),
    };
    let labels =
        ["channel", "region", "season"].map(|key| (key.to_owned(), "some value".to_owned()));
    Order {
        id: "018f3c3e-7a3c-7d5e".to_owned(),
        created_at: 1_700_000_000,
        state: State::Open.into(),
        customer: Some(Customer {
            id: 4711,
            name: "Ada Lovelace".to_owned(),
            email: "ada@example.com".to_owned(),
            address: Some(Address {
                street: "St James's Square 12".to_owned(),
                city: "London".to_owned(),
                country: "GB".to_owned(),
                floor: -1,
            }),
        }),
        lines: (1..=8).map(line).collect(),
        labels: labels.into(),
        note: Some("at the back door".to_owned()),
        total: 359.64,
        is_gift: true,
        history: (0..16).collect(),
        payment: Some(Payment::Card(Card {
            holder: "A. Lovelace".to_owned(),
            token: vec![7; 32],
            last_digits: 1842,
        })),
    }
}
