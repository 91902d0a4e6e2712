"""Whole logins by 32 people at once on SQLite, none of them refused by a lock, beside PostgreSQL."""

import asyncio
import os
from pathlib import Path

import wrk
from fleet import Crowd, fleet
from house import Cluster, Server, folder
from tally import Tally

CONNECTIONS = 32
SECONDS = float(os.environ.get("SECONDS_EACH", "10"))
WORKLOADS = ("login", "refresh", "me", "mix")


async def main() -> None:
    tally = Tally("sqlite")
    print("| Database | Workload | Requests per second | p50 | p99 | Failures |")
    print("|---|---|---|---|---|---|")
    with folder() as home:
        await rows(tally, "SQLite", home / "one", f"sqlite://{home}/one.db?mode=rwc")
        cluster = Cluster(home)
        try:
            await rows(tally, "PostgreSQL", home / "other", cluster.url)
        finally:
            cluster.stop("immediate")
    tally.finish()


async def rows(tally: Tally, name: str, home: Path, url: str) -> None:
    home.mkdir()
    crowd = await Crowd.gathered(home, url, len(WORKLOADS))
    async with fleet(home, url, 1) as [server]:
        for workload in WORKLOADS:
            await row(tally, name, workload, server, crowd, home)
        locked = server.log().count("is locked")
        tally.count(f"{name}: no lock in the log", locked == 0, f"{locked} of them")


async def row(tally: Tally, name: str, workload: str, server: Server, crowd: Crowd, home: Path) -> None:
    url = f"http://127.0.0.1:{server.port}"
    done = await wrk.run(workload, url, CONNECTIONS, SECONDS, crowd.tokens(), home / "mail")
    print(
        f"| {name} | {workload} | {done.rate:,.0f} | {done.p50 / 1000:.1f} ms | {done.p99 / 1000:.1f} ms "
        f"| {done.failures} |",
        flush=True,
    )
    tally.counts(f"{name}: {workload}", done.requests, [done.first_failure] * done.failures)


asyncio.run(main())
