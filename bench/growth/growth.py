"""The same work at ten thousand people, at a million and at ten: what growth costs."""

import argparse
import asyncio
import json
import sys
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[1]))

from house import Cluster, folder  # noqa: E402
from plans import scans  # noqa: E402
from population import Population, Turn  # noqa: E402

SIZES = [10_000, 1_000_000, 10_000_000]
WORKLOADS = ["me", "refresh", "return"]
GOAL = 0.9
WARM_UP = 5.0
TURN = 5.0  # seconds, some
POSTGRES = {
    "shared_preload_libraries": "pg_stat_statements",
    "shared_buffers": "5GB",
    "maintenance_work_mem": "1GB",
    "max_wal_size": "8GB",
    # The first change of a page after a checkpoint writes all of it, and among ten million people
    # every change is the first.
    "wal_compression": "lz4",
    "autovacuum": "off",  # each size is vacuumed once it is there; not in the middle of what is measured
}


def row(size: int, workload: str, turns: list[Turn]) -> dict:
    loads = [turn.load for turn in turns]
    requests, seconds = sum(load.requests for load in loads), sum(load.seconds for load in loads)
    return {
        "people": size,
        "workload": workload,
        "rate": round(requests / seconds, 1),
        "rates": [round(load.rate, 1) for load in loads],
        "p50": round(median(load.p50 for load in loads)),
        "p99": round(median(load.p99 for load in loads)),
        "database": round(sum(turn.database_us for turn in turns) / requests),
        "failures": sum(load.failures for load in loads),
        "first_failure": next((load.first_failure for load in loads if load.failures), ""),
    }


async def in_turns(populations: list[Population], workload: str, seconds: float) -> list[dict]:
    """One size after the other, and again: what else the machine does, it does to all of them."""
    turns: dict[int, list[Turn]] = {one.size: [] for one in populations}
    for one in populations:
        await one.measure(workload, WARM_UP)
    count = max(1, round(seconds / TURN))
    for _ in range(count):
        for one in populations:
            turns[one.size].append(await one.measure(workload, seconds / count))
    rows = [row(size, workload, turns[size]) for size in turns]
    print(*map(json.dumps, rows), sep="\n", file=sys.stderr)
    return rows


async def grow(sizes: list[int], workloads: list[str], seconds: float) -> dict:
    found: dict = {"rows": [], "seeding": [], "statements": [], "scans": []}
    with folder() as home:
        cluster = Cluster(home, **POSTGRES)
        populations: list[Population] = []
        try:
            for size in sizes:
                populations.append(Population(cluster, home, size))
            for one in populations:
                took = one.seed()
                found["seeding"].append({"people": one.size, "seconds": round(took, 1)})
                print(f"{one.size:,} people after {took:.0f} s", file=sys.stderr)
            found["disk"] = populations[-1].megabytes_per_million()
            for one in populations:
                await one.server.start()
            cluster.sql("SELECT pg_stat_statements_reset()", populations[0].home.name)
            for workload in workloads:
                found["rows"] += await in_turns(populations, workload, seconds)
            for one in populations:
                count, bad = scans(one)
                found["statements"].append({"people": one.size, "hot": count, "scans": len(bad)})
                found["scans"] += [f"{one.size:,} people: {scan}" for scan in bad]
        finally:
            for one in populations:
                await one.server.stop()
            cluster.stop("immediate")
    return found


def table(found: dict) -> str:
    base = first_size(found)
    heads = "People | Workload | Requests/s | Of the first size | p50 | p99 | Database µs | Failures"
    lines = [f"| {heads} |", "|---|---|---|---|---|---|---|---|"]
    for row in sorted(found["rows"], key=lambda row: row["people"]):
        share = row["rate"] / base[row["workload"]]["rate"]
        lines.append(
            f"| {row['people']:,} | {row['workload']} | {row['rate']:,.0f} | {share:.0%} "
            f"| {row['p50'] / 1000:.1f} ms | {row['p99'] / 1000:.1f} ms | {row['database']} | {row['failures']} |"
        )
    lines += ["", "| People | Seeding them took | Hot statements | That read a big table whole |", "|---|---|---|---|"]
    for seeding, statements in zip(found["seeding"], found["statements"], strict=True):
        cells = f"{seeding['people']:,}", f"{seeding['seconds']:.0f} s", statements["hot"], statements["scans"]
        lines.append(f"| {' | '.join(map(str, cells))} |")
    lines += ["", "| Table | MB for a million people |", "|---|---|"]
    lines += [f"| `{name}` | {size} |" for name, size in sorted(found["disk"].items(), key=lambda one: -one[1])]
    return "\n".join([*lines, f"| all | {sum(found['disk'].values())} |"])


def first_size(found: dict) -> dict[str, dict]:
    """What the others are compared with, by workload."""
    return {row["workload"]: row for row in reversed(found["rows"])}


def missed(found: dict) -> list[str]:
    """What is not as it should be."""
    base = first_size(found)
    wrong = list(found["scans"])
    for row in found["rows"]:
        name = f"{row['workload']} with {row['people']:,} people"
        if row["failures"]:
            wrong.append(f"{name}: {row['failures']} failures, the first {row['first_failure']}")
        share = row["rate"] / base[row["workload"]]["rate"]
        if share < GOAL:
            wrong.append(f"{name}: {share:.0%} of what there was, and not {GOAL:.0%}")
    return wrong


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("sizes", nargs="*", type=int, default=SIZES, help="numbers of people, growing")
    asked.add_argument("--seconds", type=float, default=20, help="for each workload and size; 20")
    asked.add_argument("--workloads", nargs="+", default=WORKLOADS, choices=WORKLOADS)
    asked.add_argument("--json", type=Path, help="a file for all that was found")
    arguments = asked.parse_args()
    found = asyncio.run(grow(sorted(arguments.sizes), arguments.workloads, arguments.seconds))
    if arguments.json:
        arguments.json.write_text(json.dumps(found, indent=1) + "\n")
    print(table(found))
    wrong = missed(found)
    print("\nIt holds." if not wrong else "\n" + "\n".join(f"- {one}" for one in wrong))
    sys.exit(bool(wrong))


main()
