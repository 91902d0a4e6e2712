"""People by the million, and what is asked of the instance that serves them."""

import json
import os
import random
import subprocess
import time
from dataclasses import dataclass
from math import gcd
from pathlib import Path

import people
import usage
import wrk
from house import SETTINGS, Cluster, Server

SEED = Path(__file__).parent / "seed.sql"
CONNECTIONS = 32
# Of all people, so many are drawn for each turn: as many of each size, so that each comes as often.
DRAWN = 5_000
# The few who are there at ten thousand come back within seconds.
PATIENT = {
    "otp.resend_interval": "10s",
    "limits.contact_codes_per_hour": "1000",
    "limits.contact_codes_per_day": "1000",
}


@dataclass
class Turn:
    load: wrk.Load
    database_us: float


def stride(size: int) -> int:
    """How far apart people are who come back one after the other. By steps of the golden section each
    lands as far as can be from all before, and everybody has their turn before anybody comes again."""
    step = round(size * 0.618)
    while gcd(step, size) > 1:
        step += 1
    return step


class Population:
    """So many people, in a database of their own, with the instance that serves them."""

    def __init__(self, cluster: Cluster, home: Path, size: int) -> None:
        name = f"people_{size}"
        cluster.sql(f"CREATE DATABASE {name}", "postgres")
        self.cluster, self.home, self.size = cluster, home / name, size
        self.url = cluster.url_of(name)
        self.sql("CREATE EXTENSION pg_stat_statements")
        self.mail, self.tokens = home / "mail" / name, self.home / "tokens"
        self.server = Server(self.home, self.url, self.mail, {**SETTINGS, **PATIENT})
        self.server.migrate()
        self.by, self.next = random.Random(size), 0
        self.drawn: list[int] = []
        self.stride = stride(size)

    def sql(self, query: str) -> str:
        return self.cluster.sql(query, self.home.name)

    def json(self, query: str) -> object:
        return json.loads(self.sql(query) or "null")

    def seed(self) -> float:
        begun = time.monotonic()
        names = ["-v", "ON_ERROR_STOP=1", "-v", f"last={self.size - 1}"]
        names += ["-v", f"device={people.DEVICE}", "-v", f"agent={people.AGENT}"]
        command = ["psql", "-q", *names, "-f", str(SEED), self.url]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        return time.monotonic() - begun

    async def measure(self, workload: str, seconds: float) -> Turn:
        os.environ |= {"PEOPLE": str(self.size), "STRIDE": str(self.stride)}
        if workload != "return":
            await self.draw(workload)
        # What the turn before did not wait for would be taken for a new code.
        for mail in (self.mail / "new").glob("*"):
            mail.unlink()
        used, url = usage.family_cpu(self.cluster.pid), f"http://127.0.0.1:{self.server.port}"
        load = await wrk.run(workload, url, CONNECTIONS, seconds, self.tokens, self.mail, self.next)
        # Who was asked for and not answered by the end has asked, too.
        asked = load.answers.get("requestOtp", 0) + CONNECTIONS
        self.next = (self.next + asked * self.stride) % self.size
        return Turn(load, usage.family_cpu(self.cluster.pid) - used)

    async def draw(self, workload: str) -> None:
        """The tokens of some people, whatever their sessions have been through. To sign an access
        token takes a refresh."""
        self.rewind()
        self.drawn = numbers = self.by.sample(range(self.size), min(DRAWN, self.size))
        access = await people.access_tokens(self.server.port, numbers) if workload == "me" else {}
        refresh = [people.Person(number).refresh_token() for number in numbers]
        people.write_tokens(self.tokens, list(access.values()), refresh)

    def rewind(self) -> None:
        """Those who were drawn hold their first token again. Only they are asked for: a look at all sessions
        would put them into memory in the place of what the load needs."""
        ids = ",".join(str(people.Person(number).session) for number in self.drawn)
        rewinding = f"UPDATE sessions SET generation = 0 WHERE id = ANY('{{{ids}}}')"
        subprocess.run(["psql", "-q", self.url], input=rewinding, text=True, check=True)

    def megabytes_per_million(self) -> dict[str, int]:
        tables = self.json("""SELECT json_object_agg(relname, pg_total_relation_size(oid)) FROM pg_class
            WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace""")
        assert isinstance(tables, dict)
        return {name: round(size / self.size) for name, size in tables.items() if size > 1_000_000}
