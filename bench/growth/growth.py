"""The same work at ten thousand people, at a million and at ten: what growth costs."""

import argparse
import asyncio
import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

import people  # noqa: E402
import usage  # noqa: E402
import wrk  # noqa: E402
from house import SETTINGS, Cluster, Server, folder  # noqa: E402
from plans import scans  # noqa: E402

SIZES = [10_000, 1_000_000, 10_000_000]
WORKLOADS = ["me", "refresh", "return"]
CONNECTIONS = 32
# Of all people, so many are drawn for each run: their access tokens have to be signed first.
DRAWN = 20_000
GOAL = 0.9
WARM_UP = 3.0
# The few who are there at ten thousand come back within seconds.
PATIENT = {
    "otp.resend_interval": "10s",
    "limits.contact_codes_per_hour": "1000",
    "limits.contact_codes_per_day": "1000",
}
POSTGRES = {
    "shared_preload_libraries": "pg_stat_statements",
    "shared_buffers": "512MB",
    "maintenance_work_mem": "1GB",
    "max_wal_size": "8GB",
    "autovacuum": "off",  # each size is vacuumed once it is there; not in the middle of what is measured
}


class Growing(Cluster):
    def json(self, query: str) -> object:
        return json.loads(self.sql(query) or "null")

    def seed(self, first: int, last: int) -> float:
        begun = time.monotonic()
        names = ["-v", f"first={first}", "-v", f"last={last}"]
        command = ["psql", "-q", "-v", "ON_ERROR_STOP=1", *names, "-f", str(HERE / "seed.sql"), self.url]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        return time.monotonic() - begun

    def megabytes_per_million(self, size: int) -> dict[str, int]:
        tables = self.json("""SELECT json_object_agg(relname, pg_total_relation_size(oid)) FROM pg_class
            WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace""")
        assert isinstance(tables, dict)
        return {name: round(size_of / size) for name, size_of in tables.items() if size_of > 1_000_000}


async def measure(cluster: Growing, home: Path, size: int, workloads: list[str], seconds: float) -> list[dict]:
    server = await Server(home / "server", cluster.url, home / "mail", {**SETTINGS, **PATIENT}).start()
    url = f"http://127.0.0.1:{server.port}"
    by, tokens, rows = random.Random(size), home / "tokens", []
    # People who come back do so one after the other, this far apart: no two of them share a page.
    os.environ |= {"PEOPLE": str(size), "STRIDE": str(max(1, size // 9973))}
    try:
        cluster.sql("SELECT pg_stat_statements_reset()")
        for workload in workloads:
            for length, first in ((WARM_UP, size // 2), (seconds, 0)):
                if workload != "return":
                    await draw(cluster, server, by.sample(range(size), min(DRAWN, size // 2)), tokens)
                used = usage.family_cpu(cluster.pid)
                load = await wrk.run(workload, url, CONNECTIONS, length, tokens, home / "mail", first)
            row = {"people": size, "workload": workload, "rate": round(load.rate, 1), "p50": load.p50, "p99": load.p99}
            row["database"] = round((usage.family_cpu(cluster.pid) - used) / load.requests)
            rows.append({**row, "failures": load.failures, "first_failure": load.first_failure})
            print(json.dumps(rows[-1]), file=sys.stderr)
    finally:
        await server.stop()
    return rows


async def draw(cluster: Cluster, server: Server, numbers: list[int], tokens: Path) -> None:
    """The tokens of these people, whatever their sessions have been through."""
    cluster.sql("UPDATE sessions SET generation = 0 WHERE generation > 0")
    access = await people.access_tokens(server.port, numbers)
    people.write_tokens(tokens, list(access.values()), [people.Person(n).refresh_token(1) for n in numbers])


async def grow(sizes: list[int], workloads: list[str], seconds: float) -> dict:
    found: dict = {"rows": [], "seeding": [], "disk": {}, "statements": [], "scans": []}
    with folder() as home:
        cluster = Growing(home, **POSTGRES)
        try:
            cluster.sql("CREATE EXTENSION pg_stat_statements")
            Server(home / "server", cluster.url, home / "mail").migrate()
            have = 0
            for size in sizes:
                took = cluster.seed(have, size - 1)
                found["seeding"].append({"people": size, "more": size - have, "seconds": round(took, 1)})
                print(f"{size:,} people after {took:.0f} s", file=sys.stderr)
                have = size
                found["disk"] = cluster.megabytes_per_million(size)
                found["rows"] += await measure(cluster, home, size, workloads, seconds)
                count, bad = scans(cluster)
                found["statements"].append({"people": size, "hot": count, "scans": len(bad)})
                found["scans"] += [f"{size:,} people: {one}" for one in bad]
        finally:
            cluster.stop("immediate")
    return found


def table(found: dict) -> str:
    base = {row["workload"]: row for row in reversed(found["rows"])}
    heads = "People | Workload | Requests/s | Of the first size | p50 | p99 | Database µs | Failures"
    lines = [f"| {heads} |", "|---|---|---|---|---|---|---|---|"]
    for row in found["rows"]:
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


def missed(found: dict) -> list[str]:
    """What is not as it should be."""
    base = {row["workload"]: row for row in reversed(found["rows"])}
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
    asked.add_argument("--seconds", type=float, default=10, help="for each workload; 10")
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
