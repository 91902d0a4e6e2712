"""Measures, beside the limits of the same machine in the same minutes. `bench/run` starts it."""

import argparse
import asyncio
import sys
from dataclasses import replace
from pathlib import Path

import limits
import report
import usage
import wrk
from house import SETTINGS, Cluster, Server, folder
from report import Row, Starts
from stand import LASTING, REFUSED, Stand, databases, first_answer

CONNECTIONS = (1, 32, 256)
DATABASES = ("postgres", "sqlite")
SECONDS = 15
STARTS = 5
WARM_UP = 3.0
BARE = ("me", "refresh", *REFUSED)
TOLD = ("fsync", "synchronous_commit", "shared_buffers")
PGBENCH = ("me", "refresh")


async def main() -> None:
    asked = arguments()
    rows: list[Row] = []
    starts: list[Starts] = []
    for kind in asked.databases:
        with folder() as home, databases(kind, home) as (url, cluster):
            starts.append(await measure(kind, url, cluster, home, asked, rows))
    result = report.result(rows, starts, asked.seconds)
    print("\n" + report.markdown(result))
    report.write(result, asked.results)
    print(f"\nwritten: {asked.results}", file=sys.stderr)
    for row in rows:
        if row.failures:
            print(f"{row.database} {row.workload} {row.connections}: {row.first_failure}", file=sys.stderr)
    missed = [goal for goal in result["goals"] if not goal["met"]]
    if any(row.failures for row in rows) or (asked.fail_on_goals and missed):
        raise SystemExit(1)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench/run", description=__doc__)
    parser.add_argument("workloads", nargs="*", metavar="workload", help=f"of {', '.join(wrk.WORKLOADS)}; all of them")
    parser.add_argument("--seconds", type=float, default=SECONDS, help=f"of each measurement, {SECONDS}")
    parser.add_argument("--databases", nargs="+", choices=DATABASES, default=DATABASES)
    parser.add_argument(
        "--results", type=Path, help="where to write; latest.json, or trial.json if it is less than all"
    )
    parser.add_argument("--fail-on-goals", action="store_true", help="a missed goal is a failure, too")
    asked = parser.parse_args()
    if unknown := set(asked.workloads) - set(wrk.WORKLOADS):
        parser.error(f"there is no workload {', '.join(unknown)}")
    asked.workloads = [name for name in wrk.WORKLOADS if name in asked.workloads or not asked.workloads]
    is_all = len(asked.workloads) == len(wrk.WORKLOADS) and set(asked.databases) == set(DATABASES)
    name = "latest.json" if is_all and asked.seconds >= SECONDS else "trial.json"
    asked.results = asked.results or Path(__file__).parent / "results" / name
    return asked


async def measure(
    kind: str, url: str, cluster: Cluster | None, home: Path, asked: argparse.Namespace, rows: list[Row]
) -> Starts:
    server = Server(home / "server", url, home / "mail", {**SETTINGS, **LASTING})
    server.migrate()
    starts = Starts(kind, {name: cluster.sql(f"SHOW {name}") for name in TOLD} if cluster else {})
    try:
        for _ in range(STARTS):
            await server.stop()
            starts.ms.append(round(await first_answer(server) * 1000, 1))
        assert server.process
        await asyncio.sleep(1)
        starts.idle_mb = round(usage.memory(server.process.pid, "VmRSS"), 1)
        place = f"http://127.0.0.1:{server.port}/graphql"
        stand = Stand(place, server.process.pid, home / "mail", home, url, cluster.pid if cluster else None)
        await stand.prepare(server.port)
        # Before the database is asked, whichever it is: once is enough.
        known = {row.workload for row in rows}.intersection(REFUSED)
        for workload in (name for name in asked.workloads if name not in known):
            for connections in CONNECTIONS:
                rows.append(await one(stand, cluster, kind, workload, connections, asked.seconds))
                print(report.line(rows[-1]), file=sys.stderr)
    finally:
        await server.stop()
    return starts


async def one(stand: Stand, cluster: Cluster | None, kind: str, workload: str, connections: int, seconds: float) -> Row:
    warm_up = min(WARM_UP, seconds)
    await stand.load(workload, connections, warm_up)
    await stand.settle()
    if cluster:
        cluster.sql("SELECT pg_stat_statements_reset()")
    measured = await stand.measure(workload, connections, seconds)
    row = Row.of(kind, workload, connections, measured)
    if workload in BARE and measured.load.answer:
        await beside_bare(row, stand, measured.load.answer, seconds / 3)
    if workload in PGBENCH and cluster:
        if not limits.is_sent(workload, cluster):
            raise SystemExit(f"bench/limits/{workload}.sql is not what the server sends any more")
        first = stand.next
        stand.take(connections * limits.sessions(connections))
        rate, cost = await limits.pgbench(workload, cluster, connections, seconds / 2, stand.home, first)
        row.pgbench_per_second, row.pgbench_us = round(rate, 1), round(cost, 1)
    return row


async def beside_bare(row: Row, stand: Stand, answer: str, seconds: float) -> None:
    async with limits.bare(answer, stand.home) as (url, process):
        at_limit = replace(stand, url=url, server=process)
        measured = await at_limit.measure(row.workload, row.connections, seconds)
        stand.next = at_limit.next
    if measured.load.failures:
        raise SystemExit(f"the bare handler fails: {measured.load.first_failure}")
    row.bare_per_second, row.bare_us = round(measured.load.rate, 1), round(measured.server_us, 1)


if __name__ == "__main__":
    asyncio.run(main())
