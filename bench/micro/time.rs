//! How long each case takes on this machine: `just bench-micro`.

mod cases;

use criterion::{Criterion, criterion_group, criterion_main};

macro_rules! time {
    ($($name:ident)*) => {
        fn all(criterion: &mut Criterion) {
            $(
                let mut case = cases::$name();
                criterion.bench_function(stringify!($name), |bencher| bencher.iter(&mut case));
            )*
        }
    };
}
cases::each_case!(time);

criterion_group!(benches, all);
criterion_main!(benches);
