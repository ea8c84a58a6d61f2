//! Times calls of every workload in every setup.

use std::hint::black_box;
use std::time::Instant;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use interceptor_bench::{Bench, Setup, Workload};

fn calls(criterion: &mut Criterion) {
    for workload in Workload::ALL {
        let mut group = criterion.benchmark_group(workload.name());
        group.throughput(Throughput::Elements(workload.messages().into()));
        for setup in Setup::ALL {
            let mut bench = Bench::new(setup).expect("a pipe in memory connects");
            group.bench_function(setup.name(), |bencher| {
                bencher.iter_custom(|calls| {
                    let started = Instant::now();
                    let ran = bench.run(workload, calls);
                    black_box(ran).expect("the service answers");
                    started.elapsed()
                });
            });
        }
        group.finish();
    }
}

criterion_group!(all, calls);
criterion_main!(all);
