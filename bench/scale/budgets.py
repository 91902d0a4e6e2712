"""Four instances are asked at once for what a budget bears in all, and for what is to happen once."""

import asyncio

import path  # noqa: F401
from api import ASK, ME, PROVE, REFRESH, Api, Reply
from premises import Site, site
from tally import Tally

INSTANCES = 4
AT_ONCE = 200


async def at_once(here: Site, query: str, variables: list[dict]) -> list[Reply]:
    """All of them in the same moment, each on a connection of its own, and dealt out to the instances."""
    apis = [Api(here.ports[at % len(here.ports)]) for at in range(len(variables))]
    replies = await asyncio.gather(*(api.call(query, one) for api, one in zip(apis, variables, strict=True)))
    for api in apis:
        api.close()
    return replies


async def granted(tally: Tally, here: Site, name: str, expected: int, addresses: list[str]) -> None:
    replies = await at_once(here, ASK, [{"e": address} for address in addresses])
    ok = [reply for reply in replies if reply.kind == "ok"]
    limited = [reply for reply in replies if reply.code == "RATE_LIMITED"]
    others = [f"{reply.kind} {reply.code}{reply.text}" for reply in replies if reply not in ok and reply not in limited]
    tally.count(f"{name}: exactly {expected} of {len(addresses)}", len(ok) == expected, f"{len(ok)} were granted")
    tally.counts("the others were refused, and nothing else", len(replies) - len(ok), others)


async def budgets(tally: Tally) -> None:
    async with site() as here:
        await here.add(INSTANCES)
        await granted(tally, here, "codes to one contact", 1, ["one@example.com"] * AT_ONCE)
        await once(tally, here)
        await here.clear()
        await here.add(INSTANCES, limits__address_codes_per_hour="30", limits__address_codes_per_day="100")
        await granted(tally, here, "codes from one address", 30, [f"a{at}@example.com" for at in range(AT_ONCE)])
        await here.clear()
        await here.add(INSTANCES, limits__total_codes_per_hour="50")
        await granted(tally, here, "codes in all", 50, [f"t{at}@example.com" for at in range(AT_ONCE)])


async def once(tally: Tally, here: Site) -> None:
    """One code, and one refresh token, shown two hundred times."""
    asked = await Api(here.ports[0]).call(ASK, {"e": "two@example.com"})
    code = await here.mailbox.code("two@example.com", 20)
    shown = {"e": "two@example.com", "c": code, "t": asked.payload["challenge"]["challengeToken"]}
    opened = [reply for reply in await at_once(here, PROVE, [shown] * AT_ONCE) if reply.kind == "ok"]
    tally.count(f"one code shown {AT_ONCE} times opened one session", len(opened) == 1, f"{len(opened)}")
    token = opened[0].payload["tokens"]["refreshToken"]
    replies = await at_once(here, REFRESH, [{"t": token}] * AT_ONCE)
    successors = {reply.payload["tokens"]["refreshToken"] if reply.kind == "ok" else reply.kind for reply in replies}
    tally.count(f"one refresh token shown {AT_ONCE} times had one successor", len(successors) == 1, f"{successors}")


async def keys(tally: Tally) -> None:
    """What one signs all believe, on tables that all four found empty of keys."""
    async with site() as here:
        await asyncio.gather(*(here.add(1) for _ in range(INSTANCES)))
        sets = [await jwks(port) for port in here.ports]
        tally.count("one set of public keys", len(set(sets)) == 1, f"{sets}")
        for number, port in enumerate(here.ports):
            email = f"k{number}@example.com"
            asked = await Api(port).call(ASK, {"e": email})
            code = await here.mailbox.code(email, 20)
            shown = {"e": email, "c": code, "t": asked.payload["challenge"]["challengeToken"]}
            access = (await Api(port).call(PROVE, shown)).payload["tokens"]["accessToken"]
            for other in here.ports:
                reply = await Api(other).call(ME, bearer=access)
                tally.count("a token of each counts with each", reply.payload.get("email") == email, reply.text)


async def jwks(port: int) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET /.well-known/jwks.json HTTP/1.1\r\nHost: scale\r\nConnection: close\r\n\r\n")
    answer = await reader.read()
    writer.close()
    return answer.partition(b"\r\n\r\n")[2]


async def deliveries(tally: Tally) -> None:
    """As many mails as challenges, though four workers look for them."""
    async with site(INSTANCES) as here:
        addresses = [f"d{number}@example.com" for number in range(2_000)]
        for start in range(0, len(addresses), AT_ONCE):
            await at_once(here, ASK, [{"e": address} for address in addresses[start : start + AT_ONCE]])
        mailbox = here.mailbox
        await mailbox.code(addresses[-1], 30)
        await asyncio.sleep(3)  # for what is sent twice to come, too
        mailbox.read()
        wrong = [f"{mailbox.arrived[address]} mails" for address in addresses if mailbox.arrived[address] != 1]
        tally.counts("a code was sent once", len(addresses), wrong)


async def main() -> None:
    tally = Tally("budgets")
    for part in (budgets, keys, deliveries):
        await part(tally)
    tally.finish()


asyncio.run(main())
