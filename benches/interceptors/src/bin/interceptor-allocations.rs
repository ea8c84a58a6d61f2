//! Counts the allocations of calls. A program of its own, since counting costs instructions.

use std::alloc::System;
use std::error::Error;

use interceptor_bench::{Bench, Setup, Workload};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

const USAGE: &str = "usage: interceptor-allocations <setup> <workload> <calls>";

/// Prints allocations and bytes, of all the calls together.
fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [setup, workload, calls] = arguments.as_slice() else {
        return Err(USAGE.into());
    };
    let setup = Setup::from_name(setup).ok_or("there is no such setup")?;
    let workload = Workload::from_name(workload).ok_or("there is no such workload")?;
    let calls = calls.parse()?;
    let mut bench = Bench::new(setup)?;
    bench.run(workload, workload.warm_up())?;
    let region = Region::new(ALLOCATOR);
    bench.run(workload, calls)?;
    let change = region.change();
    // What grows in place or moves has asked for memory as well.
    let allocations = change.allocations + change.reallocations;
    println!("{allocations} {}", change.bytes_allocated);
    Ok(())
}
