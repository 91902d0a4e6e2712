"""What was measured, as data and as tables. `report.py results.json` prints the README's."""

import json
import math
import os
import platform
import statistics
import subprocess
import sys
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from tempfile import gettempdir
from typing import Any

import goals
from stand import Measured

ROOT = Path(__file__).parents[1]
Result = dict[str, Any]


@dataclass
class Row:
    """One workload at one number of connections."""

    database: str
    workload: str
    connections: int
    per_second: float
    logins_per_second: float | None
    p50_ms: float
    p99_ms: float
    server_us: float
    database_us: float | None
    peak_mb: float
    requests: int
    failures: int
    first_failure: str
    bare_per_second: float | None = None
    bare_us: float | None = None
    pgbench_per_second: float | None = None
    pgbench_us: float | None = None

    @classmethod
    def of(cls, database: str, workload: str, connections: int, measured: Measured) -> "Row":
        load = measured.load
        proved = load.answers.get("verifyOtp")
        return cls(
            database=database,
            workload=workload,
            connections=connections,
            per_second=round(load.rate, 1),
            logins_per_second=round(proved / load.seconds, 1) if proved else None,
            p50_ms=load.p50 / 1000,
            p99_ms=load.p99 / 1000,
            server_us=round(measured.server_us, 1),
            database_us=round(measured.database_us, 1) if database == "postgres" else None,
            peak_mb=round(measured.peak_mb, 1),
            requests=load.requests,
            failures=load.failures,
            first_failure=load.first_failure,
        )


@dataclass
class Starts:
    """On a migrated database: to the first answer, and what memory is used before there is any load."""

    database: str
    settings: dict[str, str]  # of the database, as it tells them
    ms: list[float] = field(default_factory=list)
    idle_mb: float = 0.0


def result(rows: list[Row], starts: list[Starts], seconds: float) -> Result:
    found: Result = {
        "date": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "seconds": seconds,
        "machine": machine(),
        "versions": versions(),
        "yardstick": yardstick(),
        "starts": [asdict(start) for start in starts],
        "rows": [asdict(row) for row in rows],
    }
    found["goals"] = goals.judged(found)
    return found


