"""Whole logins by 32 people at once on SQLite, none of them refused by a lock; beside PostgreSQL."""

import asyncio
import os
from pathlib import Path

import path  # noqa: F401
import people
import wrk
from house import SETTINGS, Cluster, Server, folder
from table import Table
from tally import Tally

CONNECTIONS = 32
SECONDS = float(os.environ.get("SECONDS", "10"))
WORKLOADS = ("login", "refresh", "me", "mix")
LOOKING, REFRESHING = 1_000, 2_000


async def rows(table: Table, tally: Tally, name: str, home: Path, url: str) -> None:
    server = Server(home, url, home / "mail", SETTINGS)
    server.migrate()
    people.seed(url, range(LOOKING + REFRESHING * len(WORKLOADS)))
    await server.start()
    try:
        access = await people.access_tokens(server.port, range(LOOKING))
        for turn, workload in enumerate(WORKLOADS):
            # wrk does not say which tokens it has shown, so each turn has others.
            first = LOOKING + REFRESHING * turn
            fresh = [people.Person(number).refresh_token() for number in range(first, first + REFRESHING)]
            tokens = people.write_tokens(home / "tokens", list(access.values()), fresh)
            address = f"http://127.0.0.1:{server.port}"
            load = await wrk.run(workload, address, CONNECTIONS, SECONDS, tokens, home / "mail")
            table.load(name, workload, load=load)
            tally.counts(f"{name}: {workload}", load.requests, [load.first_failure] * load.failures)
    finally:
        await server.stop()
    locks = server.log().count("is locked")
    tally.count(f"{name}: no lock in the log", not locks, f"{locks}")


async def main() -> None:
    table = Table("Database", "Workload", "Requests/s", "p50", "p99", "Failures")
    tally = Tally("sqlite")
    with folder() as home:
        await rows(table, tally, "SQLite", home / "one", f"sqlite://{home}/one.db?mode=rwc")
        cluster = Cluster(home)
        try:
            await rows(table, tally, "PostgreSQL", home / "other", cluster.url)
        finally:
            cluster.stop("immediate")
    table.print()
    tally.finish()


asyncio.run(main())
