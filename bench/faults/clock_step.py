"""The server's clock, and no other, is stepped by an hour, forth and back, under load.

Needs libfaketime (Debian: `faketime`), which reads the offset from a file that is rewritten here.
What the clock drives is stepped; timers, which are monotonic, are not.
"""

import asyncio
import time
from collections import Counter
from pathlib import Path

from api import ASK, PROVE, REFRESH, Api, Reply
from house import Cluster, Mailbox, Server, folder
from load import Load, Session
from tally import Tally

PEOPLE = 6
HOUR = 3600
# Long enough for the sweeper, which looks once a minute, to see each time.
STEPS = (("+1h", 66.0), ("+0", 10.0), ("-1h", 66.0), ("+0", 66.0))
LIBRARIES = Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1")


class Clock:
    def __init__(self, file: Path) -> None:
        self.file = file
        self.step("+0")
        self.environment = {
            "LD_PRELOAD": str(next(LIBRARIES, "libfaketime: `apt-get install faketime`")),
            "FAKETIME_TIMESTAMP_FILE": str(file),
            "FAKETIME_CACHE_DURATION": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "DONT_FAKE_MONOTONIC": "1",
        }

    def step(self, offset: str) -> None:
        new = self.file.with_suffix(".new")
        new.write_text(offset)
        new.replace(self.file)


async def main() -> None:
    tally = Tally("clock_step")
    with folder() as home:
        cluster = Cluster(home)
        clock = Clock(home / "clock")
        server = Server(home / "server", cluster.url, home / "mail", **clock.environment)
        try:
            await server.start()
            await steps(tally, server, clock, Mailbox(home / "mail"))
        finally:
            await server.stop()
            cluster.stop("immediate")
    tally.finish()


async def steps(tally: Tally, server: Server, clock: Clock, mailbox: Mailbox) -> None:
    stale: Counter[str] = Counter()

    def seen(reply: Reply) -> None:
        if reply.kind == "unauthenticated":
            stale[reply.text] += 1
        held = reply.kind in ("ok", "refused", "unauthenticated")
        tally.count("answered cleanly", held, f"{reply.kind} {reply.text}")

    load = Load(mailbox, seen, wait=10)
    running = asyncio.create_task(load.run(PEOPLE, server.port))
    await asyncio.sleep(6)
    api = Api(server.port)
    caught: list[tuple[float, float]] = []
    for offset, seconds in STEPS:
        pending = [await asked(load, api) for _ in range(3)]
        twice = [await rotated(load, api) for _ in range(3)]
        stale.clear()
        begun = time.monotonic()
        clock.step(offset)
        await asyncio.sleep(2.5)
        caught.append((begun - 1, begun + 2.5))
        to = f"to {offset}"
        tally.fact(f"{to}: codes under way then: {await outcomes(api, pending)}")
        tally.fact(f"{to}: refresh tokens shown twice across it: {await replayed(api, load, twice)}")
        await refused_for(tally, api, pending, to)
        late = await deliveries(load, api)
        tally.count("code came within 5 s of the step", late <= 5, f"{to}: {late:.1f} s")
        await asyncio.sleep(seconds)
        gone = [session for session in load.ended if session not in twice]
        lost = await load.lost_sessions(server.port)
        tally.counts("session kept", len(load.sessions), [f"{to}: {why}" for why in lost])
        ended = [f"{to}: {session.email}" for session in gone]
        tally.counts("signed out by nothing but a spent token", len(load.sessions), ended)
        tally.fact(f"{to}: access tokens refused, and renewed: {dict(stale)}; first new code after {late:.2f} s")
        load.ended.clear()
    load.stop.set()
    await running
    # What was asked for by one clock and taken up by the other waits until it is due, or is over.
    between = [email for email in load.asked if any(a < load.asked[email] < b for a, b in caught)]
    lost = [email for email in load.unsent_codes if email not in between]
    tally.counts("code that was promised came", len(load.asked) - len(between), lost)
    late = len(load.unsent_codes) - len(lost)
    tally.fact(f"codes asked for in the moment of a step: {len(between)}, of which {late} did not come")
    log = server.log()
    tally.count("no panic", "panicked" not in log, "the log has one")
    tally.count("no sweep failed", "the sweep failed" not in log, "the log says so")


async def asked(load: Load, api: Api) -> tuple[str, str | None, str]:
    """Somebody who has a code and has not used it."""
    found = await load.ask(api)
    assert found
    code = await load.mailbox.code(found[0], 10)
    assert code
    return *found, code


async def outcomes(api: Api, pending: list[tuple[str, str | None, str]]) -> dict[str, int]:
    found: Counter[str] = Counter()
    for email, token, code in pending:
        reply = await api.call(PROVE, {"e": email, "c": code, "t": token})
        found["signed in" if reply.kind == "ok" else reply.code or reply.kind] += 1
    return dict(found)


async def rotated(load: Load, api: Api) -> Session:
    """A session of two tabs, one of which has just refreshed: `access` is the other's token."""
    session = await load.sign_in(api)
    assert session
    session.access = session.refresh
    reply = await api.call(REFRESH, {"t": session.refresh})
    session.refresh = reply.payload["tokens"]["refreshToken"]
    return session


async def replayed(api: Api, load: Load, twice: list[Session]) -> dict[str, int]:
    """The other tab refreshes, by the previous token, within the grace window of the world."""
    found: Counter[str] = Counter()
    for session in twice:
        reply = await api.call(REFRESH, {"t": session.access})
        same = reply.kind == "ok" and reply.payload["tokens"]["refreshToken"] == session.refresh
        found["same successor" if same else reply.code or reply.kind] += 1
    return dict(found)


async def refused_for(tally: Tally, api: Api, pending: list[tuple[str, str | None, str]], to: str) -> None:
    """How long those must wait for another code who asked right before the step."""
    waits = []
    for email, _, _ in pending:
        reply = await api.call(ASK, {"e": email})
        errors = reply.payload.get("userErrors") or [{}]
        waits.append(int(errors[0].get("retryAfter") or 0))
        held = reply.kind in ("ok", "refused") and waits[-1] <= HOUR + 60
        tally.count("budget refuses for an hour more at most", held, f"{reply.kind} {waits[-1]}")
    tally.fact(f"{to}: next code for who asked right before: in {max(waits)} s")


async def deliveries(load: Load, api: Api) -> float:
    begun = time.monotonic()
    found = await load.ask(api)
    if found:
        await load.mailbox.code(found[0], 30)
    return time.monotonic() - begun


asyncio.run(main())
