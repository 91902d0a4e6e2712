"""Several instances on one database, and people to load them with."""

import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import people
from house import SETTINGS, Server

# Roomier than the default, so that no token expires while it is shown.
# One address for all, too: it is in the tokens, and a development server's has its port in it.
STEADY = {
    **SETTINGS,
    "public_url": "http://localhost:8000",
    "tokens.access_lifetime": "1h",
    "http.trusted_proxies": "127.0.0.1",
}
LOOKING, REFRESHING = 1_000, 2_000


@asynccontextmanager
async def fleet(
    home: Path, url: str, count: int, settings: dict[str, str] = STEADY
) -> AsyncIterator[list[Server]]:
    """Instances with one configuration and one mailbox."""
    servers = [Server(home / f"i{at}", url, home / "mail", settings) for at in range(count)]
    try:
        servers[0].migrate()
        for server in servers:
            await server.start()
        yield servers
    finally:
        for server in servers:
            await server.stop()


class Crowd:
    """Signed-in people. wrk forgets which refresh tokens it has shown, so each run gets others."""

    def __init__(self, home: Path, access: list[str]) -> None:
        self.path = home / "tokens"
        self.access = access
        self.firsts = itertools.count(LOOKING, REFRESHING)

    @classmethod
    async def gathered(cls, home: Path, url: str, runs: int) -> "Crowd":
        """By an instance of their own, so that no other need work yet."""
        async with fleet(home, url, 1) as [server]:
            people.seed(url, range(LOOKING + runs * REFRESHING))
            access = await people.access_tokens(server.port, range(LOOKING))
        return cls(home, list(access.values()))

    def fresh(self) -> list[str]:
        """Refresh tokens that nobody has shown yet."""
        first = next(self.firsts)
        return [people.Person(number).refresh_token() for number in range(first, first + REFRESHING)]

    def tokens(self) -> Path:
        return people.write_tokens(self.path, self.access, self.fresh())
