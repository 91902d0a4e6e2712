"""PgBouncer in transaction mode: which URL works behind it, with two instances and under load."""

import asyncio
import os

import path  # noqa: F401
import wrk
from between import PgBouncer
from premises import Site, site
from table import Table

CONNECTIONS = 32
SECONDS = float(os.environ.get("SECONDS_EACH", "10"))
UNCACHED = "?statement-cache-capacity=0"
NAMED_SINCE = (1, 21)
# More connections than PgBouncer has to PostgreSQL, so that they have to share.
POOL = {"database__max_connections": "20", "database__connect_timeout": "5s"}


async def tried(here: Site, name: str, url: str, table: Table) -> wrk.Load | None:
    """The load through two instances that ask at `url`. `None` when they do not even start."""
    try:
        async with asyncio.timeout(60):
            servers = await here.add(2, database=url, **POOL)
            tokens = await here.tokens(servers[0].port)
    except (SystemExit, TimeoutError) as error:
        said = [line for line in str(error).splitlines() if "error" in line.lower()] or ["no answer in time"]
        table.row(name, "does not work", "", "", said[-1].strip()[-160:])
        await here.clear()
        return None
    here.cluster.sql("SELECT pg_stat_reset()")
    half, one, other = CONNECTIONS // 2, *(f"http://127.0.0.1:{server.port}" for server in servers)
    # The other one only looks: each mailbox has one reader.
    load, beside = await asyncio.gather(
        wrk.run("mix", one, half, SECONDS, tokens, here.mail), wrk.run("me", other, half, SECONDS, tokens, here.mail)
    )
    await here.clear()
    load.failures += beside.failures
    load.requests += beside.requests
    load.first_failure = load.first_failure or beside.first_failure
    table.load(name, load=load)
    return load


async def main() -> None:
    version = PgBouncer.version()
    called = ".".join(map(str, version))
    table = Table(f"Two instances, through PgBouncer {called}", "Requests/s", "p50", "p99", "Failures")
    works = {}
    async with site(seeded=True) as here:
        direct = await tried(here, "nothing between", here.cluster.url, table)
        settings = {"as it comes": ""}
        if version >= NAMED_SINCE:
            settings["`max_prepared_statements = 0`"] = "max_prepared_statements = 0"
        else:
            # Then each connection keeps one of PgBouncer's for itself.
            settings["`pool_mode = session`"] = "pool_mode = session\ndefault_pool_size = 60"
        for name, more in settings.items():
            bouncer = await PgBouncer(here.home / f"bouncer{len(works)}", here.cluster, more).start()
            try:
                for parameters in ("", UNCACHED):
                    row = f"{name}, URL {'with `' + parameters + '`' if parameters else 'without parameters'}"
                    load = await tried(here, row, bouncer.url + parameters, table)
                    works[row] = bool(load and not load.failures)
            finally:
                bouncer.stop()
    table.print()
    print("works:", "; ".join(name for name, does in works.items() if does) or "nothing")
    raise SystemExit(not direct or bool(direct.failures) or not any(works.values()))


asyncio.run(main())
