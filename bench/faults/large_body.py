"""Bodies of 100 MB, declared and not, beside people who sign in."""

import asyncio
import socket
from pathlib import Path

from api import Reply
from house import Cluster, Mailbox, Server, folder
from load import Load
from tally import Tally, milliseconds

SIZE = 100 * 1024 * 1024
CHUNK = 16 * 1024
TIMES = 20
# 64 KiB are read; what else is taken lies in the buffers of two sockets on this machine.
MOST = 1024 * 1024
HEAD = "POST /graphql HTTP/1.1\r\nHost: faults\r\nContent-Type: application/json\r\n"


async def main() -> None:
    tally = Tally("large_body")
    with folder() as home:
        cluster = Cluster(home)
        server = Server(home / "server", cluster.url, home / "mail")
        try:
            await server.start()
            await bodies(tally, server, Mailbox(home / "mail"))
        finally:
            await server.stop()
            cluster.stop("immediate")
    tally.finish()


async def bodies(tally: Tally, server: Server, mailbox: Mailbox) -> None:
    seconds: list[float] = []

    def seen(reply: Reply) -> None:
        tally.count("others are answered", reply.kind == "ok", f"{reply.kind} {reply.text}")
        seconds.append(reply.seconds)

    load = Load(mailbox, seen)
    running = asyncio.create_task(load.run(4, server.port))
    await asyncio.sleep(2)
    before = memory(server)
    await attack(tally, server, "declared", f"{HEAD}Content-Length: {SIZE}\r\n\r\n", b"x" * CHUNK)
    chunk = f"{CHUNK:x}\r\n".encode() + b"x" * CHUNK + b"\r\n"
    await attack(tally, server, "chunked", f"{HEAD}Transfer-Encoding: chunked\r\n\r\n", chunk)
    expects = f"{HEAD}Content-Length: {SIZE}\r\nExpect: 100-continue\r\n\r\n"
    answers = await asyncio.gather(*(first_line(server, expects) for _ in range(TIMES)))
    for answer in answers:
        tally.count("who asks first is told 413 at once", " 413 " in answer, answer)
    tally.fact(f"memory grew by {(memory(server) - before) // 1024} KiB")
    load.stop.set()
    await running
    tally.fact(f"others meanwhile: {milliseconds(seconds)}")


async def attack(tally: Tally, server: Server, name: str, head: str, chunk: bytes) -> None:
    found = await asyncio.gather(*(asyncio.to_thread(push, server.port, head, chunk) for _ in range(TIMES)))
    for sent, answer in found:
        refused = " 413 " in answer or not answer
        tally.count(f"{name}: refused before 1 MiB was taken", refused and sent <= MOST, f"{sent} {answer}")
    told = sum(" 413 " in answer for _, answer in found)
    taken = max(sent for sent, _ in found)
    tally.fact(f"{name}: {told} of {TIMES} saw the 413; the kernel took {taken // 1024} KiB at most of 100 MB")


def push(port: int, head: str, chunk: bytes) -> tuple[int, str]:
    """Sends until it is refused: how much was taken off our hands, and what was answered."""
    sent = 0
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
        connection.sendall(head.encode())
        try:
            connection.settimeout(2)
            while sent < SIZE:
                sent += connection.send(chunk[sent % len(chunk) :])
        except OSError:
            pass
        try:
            answer = connection.recv(4096).decode("latin-1")
        except OSError:
            answer = ""
    return sent, answer.split("\r\n", 1)[0]


async def first_line(server: Server, head: str) -> str:
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(head.encode())
    line = (await asyncio.wait_for(reader.readline(), 10)).decode()
    writer.close()
    return line


def memory(server: Server) -> int:
    assert server.process
    status = Path(f"/proc/{server.process.pid}/status").read_text()
    [line] = [line for line in status.splitlines() if line.startswith("VmRSS")]
    return int(line.split()[1]) * 1024


asyncio.run(main())
