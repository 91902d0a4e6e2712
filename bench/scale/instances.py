"""One, two and four instances behind HAProxy, and one of four that is killed."""

import asyncio
import os
import signal
from collections import Counter

import path  # noqa: F401
import wrk
from api import Api, Json, Reply
from between import HAProxy
from load import Load
from premises import Site, site
from table import Table
from tally import Tally

CONNECTIONS = 32
SECONDS = float(os.environ.get("SECONDS_EACH", "10"))
BROKEN = ("502", "503", "504")  # HAProxy's own, when an instance does not answer


async def throughput() -> None:
    table = Table("Instances", "In front", "Mix, requests/s", "p50", "p99", "Failures")
    async with site(1, seeded=True) as here:
        table.load(1, "nothing", load=await measured(here, f"http://127.0.0.1:{here.ports[0]}"))
        for count in (1, 2, 4):
            await here.add(count - len(here.servers))
            proxy = await HAProxy(here.home / f"proxy{count}", here.servers).start()
            try:
                table.load(count, "HAProxy", load=await measured(here, proxy.url))
            finally:
                proxy.stop()
    table.print()


async def measured(here: Site, url: str) -> wrk.Load:
    tokens = await here.tokens(here.ports[0])
    return await wrk.run("mix", url, CONNECTIONS, SECONDS, tokens, here.mail)


class Behind(Load):
    """Clients behind a proxy: what it says for an instance that is gone, they take for no answer."""

    broken = 0

    async def call(self, api: Api, query: str, variables: Json, bearer: str | None = None) -> Reply:
        while True:
            reply = await super().call(api, query, variables, bearer)
            if reply.kind != "odd" or not reply.text.startswith(BROKEN) or self.stop.is_set():
                return reply
            self.broken += 1
            await asyncio.sleep(0.1)


async def kill(tally: Tally) -> None:
    kinds: Counter[str] = Counter()
    async with site(4, seeded=True) as here:
        tokens = await here.tokens(here.ports[0])
        proxy = await HAProxy(here.home / "proxy", here.servers).start()
        load = Behind(here.mailbox, lambda reply: kinds.update([reply.kind]), wait=30)
        running = asyncio.create_task(load.run(16, proxy.port))
        looking = asyncio.create_task(wrk.run("me", proxy.url, CONNECTIONS, 15, tokens, here.mail))
        victim = here.servers[1]
        try:
            await asyncio.sleep(5)
            before = load.broken, kinds["unanswered"]
            victim.signal(signal.SIGKILL)
            await asyncio.sleep(5)
            failed = load.broken - before[0] + kinds["unanswered"] - before[1]
            settled = load.broken
            await asyncio.sleep(5)
            tally.count("5 s later nothing fails any more", load.broken == settled, f"{load.broken - settled} did")
            await victim.start()
            looked = await looking
            load.stop.set()
            await running
            tally.counts("code that was promised came", len(load.asked), load.unsent_codes)
            tally.counts("session kept", len(load.sessions), await load.lost_sessions(proxy.port))
            tally.counts("no answer but a right one, or the proxy's", kinds.total(), odd(load, kinds))
            tally.fact(f"of {kinds.total()} requests of people who sign in and refresh, the kill failed {failed}")
            tally.fact(f"of {looked.requests} `me` at {CONNECTIONS} connections it failed {looked.failures}")
        finally:
            proxy.stop()


def odd(load: Behind, kinds: Counter[str]) -> list[str]:
    return ["fault"] * kinds["fault"] + ["late"] * kinds["late"] + ["odd"] * (kinds["odd"] - load.broken)


async def main() -> None:
    await throughput()
    tally = Tally("kill")
    await kill(tally)
    tally.finish()


asyncio.run(main())
