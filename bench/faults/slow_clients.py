"""Clients that send byte by byte, and a thousand that send nothing, beside people who sign in."""

import asyncio
import time

from api import Reply
from house import Cluster, Mailbox, Server, folder
from load import Load
from tally import Tally, milliseconds, percentile

IDLE, HEADERS, BODIES = 1000, 300, 300
TIMEOUT = 10  # `http.idle_timeout`, 75 s if not told otherwise
CALM = 8.0
# What systemd and a Debian shell let a process open, unless it asks for more.
FILES = 1024
HEAD = "POST /graphql HTTP/1.1\r\nHost: faults\r\nContent-Type: application/json\r\n"


async def main() -> None:
    tally = Tally("slow_clients")
    with folder() as home:
        cluster = Cluster(home)
        server = Server(home / "server", cluster.url, home / "mail")
        server.settings["http.idle_timeout"] = f"{TIMEOUT}s"
        try:
            await server.start(files=FILES)
            await crowd(tally, server, Mailbox(home / "mail"))
        finally:
            await server.stop()
            cluster.stop("immediate")
    tally.finish()


async def crowd(tally: Tally, server: Server, mailbox: Mailbox) -> None:
    seconds: list[float] = []

    def seen(reply: Reply) -> None:
        tally.count("others are answered", reply.kind == "ok", f"{reply.kind} {reply.text}")
        seconds.append(reply.seconds)

    # Opening a connection for each request: that is what a full house would refuse.
    load = Load(mailbox, seen)
    running = asyncio.create_task(load.run(4, server.port, keep_alive=False))
    await asyncio.sleep(CALM)
    calm, seconds = seconds, []
    crowds = {
        "idle": [hold(server.port, "", "") for _ in range(IDLE)],
        "headers byte by byte": [hold(server.port, "", HEAD + "X-Slow: " + "x" * 999) for _ in range(HEADERS)],
        "bodies byte by byte": [
            hold(server.port, f"{HEAD}Content-Length: 999\r\n\r\n", "x" * 999) for _ in range(BODIES)
        ],
    }
    held = {name: [asyncio.create_task(one) for one in ones] for name, ones in crowds.items()}
    for name, ones in held.items():
        ends = await asyncio.gather(*ones)
        late = [f"after {end:.0f} s" for end in ends if end > TIMEOUT + 5]
        tally.counts(f"{name}: cut off", len(ends), late)
        tally.fact(f"{name}: {len(ends)} connections, the last cut off after {max(ends):.1f} s")
    load.stop.set()
    await running
    tally.fact(f"others before: {milliseconds(calm)}; in the crowd: {milliseconds(seconds)}")
    bound = 3 * percentile(calm, 0.5) + 0.1
    tally.count("others wait no longer than usual", percentile(seconds, 0.5) <= bound)


async def hold(port: int, at_once: str, slowly: str) -> float:
    """Sends the one at once and the other byte by byte, and tells when it was cut off."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    begun = time.monotonic()
    # A body that is refused is answered first.
    cut = asyncio.create_task(reader.read(-1))
    rest = iter(slowly)
    writer.write(at_once.encode())
    while not cut.done() and time.monotonic() < begun + TIMEOUT + 15:
        writer.write(next(rest, "").encode())
        await asyncio.wait([cut], timeout=0.5)
    cut.cancel()
    writer.close()
    return time.monotonic() - begun


asyncio.run(main())
