"""SQLite and PostgreSQL under the same load: whole logins, and `me`."""

import asyncio
import os
from pathlib import Path

import path  # noqa: F401
import people
import wrk
from house import SETTINGS, Cluster, Server, folder
from table import Table

CONNECTIONS = 32
SECONDS = float(os.environ.get("SECONDS_EACH", "10"))
PEOPLE = range(2_000)


async def measured(home: Path, name: str, url: str, table: Table) -> None:
    server = Server(home / name, url, home / name / "mail", SETTINGS)
    server.migrate()
    people.seed(url, PEOPLE)
    await server.start()
    try:
        access = await people.access_tokens(server.port, PEOPLE)
        tokens = people.write_tokens(home / "tokens", list(access.values()), [])
        for workload in ("login", "me"):
            load = await wrk.run(
                workload, f"http://127.0.0.1:{server.port}", CONNECTIONS, SECONDS, tokens, home / name / "mail"
            )
            table.load(name, workload, load=load)
        locked = server.log().count("database is locked")
        table.row(name, "`database is locked` in the log", locked, "", "", "")
        table.failures += locked
    finally:
        await server.stop()


async def main() -> None:
    table = Table("Database", f"{CONNECTIONS} connections", "Requests/s", "p50", "p99", "Failures")
    with folder() as home:
        await measured(home, "SQLite", f"sqlite://{home}/countersign.db?mode=rwc", table)
        cluster = Cluster(home, shared_buffers="512MB")
        try:
            await measured(home, "PostgreSQL", cluster.url, table)
        finally:
            cluster.stop("immediate")
    table.print()
    raise SystemExit(bool(table.failures))


asyncio.run(main())
