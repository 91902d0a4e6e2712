//! How many instructions each case takes, under callgrind: `just instructions`. Unlike time, that
//! is the same on a busy machine.

mod cases;

use cases::Case;
use gungraun::{
    Callgrind, LibraryBenchmarkConfig, library_benchmark, library_benchmark_group, main,
};

macro_rules! count {
    ($($name:ident)*) => {
        // The case is built before the counting begins, and handed back to be dropped after it.
        #[library_benchmark]
        $(#[bench::$name(cases::$name())])*
        fn call(mut case: Case) -> Case {
            case();
            case
        }
    };
}
cases::each_case!(count);

library_benchmark_group!(name = each, benchmarks = call);
main!(
    config = LibraryBenchmarkConfig::default().tool(Callgrind::with_args(["--cache-sim=no"])),
    library_benchmark_groups = each
);
