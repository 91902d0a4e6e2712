"""A server is told to stop under load, and started again."""

import asyncio
import signal
import time
from collections import Counter

from api import Reply, get
from house import Cluster, Mailbox, Server, folder
from load import Load
from tally import Tally

STOPS = 10
GRACE = 10.0  # `http.shutdown_grace`


async def main() -> None:
    tally = Tally("sigterm")
    with folder() as home:
        cluster = Cluster(home)
        mailbox = Mailbox(home / "mail")
        server = Server(home / "server", cluster.url, home / "mail")
        try:
            await server.start()
            await stops(tally, server, mailbox)
        finally:
            await server.stop()
            cluster.stop("immediate")
    tally.finish()


async def stops(tally: Tally, server: Server, mailbox: Mailbox) -> None:
    kinds: Counter[str] = Counter()

    def seen(reply: Reply) -> None:
        kinds[reply.kind] += 1
        if reply.kind != "unsent":
            held = reply.kind in ("ok", "refused")
            tally.count("request that was sent was answered", held, f"{reply.kind} {reply.text}")

    load = Load(mailbox, seen)
    # Half of them keep their connections, half open one for each request.
    running = asyncio.gather(load.run(8, server.port), load.run(8, server.port, keep_alive=False))
    took = []
    for _ in range(STOPS):
        await asyncio.sleep(2.5)
        begun = time.monotonic()
        server.signal(signal.SIGTERM)
        status = await server.ended()
        took.append(time.monotonic() - begun)
        tally.count("exited with 0, in time", status == 0 and took[-1] < GRACE + 2, f"{status}")
        tally.count("nobody listens any more", await get(server.port, "/healthz") == 0)
        await server.start()
    await asyncio.sleep(2)
    load.stop.set()
    await running
    tally.counts("code that was promised came", len(load.asked), load.unsent_codes)
    tally.counts("session kept", len(load.sessions), await load.lost_sessions(server.port))
    tally.count("no panic", "panicked" not in server.log(), "the log has one")
    tally.fact(f"{STOPS} stops, each within {max(took):.1f} s; connections refused: {kinds['unsent']}")


asyncio.run(main())
