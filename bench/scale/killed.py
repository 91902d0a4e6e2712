"""Of four instances behind HAProxy one is killed under load: who notices, and what is lost."""

import asyncio
import signal
import time
from collections import Counter

from api import Api, Json, Reply, get
from fleet import fleet
from house import Cluster, Mailbox, Server, folder
from load import UNKNOWN, Load
from neighbours import Proxy
from tally import Tally

PEOPLE = 16
KILLS = 4
LEASE = 15  # messages of a worker that died are another's after it


class Visitors(Load):
    """They come through HAProxy, which says 502 where a server said nothing."""

    async def call(self, api: Api, query: str, variables: Json, bearer: str | None = None) -> Reply:
        while True:
            reply = await api.call(query, variables, bearer)
            if reply.kind == "odd" and reply.text.startswith(("502", "503", "504")):
                reply.kind = "unanswered"
            self.seen(reply)
            if reply.kind not in UNKNOWN or self.stop.is_set():
                return reply
            await asyncio.sleep(0.1)


async def main() -> None:
    tally = Tally("killed")
    with folder() as home:
        cluster = Cluster(home, max_connections="300")
        try:
            async with fleet(home, cluster.url, 4) as servers:
                proxy = Proxy(home, servers)
                try:
                    await proxy.start()
                    load = await killing(tally, proxy, servers, Mailbox(home / "mail"))
                    tally.counts("a code that was promised came", len(load.asked), load.unsent_codes)
                    lost = await load.lost_sessions(proxy.port)
                    tally.counts("a session of a login kept", len(load.sessions), lost)
                finally:
                    proxy.stop()
        finally:
            cluster.stop("immediate")
    tally.finish()


async def killing(tally: Tally, proxy: Proxy, servers: list[Server], mailbox: Mailbox) -> Load:
    kinds: Counter[str] = Counter()
    slowest = 0.0

    def seen(reply: Reply) -> None:
        nonlocal slowest
        kinds[reply.kind] += 1
        slowest = max(slowest, reply.seconds)
        if reply.kind in ("odd", "late", "fault"):
            tally.count("no answer but a clean one", False, f"{reply.kind} {reply.text}")

    load = Visitors(mailbox, seen, wait=LEASE + 15)
    running = asyncio.create_task(load.run(PEOPLE, proxy.port))
    for victim in servers[:KILLS]:
        await asyncio.sleep(4)
        victim.signal(signal.SIGKILL)
        await victim.ended()
        await asyncio.sleep(4)
        begun = time.monotonic()
        await victim.start()
        tally.fact(f"an instance is ready {time.monotonic() - begun:.1f} s after it was started again")
    await asyncio.sleep(4)
    load.stop.set()
    await running
    tally.counts("no answer but a clean one", kinds.total(), [])
    tally.fact(
        f"{KILLS} kills, {kinds.total()} requests, of which {kinds['unanswered']} got a 502 and were sent again; "
        f"the slowest took {slowest:.1f} s"
    )
    tally.count("HAProxy serves", await get(proxy.port, "/readyz") == 200)
    return load


asyncio.run(main())
