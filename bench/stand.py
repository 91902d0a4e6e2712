"""Where the load is put on: a server, its database and its people; and one measurement of it."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import people
import usage
import wrk
from api import ME, Api
from house import Cluster, Server
from people import Person

ACCESS_TOKENS = 2000
# So many people may come back for each second of load; nobody's machine signs in more.
RETURNS = 2000
# Workloads whose tokens are no good, by how they are made of good ones.
REFUSED = {"forged": people.forged, "altered": people.altered}
# Access tokens of the kit's have to last until its end. Nothing else depends on it.
LASTING = {"tokens.access_lifetime": "1h"}
# fsync and synchronous_commit stay as they are, on.
POSTGRESQL = {
    "shared_buffers": "512MB",
    "shared_preload_libraries": "pg_stat_statements",
    "max_connections": "300",  # for pgbench's 256; the server has its ten
}


@dataclass
class Measured:
    """What one load has cost."""

    load: wrk.Load
    server_us: float  # of processor time, for each request
    database_us: float
    peak_mb: float


@dataclass
class Stand:
    """`server` need not be at `url`: there may be something between them."""

    url: str
    server: int  # process
    mail: Path
    home: Path
    database: str
    postmaster: int | None = None
    access: list[str] = field(default_factory=list)
    next: int = 0  # the number of the first person who was not yet used

    def take(self, count: int) -> range:
        """People whom nobody has used."""
        taken = range(self.next, self.next + count)
        people.seed(self.database, taken)
        self.next = taken.stop
        return taken

    async def prepare(self, port: int) -> None:
        by_number = await people.access_tokens(port, self.take(ACCESS_TOKENS))
        self.access = [by_number[number] for number in sorted(by_number)]

    def inputs(self, workload: str, connections: int, seconds: float) -> tuple[Path, int]:
        """Tokens, and the number of the first of those who return."""
        access, refresh, first = self.access, [], 0
        if workload in REFUSED:
            by = Random(0)
            access = [REFUSED[workload](token, by) for token in access]
        if "refresh" in wrk.WORKLOADS[workload]:
            # More than are under way at once, for the oldest answer to be back when its turn comes.
            refresh = [Person(number).refresh_token() for number in self.take(max(500, 4 * connections))]
        if workload == "return":
            first = self.take(int(RETURNS * seconds)).start
        return people.write_tokens(self.home / "tokens", access, refresh), first

    async def load(self, workload: str, connections: int, seconds: float) -> wrk.Load:
        tokens, first = self.inputs(workload, connections, seconds)
        return await wrk.run(workload, self.url, connections, seconds, tokens, self.mail, first)

    async def measure(self, workload: str, connections: int, seconds: float) -> Measured:
        tokens, first = self.inputs(workload, connections, seconds)
        usage.forget_peak(self.server)
        before = self.cpu()
        load = await wrk.run(workload, self.url, connections, seconds, tokens, self.mail, first)
        # What requests leave to be done, such as their mail, is of their costs.
        await self.settle()
        after = self.cpu()
        server, database = ((now - was) / max(1, load.requests) for now, was in zip(after, before, strict=True))
        return Measured(load, server, database, usage.memory(self.server, "VmHWM"))

    async def settle(self) -> None:
        """Until the server owes nobody a message and has nothing to do, or for a minute."""
        for _ in range(120):
            before = usage.cpu(self.server)
            await asyncio.sleep(0.5)
            if usage.cpu(self.server) - before < 20_000 and not people.owed(self.database):
                break
        for mail in (self.mail / "new").glob("*"):
            mail.unlink()

    def cpu(self) -> tuple[float, float]:
        return usage.cpu(self.server), usage.family_cpu(self.postmaster) if self.postmaster else 0.0


@contextmanager
def databases(kind: str, home: Path) -> Iterator[tuple[str, Cluster | None]]:
    """The URL of a new database; for `postgres` of a cluster of its own."""
    if kind == "sqlite":
        yield f"sqlite://{home}/countersign.db?mode=rwc", None
        return
    cluster = Cluster(home, **POSTGRESQL)
    try:
        cluster.sql("CREATE EXTENSION pg_stat_statements")
        yield cluster.url, cluster
    finally:
        cluster.stop("fast")


async def first_answer(server: Server) -> float:
    """Seconds from the start of the process to its first answer to a GraphQL request."""
    begun = time.monotonic()
    process = server.spawn()
    while True:
        api = Api(server.port)
        reply = await api.call(ME)
        api.close()
        if reply.kind == "ok":
            return time.monotonic() - begun
        if process.poll() is not None:
            raise SystemExit(f"the server does not start:\n{server.log()}")
        await asyncio.sleep(0.002)
