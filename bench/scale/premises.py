"""The premises: a database, instances on it, and the mail that they send."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import people
from house import SETTINGS, Cluster, Mailbox, Server, folder

PEOPLE = range(2_000)
# What makes of several instances one: the name that is in their tokens, and in front of them a proxy.
ONE = {"public_url": "http://127.0.0.1:8000", "http.trusted_proxies": "127.0.0.1/32"}


@dataclass
class Site:
    home: Path
    cluster: Cluster
    servers: list[Server]

    @property
    def mail(self) -> Path:
        return self.home / "mail"

    @property
    def mailbox(self) -> Mailbox:
        return Mailbox(self.mail)

    @property
    def ports(self) -> list[int]:
        return [server.port for server in self.servers]

    async def add(self, count: int, database: str = "", **settings: str) -> list[Server]:
        """More instances; `settings` with `__` for a dot, and in front of these `database`, if not the cluster."""
        keys = {key.replace("__", "."): value for key, value in settings.items()}
        merged = {**SETTINGS, **ONE, **keys}
        added = []
        for _ in range(count):
            home = self.home / f"instance{len(self.servers) + 1}"
            server = Server(home, database or self.cluster.url, self.mail, merged)
            # Before it has started: one that never does has to be stopped, too.
            self.servers.append(server)
            added.append(await server.start())
        return added

    async def clear(self) -> None:
        for server in self.servers:
            await server.stop()
        self.servers.clear()

    async def tokens(self, port: int, numbers: range = PEOPLE) -> Path:
        """A file of tokens of people who have not refreshed yet, or are as if they had not."""
        self.cluster.sql("UPDATE sessions SET generation = 0 WHERE generation > 0")
        access = await people.access_tokens(port, numbers)
        refresh = [people.Person(number).refresh_token(1) for number in numbers]
        return people.write_tokens(self.home / "tokens", list(access.values()), refresh)


@asynccontextmanager
async def site(count: int = 0, seeded: bool = False, **settings: str) -> AsyncIterator[Site]:
    with folder() as home:
        cluster = Cluster(home, shared_buffers="512MB")
        here = Site(home, cluster, [])
        try:
            Server(home / "migration", cluster.url, here.mail).migrate()
            if seeded:
                people.seed(cluster.url, PEOPLE)
            await here.add(count, **settings)
            yield here
        finally:
            await here.clear()
            cluster.stop("immediate")
