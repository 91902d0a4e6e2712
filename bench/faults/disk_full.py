"""The disk under a SQLite database is full, and then it is not. Mounts a tmpfs: needs root."""

import asyncio
import json
import os
import sqlite3
import subprocess
import time
from contextlib import closing
from pathlib import Path

from api import ASK, ME, Api, Reply, get
from house import Mailbox, Server, folder
from load import Load
from tally import Tally

PEOPLE = 6
FULL_FOR = 6.0
SIZE = "12m"


async def main() -> None:
    tally = Tally("disk_full")
    if os.geteuid() != 0:
        raise SystemExit("disk_full: mounts a small tmpfs, and needs root for it")
    with folder() as home:
        disk = home / "disk"
        disk.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", disk], check=True)
        server = Server(home / "server", f"sqlite://{disk}/countersign.db?mode=rwc", home / "mail")
        try:
            await server.start()
            await full(tally, server, disk, Mailbox(home / "mail"))
            await server.stop()
            await starts(tally, home, disk)
        finally:
            await server.stop()
            subprocess.run(["umount", "--lazy", disk], check=True)
    tally.finish()


def fill(disk: Path) -> Path:
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        for size in (64 * 1024, 4096):
            try:
                while True:
                    file.write(b"x" * size)
            except OSError:
                pass
    return filler


async def full(tally: Tally, server: Server, disk: Path, mailbox: Mailbox) -> None:
    is_full = False
    replies = {"fault": 0, "ok": 0}

    def seen(reply: Reply) -> None:
        clean = reply.kind in ("ok", "refused") or (is_full and reply.kind == "fault")
        tally.count("answered cleanly", clean, f"{reply.kind} {reply.text}")
        if is_full and reply.kind in replies:
            replies[reply.kind] += 1

    load = Load(mailbox, seen)
    running = asyncio.create_task(load.run(PEOPLE, server.port))
    await asyncio.sleep(4)
    is_full = True
    filler = await asyncio.to_thread(fill, disk)
    end = time.monotonic() + FULL_FOR
    api = Api(server.port)
    while time.monotonic() < end:
        await asyncio.to_thread(fill_again, filler)
        reply = await api.call(ME, bearer=load.sessions[0].access)
        tally.count("me still answers", reply.kind == "ok", f"{reply.kind} {reply.text}")
        tally.count("/healthz still answers", await get(server.port, "/healthz") == 200)
        await asyncio.sleep(0.2)
    tally.count("writes were refused", replies["fault"] > 0, "the disk was never full")
    filler.unlink()
    begun = time.monotonic()
    while (await api.call(ASK, {"e": f"after{time.monotonic()}@example.com"})).kind != "ok":
        await asyncio.sleep(0.05)
    recovery = time.monotonic() - begun
    tally.count("written again within 5 s", recovery <= 5, f"{recovery:.1f} s")
    await asyncio.sleep(1)
    is_full = False
    await asyncio.sleep(3)
    load.stop.set()
    await running
    tally.counts("code that was promised came", len(load.asked), load.unsent_codes)
    tally.counts("session kept", len(load.sessions), await load.lost_sessions(server.port))
    report(tally, server, disk)
    tally.fact(f"while full {replies['fault']} requests failed cleanly, {replies['ok']} went well")
    tally.fact(f"first write {recovery:.2f} s after there was room, without a restart")


def fill_again(filler: Path) -> None:
    """What a checkpoint or a deleted row has freed."""
    try:
        with filler.open("ab", buffering=0) as file:
            while True:
                file.write(b"x" * 4096)
    except OSError:
        pass


def report(tally: Tally, server: Server, disk: Path) -> None:
    with closing(sqlite3.connect(disk / "countersign.db")) as database:
        [(word,)] = database.execute("PRAGMA integrity_check").fetchall()
    tally.count("database is whole", word == "ok", str(word))
    lines = server.log().splitlines()
    unreadable = [line for line in lines if not is_json(line)]
    tally.counts("line of the log is JSON", len(lines), unreadable)
    tally.count("log says that the disk is full", "disk is full" in server.log())
    tally.count("no panic", "panicked" not in server.log(), "the log has one")


def is_json(line: str) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except ValueError:
        return False


async def starts(tally: Tally, home: Path, disk: Path) -> None:
    """With its database there, and with none."""
    fill(disk)
    for name in ("countersign.db", "other.db"):
        server = Server(home / name, f"sqlite://{disk}/{name}?mode=rwc", home / "mail")
        process = server.spawn()
        end = time.monotonic() + 15
        while process.poll() is None and await get(server.port, "/readyz") != 200 and time.monotonic() < end:
            await asyncio.sleep(0.1)
        said = server.log().strip()
        if process.poll() is None:
            tally.count("start on a full disk serves, or says why not", await get(server.port, "/readyz") == 200, said)
            tally.fact(f"start with {name} on a full disk: serves what needs no writing")
        else:
            tally.count("start on a full disk serves, or says why not", "has room" in said, said)
            tally.fact(f"start with {name} on a full disk: exits with {process.returncode}: {said[-200:]}")
        await server.stop()


asyncio.run(main())
