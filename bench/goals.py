"""What we want to hold, as told from the figures."""

import statistics
from collections.abc import Iterator
from typing import Any

Result = dict[str, Any]

SHARES = (  # of which limit, at least; of the worst number of connections
    ("me", "pgbench_per_second", "pgbench with its one query", 0.6),
    ("refresh", "pgbench_per_second", "pgbench with its one statement", 0.8),
    ("forged", "bare_per_second", "a bare handler", 0.7),
)
TAIL = 4  # times p50, at 32 connections
START_MS, IDLE_MB, PEAK_MB = 150, 25, 60


def judged(result: Result) -> list[Result]:
    return [{"goal": goal, "measured": measured, "met": met} for goal, measured, met in judge(result)]


def judge(result: Result) -> Iterator[tuple[str, str, bool]]:
    rows = result["rows"]
    for workload, limit, name, least in SHARES:
        shares = {
            row["connections"]: row["per_second"] / row[limit]
            for row in rows
            if row["workload"] == workload and row[limit]
        }
        if shares:
            told = ", ".join(f"{share:.0%} at {connections}" for connections, share in shares.items())
            yield f"`{workload}` ≥ {least:.0%} of {name}", told, min(shares.values()) >= least
    for row in rows:
        if row["connections"] == 32:
            times = row["p99_ms"] / max(row["p50_ms"], 0.001)
            yield f"p99 ≤ {TAIL} × p50, `{row['workload']}` on {row['database']}", f"{times:.1f} ×", times <= TAIL
    for start in result["starts"]:
        median = statistics.median(start["ms"])
        yield f"first answer ≤ {START_MS} ms on {start['database']}", f"{median:.0f} ms", median <= START_MS
        yield (
            f"resident ≤ {IDLE_MB} MB idle on {start['database']}",
            f"{start['idle_mb']:.1f} MB",
            start["idle_mb"] <= IDLE_MB,
        )
        peaks = [row["peak_mb"] for row in rows if row["database"] == start["database"] and row["connections"] == 256]
        if peaks:
            yield (
                f"resident ≤ {PEAK_MB} MB at 256 connections on {start['database']}",
                f"{max(peaks):.1f} MB",
                max(peaks) <= PEAK_MB,
            )
