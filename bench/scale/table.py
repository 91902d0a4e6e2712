"""Rows for people to read."""

from wrk import Load


class Table:
    def __init__(self, *heads: str) -> None:
        self.rows = [heads, ("---",) * len(heads)]
        self.failures = 0

    def row(self, *cells: object) -> None:
        self.rows.append(tuple(str(cell) for cell in cells))

    def load(self, *cells: object, load: Load) -> None:
        """A row that ends with the figures of a run."""
        self.failures += load.failures
        failed = f"{load.failures:,}" + (f" ({load.first_failure[:100]})" if load.failures else "")
        self.row(*cells, f"{load.rate:,.0f}", f"{load.p50 / 1000:.1f} ms", f"{load.p99 / 1000:.1f} ms", failed)

    def print(self) -> None:
        print("\n".join(f"| {' | '.join(row)} |" for row in self.rows), end="\n\n", flush=True)
