"""What four instances owe together: budgets that are exact, one set of keys, each message once."""

import asyncio
import itertools
import urllib.request
from collections import Counter

from api import ASK, ME, PROVE, Api, Reply
from fleet import STEADY, fleet
from house import Cluster, Mailbox, Server, folder
from load import Load
from tally import Tally

INSTANCES = 4
AT_ONCE = 200
BUDGET = 50
MESSAGES = 400
# Those that production has, and that the load of one machine would meet.
ADDRESS = {"limits.address_codes_per_hour": str(BUDGET), "limits.address_codes_per_day": str(BUDGET)}


async def main() -> None:
    tally = Tally("together")
    with folder() as home:
        cluster = Cluster(home, max_connections="300")
        try:
            async with fleet(home, cluster.url, INSTANCES) as servers:
                await one_contact(tally, servers)
                await one_code(tally, servers, Mailbox(home / "mail"))
                await keys(tally, servers, Mailbox(home / "mail"))
                await messages(tally, servers, Mailbox(home / "mail"))
            async with fleet(home, cluster.url, INSTANCES, {**STEADY, **ADDRESS}) as servers:
                replies = await ask_at_once(servers, [f"a{at}@example.com" for at in range(AT_ONCE)])
                exactly(tally, f"an address has {BUDGET} codes an hour", BUDGET, replies)
            total = {**STEADY, "limits.total_codes_per_hour": str(BUDGET)}
            async with fleet(home, cluster.url, INSTANCES, total) as servers:
                replies = await ask_at_once(servers, [f"t{at}@example.com" for at in range(AT_ONCE)])
                exactly(tally, f"all together have {BUDGET} codes an hour", BUDGET, replies)
        finally:
            cluster.stop("immediate")
    tally.finish()


async def at_once(servers: list[Server], query: str, all_variables: list[dict[str, str]]) -> list[Reply]:
    """Each on a connection of its own, to the instances in turn."""
    apis = [Api(server.port) for server, _ in zip(itertools.cycle(servers), all_variables, strict=False)]
    replies = await asyncio.gather(
        *(api.call(query, variables) for api, variables in zip(apis, all_variables, strict=True))
    )
    for api in apis:
        api.close()
    return list(replies)


async def ask_at_once(servers: list[Server], addresses: list[str]) -> list[Reply]:
    return await at_once(servers, ASK, [{"e": address} for address in addresses])


def exactly(tally: Tally, budget: str, granted: int, replies: list[Reply]) -> None:
    ends = Counter(reply.code or reply.kind for reply in replies)
    held = ends == {"ok": granted, "RATE_LIMITED": len(replies) - granted}
    tally.count(f"{budget}, of {len(replies)} at once", held, str(dict(ends)))


async def one_contact(tally: Tally, servers: list[Server]) -> None:
    replies = await ask_at_once(servers, ["ada@example.com"] * AT_ONCE)
    exactly(tally, "a contact has one code a minute", 1, replies)


async def one_code(tally: Tally, servers: list[Server], mailbox: Mailbox) -> None:
    asked = await Api(servers[0].port).call(ASK, {"e": "bob@example.com"})
    code = await mailbox.code("bob@example.com", 10)
    token = asked.payload["challenge"]["challengeToken"]
    wrong = {"e": "bob@example.com", "c": str((int(code or 0) + 1) % 1_000_000).zfill(6), "t": token}
    replies = await at_once(servers, PROVE, [wrong] * AT_ONCE)
    ends = Counter(reply.code or reply.kind for reply in replies)
    # The fifth wrong guess ends the challenge; nobody gets to look at a sixth.
    held = ends["OTP_INVALID"] <= 5 and ends["ok"] == 0 and "fault" not in ends and "odd" not in ends
    tally.count(f"a code bears five guesses, of {AT_ONCE} at once", held, str(dict(ends)))

    asked = await Api(servers[0].port).call(ASK, {"e": "eve@example.com"})
    code = await mailbox.code("eve@example.com", 10)
    right = {"e": "eve@example.com", "c": code or "", "t": asked.payload["challenge"]["challengeToken"]}
    replies = await at_once(servers, PROVE, [right] * AT_ONCE)
    opened = sum(reply.kind == "ok" for reply in replies)
    tally.count(f"a code opens one session, of {AT_ONCE} at once", opened == 1, f"{opened} were opened")


async def keys(tally: Tally, servers: list[Server], mailbox: Mailbox) -> None:
    load = Load(mailbox)
    for server in servers:
        api = Api(server.port)
        session = await load.sign_in(api)
        api.close()
        for other in servers:
            api = Api(other.port)
            reply = await api.call(ME, bearer=session.access if session else None)
            tally.count("a token of each is taken by all", reply.kind == "ok", reply.text)
            api.close()
    sets = {await asyncio.to_thread(jwks, server.port) for server in servers}
    tally.count("all show the same public keys", len(sets) == 1, f"{len(sets)} sets of keys")


def jwks(port: int) -> bytes:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/.well-known/jwks.json") as answer:
        return bytes(answer.read())


async def messages(tally: Tally, servers: list[Server], mailbox: Mailbox) -> None:
    addresses = [f"m{at}@example.com" for at in range(MESSAGES)]
    replies = await ask_at_once(servers, addresses)
    taken = sum(reply.kind == "ok" for reply in replies)
    tally.count("all are asked for", taken == MESSAGES, f"{taken} of {MESSAGES}")
    for address in addresses:
        await mailbox.code(address, 30)
    await asyncio.sleep(2)  # what comes twice comes later
    mailbox.read()
    wrong = [f"{address} came {mailbox.arrived[address]} times" for address in addresses]
    wrong = [line for line in wrong if not line.endswith(" came 1 times")]
    tally.counts("a message is sent once", MESSAGES, wrong)


asyncio.run(main())
