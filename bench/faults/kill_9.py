"""Of two instances on one database, one is killed, again and again, under load."""

import asyncio
import signal
from collections import Counter

from api import PROVE, REFRESH, Api, Reply
from house import Cluster, Mailbox, Server, folder
from load import Load
from tally import Tally

PEOPLE = 12
KILLS = 6
LEASE = 15  # messages of a worker that died are another's after it


async def main() -> None:
    tally = Tally("kill_9")
    with folder() as home:
        cluster = Cluster(home)
        mailbox = Mailbox(home / "mail")
        servers = [Server(home / name, cluster.url, home / "mail") for name in ("one", "other")]
        try:
            for server in servers:
                await server.start()
            load = await killing(tally, servers, mailbox)
            await settle(tally, load, cluster, servers)
        finally:
            for server in servers:
                await server.stop()
            cluster.stop("immediate")
    tally.finish()


async def killing(tally: Tally, servers: list[Server], mailbox: Mailbox) -> Load:
    kinds: Counter[str] = Counter()

    def seen(reply: Reply) -> None:
        kinds[reply.kind] += 1
        if reply.kind in ("odd", "late", "fault"):
            tally.count("no answer but a clean one", False, f"{reply.kind} {reply.text}")

    load = Load(mailbox, seen, wait=LEASE + 15)
    one, other = (server.port for server in servers)
    running = asyncio.gather(load.run(PEOPLE // 2, one, other), load.run(PEOPLE // 2, other, one))
    twins = asyncio.create_task(both_at_once(tally, load, one, other))
    for turn in range(KILLS):
        await asyncio.sleep(4)
        victim = servers[turn % 2]
        victim.signal(signal.SIGKILL)
        await victim.ended()
        await asyncio.sleep(3)
        await victim.start()
    await asyncio.sleep(3)
    load.stop.set()
    await asyncio.gather(running, twins)
    tally.counts("no answer but a clean one", kinds.total(), [])
    tally.fact(f"{KILLS} kills; requests without an answer, sent again: {kinds['unanswered']}")
    return load


async def both_at_once(tally: Tally, load: Load, one: int, other: int) -> None:
    """One code, and one refresh token, shown to both instances at the same moment."""
    first, second = Api(one, other), Api(other, one)
    while not load.stop.is_set():
        asked = await load.ask(first)
        code = asked and await load.mailbox.code(asked[0], load.wait)
        if not asked or not code:
            continue
        variables = {"e": asked[0], "c": code, "t": asked[1]}
        replies = await asyncio.gather(*(api.call(PROVE, variables) for api in (first, second)))
        opened = [session for reply in replies if (session := load.opened(asked[0], reply))]
        tally.count("code at both instances opened one session", len(opened) <= 1)
        load.sessions += opened[:1]
        for session in opened[:1]:
            shown = session.refresh
            replies = await asyncio.gather(*(api.call(REFRESH, {"t": shown}) for api in (first, second)))
            for reply in replies:
                if reply.kind == "ok":
                    session.take(reply)
                    load.successors.setdefault(shown, set()).add(session.refresh)
    first.close()
    second.close()


async def settle(tally: Tally, load: Load, cluster: Cluster, servers: list[Server]) -> None:
    ports = [server.port for server in servers]
    tally.counts("code that was promised came", len(load.asked), load.unsent_codes)
    tally.counts("session of a login kept", len(load.sessions), await load.lost_sessions(*ports))
    twice = [email for email, ids in load.signed_in.items() if len(set(ids)) > 1]
    tally.counts("code opened one session", len(load.signed_in), twice)
    query = """SELECT u.email FROM users u JOIN sessions s ON s.user_id = u.id GROUP BY u.email
        HAVING count(*) > (SELECT count(*) FROM challenges c WHERE c.contact = u.email AND c.consumed_at IS NOT NULL)"""
    rows = cluster.sql(query).split()
    sessions = int(cluster.sql("SELECT count(*) FROM sessions"))
    tally.counts("session in the database has a code of its own", sessions, rows)
    split = [f"{len(found)} successors" for found in load.successors.values() if len(found) > 1]
    tally.counts("refresh token had one successor", len(load.successors), split)
    duplicates = sum(times - 1 for times in load.mailbox.arrived.values() if times > 1)
    tally.fact(f"messages sent twice: {duplicates}, of {load.mailbox.arrived.total()}")
    logs = "".join(server.log() for server in servers)
    tally.count("no panic", "panicked" not in logs, "the log has one")


asyncio.run(main())
