//! Makes calls and nothing else, to be run in callgrind: see `instructions.py`.

use std::error::Error;

use interceptor_bench::{Bench, Setup, Workload};

const USAGE: &str = "usage: interceptor-bench <setup> <workload> <calls>";

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [setup, workload, calls] = arguments.as_slice() else {
        return Err(USAGE.into());
    };
    let setup = Setup::from_name(setup).ok_or("there is no such setup")?;
    let workload = Workload::from_name(workload).ok_or("there is no such workload")?;
    let mut bench = Bench::new(setup)?;
    bench.run(workload, workload.warm_up())?;
    bench.run(workload, calls.parse()?)?;
    Ok(())
}