def machine() -> Result:
    cpu = next((line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")), "")
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "cpu": cpu.partition(":")[2].strip() or platform.machine(),
        "cores": len(os.sched_getaffinity(0)),
        "memory_gb": round(memory, 1),
        "kernel": platform.release(),
        # On `tmpfs`, fsync costs nothing.
        "filesystem": said("stat", "-f", "-c", "%T", gettempdir()),
    }


def versions() -> dict[str, str]:
    return {
        "countersign": said("git", "describe", "--always", "--dirty", "--tags"),
        "rustc": said("rustc", "--version"),
        "postgresql": said("psql", "--version"),
        "wrk": said("wrk", "--version"),
    }


def said(*command: str) -> str:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    return (done.stdout or done.stderr).partition("\n")[0].split(" Copyright")[0].strip()


def yardstick() -> Result:
    """What a signature costs on this machine: by OpenSSL, and by our own library where `cargo bench`
    has measured it."""
    found: Result = {}
    done = subprocess.run(["openssl", "speed", "-seconds", "1", "ecdsap256"], capture_output=True, text=True)
    last = (done.stdout.strip().splitlines() or [""])[-1].split()
    if done.returncode == 0 and len(last) >= 4:
        signs, verifies = map(float, last[-2:])  # in a second; its times are too round
        if math.isfinite(signs * verifies):  # not on a machine so busy that none was made
            found["openssl speed ecdsap256"] = {"sign_us": 1e6 / signs, "verify_us": 1e6 / verifies}
    for path in sorted((ROOT / "target/criterion").glob("**/new/estimates.json")):
        name = str(path.parent.parent.relative_to(ROOT / "target/criterion"))
        found[f"cargo bench {name}"] = {"mean_us": json.loads(path.read_text())["mean"]["point_estimate"] / 1000}
    return found


def write(found: Result, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(found, indent=1) + "\n")


def line(row: Row) -> str:
    return (
        f"{row.database} {row.workload} at {row.connections}: {row.per_second:,.0f}/s,"
        f" p50 {row.p50_ms:.2f} ms, p99 {row.p99_ms:.2f} ms, failures {row.failures}"
    )


COLUMNS = ("Requests/s", "p50 ms", "p99 ms", "Server µs", "Database µs", "Peak MB", "of bare", "of pgbench", "Failures")
HEAD = f"| Workload | Connections | {' | '.join(COLUMNS)} |\n|---|--:|{'--:|' * len(COLUMNS)}"


def markdown(found: Result) -> str:
    parts = [about(found)]
    for start in found["starts"]:
        rows = [row for row in found["rows"] if row["database"] == start["database"]]
        name = {"postgres": "PostgreSQL", "sqlite": "SQLite"}[start["database"]]
        settings = "".join(f", {key} {value}" for key, value in start["settings"].items())
        parts.append("\n".join([f"### {name}{settings}\n", HEAD, *map(table_row, rows)]))
        parts.append(
            f"First answer {statistics.median(start['ms']):.0f} ms after the start, the median of {len(start['ms'])};"
            f" {start['idle_mb']:.1f} MB resident before any load."
        )
    parts.append("\n".join(["### Goals\n", "| Goal | Measured | |", "|---|--:|---|", *map(goal_row, found["goals"])]))
    costs = [
        f"{name}: " + ", ".join(f"{k.removesuffix('_us')} {v:.1f} µs" for k, v in of.items())
        for name, of in found["yardstick"].items()
    ]
    parts.append("\n".join(["### What signatures cost here\n", *(f"- {line}" for line in costs)]) if costs else "")
    return "\n\n".join(part for part in parts if part)


def in_short(found: Result) -> str:
    """For the README: what 32 clients get."""
    lines = ["| At 32 connections | PostgreSQL | p99 | SQLite | p99 |", "|---|--:|--:|--:|--:|"]
    rows = {(row["workload"], row["database"]): row for row in found["rows"] if row["connections"] == 32}
    for workload in dict.fromkeys(workload for workload, _ in rows):
        cells = [f"`{workload}`"]
        for kind in ("postgres", "sqlite"):
            row = rows.get((workload, kind))
            cells += [f"{row['per_second']:,.0f}/s", f"{row['p99_ms']:.1f} ms"] if row else ["–", "–"]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join([*lines, "", about(found)])


def about(found: Result) -> str:
    on, by = found["machine"], found["versions"]
    return (
        f"Countersign {by['countersign']}, {found['date'][:10]}, {found['seconds']:g} s each:"
        f" {on['cpu']}, {on['cores']} cores, {on['memory_gb']:.0f} GB, Linux {on['kernel']}, {on['filesystem']};"
        f" {by['rustc']}, {by['postgresql']}, {by['wrk']}."
    )


def table_row(row: Result) -> str:
    name = row["workload"]
    if row["logins_per_second"]:
        name += f" ({row['logins_per_second']:,.0f} logins/s)"
    cells = [
        name,
        row["connections"],
        f"{row['per_second']:,.0f}",
        f"{row['p50_ms']:.2f}",
        f"{row['p99_ms']:.2f}",
        cost(row, "server_us", "bare_us"),
        cost(row, "database_us", "pgbench_us"),
        f"{row['peak_mb']:.1f}",
        share(row, "bare_per_second"),
        share(row, "pgbench_per_second"),
        row["failures"],
    ]
    return "| " + " | ".join(map(str, cells)) + " |"


def cost(row: Result, of: str, limit: str) -> str:
    if row[of] is None:
        return "–"
    return f"{row[of]:.0f}" + (f" ({row[limit]:.0f})" if row[limit] else "")


def share(row: Result, limit: str) -> str:
    return f"{row['per_second'] / row[limit]:.0%} of {row[limit]:,.0f}" if row[limit] else "–"


def goal_row(goal: Result) -> str:
    return f"| {goal['goal']} | {goal['measured']} | {'met' if goal['met'] else '**missed**'} |"


if __name__ == "__main__":
    print(in_short(json.loads(Path(sys.argv[1]).read_text())))
