"""PostgreSQL is stopped and started under load."""

import asyncio
import time

from api import Reply, get
from house import Cluster, Mailbox, Server, folder
from load import Load
from tally import Tally

PEOPLE = 12
OUTAGE = 7.0
ACQUIRE = 5.0  # `database.connect_timeout`
SLACK = 1.0
ROUNDS = ("fast", "immediate", "fast")


async def main() -> None:
    tally = Tally("database_stop")
    with folder() as home:
        cluster = Cluster(home)
        mailbox = Mailbox(home / "mail")
        server = Server(home / "server", cluster.url, home / "mail")
        try:
            await server.start()
            await outages(tally, cluster, server, mailbox)
        finally:
            await server.stop()
            cluster.stop("immediate")
    tally.finish()


async def outages(tally: Tally, cluster: Cluster, server: Server, mailbox: Mailbox) -> None:
    answered: list[float] = []
    worst: dict[str, float] = {}

    def seen(reply: Reply) -> None:
        clean = reply.kind in ("ok", "refused", "fault") and reply.seconds <= ACQUIRE + SLACK
        tally.count("answered cleanly, and in time", clean, f"{reply.kind} in {reply.seconds:.0f} s {reply.text}")
        worst[reply.kind] = max(worst.get(reply.kind, 0), reply.seconds)
        if reply.kind == "ok":
            answered.append(time.monotonic())

    load = Load(mailbox, seen)
    running = asyncio.create_task(load.run(PEOPLE, server.port))
    turned, ready, served = [], [], []
    for how in ROUNDS:
        await asyncio.sleep(4)
        begun = time.monotonic()
        stopping = asyncio.create_task(asyncio.to_thread(cluster.stop, how))
        while await get(server.port, "/readyz") == 200 and time.monotonic() < begun + 30:
            await asyncio.sleep(0.1)
        turned.append(time.monotonic() - begun)
        tally.count("/readyz turned", await get(server.port, "/readyz") == 503)
        await stopping
        await asyncio.sleep(max(0, begun + OUTAGE - time.monotonic()))
        await asyncio.to_thread(cluster.start)
        begun = time.monotonic()
        while await get(server.port, "/readyz") != 200 and time.monotonic() < begun + 30:
            await asyncio.sleep(0.05)
        ready.append(time.monotonic() - begun)
        while not any(moment > begun for moment in answered) and time.monotonic() < begun + 30:
            await asyncio.sleep(0.02)
        served.append(next((moment for moment in answered if moment > begun), begun + 30) - begun)
        tally.count("served again within 5 s", served[-1] <= 5 and ready[-1] <= 5, f"{served[-1]:.1f} s")
    await asyncio.sleep(4)
    load.stop.set()
    await running
    tally.counts("code that was promised came", len(load.asked), load.unsent_codes)
    tally.counts("session kept", len(load.sessions), await load.lost_sessions(server.port))
    log = server.log()
    tally.count("no panic", "panicked" not in log, "the log has one")
    tally.fact(f"slowest answer in an outage {worst.get('fault', 0):.2f} s, slowest success {worst.get('ok', 0):.2f} s")
    tally.fact(f"/readyz turned within {max(turned):.1f} s, and back within {max(ready):.2f} s of the database")
    tally.fact(f"first success within {max(served):.2f} s of the database")


asyncio.run(main())
