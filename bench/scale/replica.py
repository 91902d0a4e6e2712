"""`me` with a streaming replica: what it takes off the database, how far it is behind, and its death."""

import asyncio
import os
import signal
import subprocess
import time
from pathlib import Path

import path  # noqa: F401
import usage
import wrk
from between import Standby
from house import BINARY, Cluster, Server
from load import Load
from premises import Site, site
from table import Table
from tally import Tally, milliseconds

CONNECTIONS = 32
SECONDS = float(os.environ.get("SECONDS_EACH", "10"))


async def figures(here: Site, standby: Standby) -> None:
    table = Table("`me`", "Database µs", "Replica µs", "Requests/s", "p50", "p99", "Failures")
    for name, settings in (("of the database", {}), ("of the replica", {"database__replica_url": standby.url})):
        server = (await here.add(1, **settings))[0]
        tokens = await here.tokens(server.port)
        await caught_up(here.cluster, standby)
        before = [usage.family_cpu(cluster.pid) for cluster in (here.cluster, standby)]
        load = await look(here, server, tokens)
        after = [usage.family_cpu(cluster.pid) for cluster in (here.cluster, standby)]
        used = (f"{(now - was) / load.requests:.0f}" for was, now in zip(before, after, strict=True))
        table.load(name, *used, load=load)
        await here.clear()
    table.print()


async def look(here: Site, server: Server, tokens: Path, seconds: float = SECONDS) -> wrk.Load:
    return await wrk.run("me", f"http://127.0.0.1:{server.port}", CONNECTIONS, seconds, tokens, here.mail)


async def caught_up(primary: Cluster, standby: Standby) -> float:
    """How long the replica takes to play what the database has written until now."""
    place = primary.sql("SELECT pg_current_wal_lsn()")
    begun = time.monotonic()
    while standby.sql(f"SELECT pg_last_wal_replay_lsn() >= '{place}'") != "t":
        await asyncio.sleep(0.001)
    return time.monotonic() - begun


async def lag(here: Site, standby: Standby, tally: Tally) -> None:
    """Beside people who sign in and refresh, and ask who they are right after."""
    server = (await here.add(1, database__replica_url=standby.url))[0]
    load, lags = Load(here.mailbox), []
    running = asyncio.create_task(load.run(8, server.port))
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        lags.append(await caught_up(here.cluster, standby))
        await asyncio.sleep(0.1)
    load.stop.set()
    await running
    tally.counts("fresh session found", len(load.sessions), await load.lost_sessions(server.port))
    tally.fact(f"a commit was on the replica after {milliseconds(lags)}, the asking included")
    said = subprocess.run([BINARY, "doctor"], cwd=server.home, env=server.variables(), capture_output=True, text=True)
    line = next((line for line in said.stdout.splitlines() if "replica" in line), "nothing")
    tally.count("the doctor finds the replica well", line.startswith("✓"), line)
    await here.clear()


async def death(here: Site, standby: Standby, tally: Tally, name: str, strike: signal.Signals | None) -> None:
    """Under load it stops, or is silent. `strike`: what all of its processes are sent."""
    server = (await here.add(1, database__replica_url=standby.url))[0]
    tokens = await here.tokens(server.port)
    await caught_up(here.cluster, standby)
    said = len(server.log())  # of the instances before it
    looking = asyncio.create_task(look(here, server, tokens, 16))
    await asyncio.sleep(3)
    if strike:
        processes = standby.processes()
        for pid in processes:
            os.kill(pid, strike)
        await asyncio.sleep(4)
        for pid in processes:
            os.kill(pid, signal.SIGCONT)
    else:
        await asyncio.to_thread(standby.stop, "immediate")
        await asyncio.sleep(4)
        await asyncio.to_thread(standby.start)
    load = await looking
    tally.counts(f"`me` answered, replica {name}", load.requests, [load.first_failure] * load.failures)
    log = server.log()[said:]
    away, back = log.count("the replica does not answer"), log.count("the replica answers again")
    # On a busy machine one that has just come back may be slow once more.
    promise = "the log says that it is away, and that it is back, and not for each request"
    tally.count(promise, 1 <= away <= 3 and away == back, f"{name}: {away}, {back}")
    tally.fact(f"{name}: {load.rate:,.0f} requests/s, p99 {load.p99 / 1000:.0f} ms, no answer lost")
    await here.clear()


async def main() -> None:
    tally = Tally("replica")
    async with site(seeded=True) as here:
        standby = Standby(here.home, here.cluster)
        try:
            await figures(here, standby)
            await lag(here, standby, tally)
            await death(here, standby, tally, "stopped and started", None)
            await death(here, standby, tally, "frozen for four seconds", signal.SIGSTOP)
        finally:
            standby.stop("immediate")
    tally.finish()


asyncio.run(main())
