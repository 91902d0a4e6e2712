"""PgBouncer in transaction mode between four instances and PostgreSQL: what works under load."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from re import search

import wrk
from fleet import Crowd, fleet
from house import Cluster, folder
from neighbours import Pooler, Proxy

INSTANCES = 4
CONNECTIONS = 10  # of PgBouncer to PostgreSQL; the instances have forty to PgBouncer
CLIENTS = 32
SECONDS = float(os.environ.get("SECONDS_EACH", "10"))

# The driver prepares its statements by name, and PgBouncer has to know which it has prepared where.
KNOWS = Pooler.version() >= (1, 21)
PREPARED = "max_prepared_statements = 200"
FORGETFUL = "max_prepared_statements = 0" if KNOWS else ""
UNNAMED = "?statement-cache-capacity=0"
# sqlx says at the start how floats are to be written. We have none.
IGNORE = "ignore_startup_parameters = extra_float_digits"


async def main() -> None:
    version = ".".join(map(str, Pooler.version()))
    print(f"| In front of PostgreSQL (PgBouncer {version}) | Requests per second | p99 | Failures |")
    print("|---|---|---|---|")
    with folder() as home:
        cluster = Cluster(home, max_connections="300")
        try:
            crowd = await Crowd.gathered(home, cluster.url, 6)
            await attempt("nothing", home, crowd, cluster.url)
            if KNOWS:
                await attempt(f"PgBouncer, `{PREPARED}`", home, crowd, cluster, PREPARED)
            await attempt("PgBouncer, which knows no statements", home, crowd, cluster, FORGETFUL)
            await attempt(f"the same, and `{UNNAMED}`", home, crowd, cluster, FORGETFUL, UNNAMED)
        finally:
            cluster.stop("immediate")


@asynccontextmanager
async def pooler(home: Path, database: Cluster | str, setting: str) -> AsyncIterator[str]:
    if isinstance(database, str):
        yield database
        return
    running = Pooler(home, database, CONNECTIONS, IGNORE, setting)
    try:
        await running.start()
        yield running.url
    finally:
        running.stop()


async def attempt(
    what: str, home: Path, crowd: Crowd, database: Cluster | str, setting: str = "", parameters: str = ""
) -> None:
    try:
        async with (
            pooler(home, database, setting) as url,
            fleet(home, url + parameters, INSTANCES) as servers,
        ):
            proxy = Proxy(home, servers)
            try:
                await proxy.start()
                address = f"http://127.0.0.1:{proxy.port}"
                load = await wrk.run("mix", address, CLIENTS, SECONDS, crowd.tokens(), home / "mail")
            finally:
                proxy.stop()
        failures = f"{load.failures}{' ' + load.first_failure[:150] if load.failures else ''}"
        print(f"| {what} | {load.rate:,.0f} | {load.p99 / 1000:.1f} ms | {failures} |", flush=True)
    except SystemExit as failed:  # a server that does not start
        complaint = search(r"prepared statement [\\\"\w]+ [a-z ]+", str(failed))
        print(f"| {what} | – | – | {complaint.group() if complaint else failed} |", flush=True)


asyncio.run(main())
