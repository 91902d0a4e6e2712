"""`me` on a streaming replica: what it takes off the primary, how far it lags, and its death."""

import asyncio
import os
import statistics
import time
from pathlib import Path

import usage
import wrk
from api import ME, REFRESH, Api
from fleet import STEADY, Crowd, fleet
from house import Cluster, Server, folder
from neighbours import Standby
from tally import Tally

CONNECTIONS = 32
SECONDS = float(os.environ.get("SECONDS_EACH", "10"))
LOGOUTS = 50
AWAY, BACK = "the replica does not answer", "the replica answers again"
PATIENCE = 20  # it is tried every five seconds
LOGOUT = "mutation { logout { userErrors { code } } }"


async def main() -> None:
    tally = Tally("standby")
    with folder() as home:
        cluster = Cluster(home, max_connections="300")
        crowd = await Crowd.gathered(home, cluster.url, 5)
        standby = Standby(home, cluster)
        beside = {**STEADY, "database.replica_url": standby.url}
        try:
            print("| `me` is asked of | Requests per second | p99 | Primary, CPU per request | Replica |")
            print("|---|---|---|---|---|")
            async with fleet(home, cluster.url, 1) as [server]:
                await row("the primary", server, crowd, home, cluster, standby)
            async with fleet(home, cluster.url, 1, beside) as [server]:
                await row("the replica", server, crowd, home, cluster, standby)
                await lag(tally, server, crowd, home, cluster)
                await death(tally, server, crowd, home, standby)
        finally:
            standby.stop("immediate")
            cluster.stop("immediate")
    tally.finish()


async def load(workload: str, server: Server, crowd: Crowd, home: Path, seconds: float) -> wrk.Load:
    url = f"http://127.0.0.1:{server.port}"
    return await wrk.run(workload, url, CONNECTIONS, seconds, crowd.tokens(), home / "mail")


async def row(
    what: str, server: Server, crowd: Crowd, home: Path, cluster: Cluster, standby: Standby
) -> None:
    before = [usage.family_cpu(one.pid) for one in (cluster, standby)]
    done = await load("me", server, crowd, home, SECONDS)
    spent = [usage.family_cpu(one.pid) - was for one, was in zip((cluster, standby), before, strict=True)]
    primary, replica = (f"{micros / done.requests:.0f} µs" for micros in spent)
    print(f"| {what} | {done.rate:,.0f} | {done.p99 / 1000:.1f} ms | {primary} | {replica} |", flush=True)


async def lag(tally: Tally, server: Server, crowd: Crowd, home: Path, cluster: Cluster) -> None:
    """How long after a logout `me` still answers, while others sign in and refresh."""
    loading = asyncio.create_task(load("mix", server, crowd, home, SECONDS))
    api, waits = Api(server.port), []
    bound = time.monotonic() + SECONDS - 1
    for token in crowd.fresh()[:LOGOUTS]:
        if time.monotonic() > bound:
            break
        reply = await api.call(REFRESH, {"t": token})
        access = reply.payload["tokens"]["accessToken"]
        await api.call(LOGOUT, bearer=access)
        begun = time.monotonic()
        while (await api.call(ME, bearer=access)).kind == "ok":
            pass
        waits.append(1000 * (time.monotonic() - begun))
    api.close()
    done = await loading
    tally.counts("a request of the mix", done.requests, [done.first_failure] * done.failures)
    tally.fact(
        f"{len(waits)} logouts under a mix of {done.rate:,.0f} requests per second: "
        f"`me` refused after {statistics.median(waits):.0f} ms (median), {max(waits):.0f} ms (the longest)"
    )


async def death(tally: Tally, server: Server, crowd: Crowd, home: Path, standby: Standby) -> None:
    loading = asyncio.create_task(load("me", server, crowd, home, SECONDS + 6))
    await asyncio.sleep(SECONDS / 3)
    await asyncio.to_thread(standby.stop, "immediate")
    await asyncio.sleep(SECONDS / 3)
    await asyncio.to_thread(standby.start)
    done = await loading
    api, end = Api(server.port), time.monotonic() + PATIENCE
    while BACK not in server.log() and time.monotonic() < end:
        await api.call(ME, bearer=crowd.access[0])
    api.close()
    tally.counts("a request while the replica is killed", done.requests, [done.first_failure] * done.failures)
    for words in (AWAY, BACK):
        times = server.log().count(words)
        tally.count(f"the log says once: {words}", times == 1, f"{times} times")
    tally.fact(f"meanwhile {done.rate:,.0f} requests per second, p99 {done.p99 / 1000:.1f} ms")


asyncio.run(main())
