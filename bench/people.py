"""People with an account and a session, put into the tables, and the tokens that they hold.

Rows are written as the server writes them: signing in a hundred thousand people by their mail
would take longer than all that is measured.
"""

import asyncio
import hmac
import json
import random
import sqlite3
import subprocess
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from api import REFRESH, Api
from house import SETTINGS

USERS = "id, email, email_identity, created_at"
SESSIONS = "id, user_id, generation, rotated_at, device_name, created_at, last_seen_at, expires_at, ends_at, sweep_at"
# What all of them say that they sign in from. Browsers say much: it is most of some rows.
DEVICE = "Bench"
AGENT = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36"
DAY = 24 * 60 * 60 * 1_000_000


@dataclass(frozen=True)
class Person:
    """The number tells all of it, so that nobody has to keep a list of a million people."""

    number: int

    @property
    def email(self) -> str:
        # `OtpChallenge.maskedRecipient` shows the domain: by that an answer of the server's is known
        # to be about this person, as wrk does not say to which request an answer belongs.
        return f"p@k{self.number}.bench.example"

    @property
    def id(self) -> UUID:
        return self._uuid(0)

    @property
    def session(self) -> UUID:
        return self._uuid(1)

    def refresh_token(self, generation: int = 0) -> str:
        handle = self.session.bytes + generation.to_bytes(4, "big")
        mac = hmac.digest(REFRESH_KEY, handle, sha256)[:16]
        return "csr_" + base64url(handle + mac)

    def _uuid(self, kind: int) -> UUID:
        """UUIDv7, of which one is made each millisecond since a day in 2026."""
        return UUID(int=(1_760_000_000_000 + self.number) << 80 | 7 << 76 | 2 << 62 | self.number << 1 | kind)


def hkdf(secret: str, purpose: str) -> bytes:
    """RFC 5869, as in src/domain/secret.rs: one block is all of the key."""
    root = hmac.digest(b"countersign", bytes.fromhex(secret), sha256)
    return hmac.digest(root, purpose.encode() + b"\x01", sha256)


REFRESH_KEY = hkdf(SETTINGS["secret"], "refresh token")


def rows(numbers: range) -> tuple[Iterator[tuple[object, ...]], Iterator[tuple[object, ...]]]:
    now = time.time_ns() // 1000
    people = [Person(number) for number in numbers]
    users = ((p.id, p.email, p.email, now) for p in people)
    ends = now + 7 * DAY, now + 90 * DAY, (now // DAY + 8) * DAY
    sessions = ((p.session, p.id, 0, now, DEVICE, now, now, *ends) for p in people)
    return users, sessions


def seed(database: str, numbers: range) -> None:
    """Opens an account and a session for each of `numbers`. The tables are there: `Server.migrate`."""
    users, sessions = rows(numbers)
    if database.startswith("sqlite:"):
        with sqlite3.connect(sqlite_file(database)) as connection:
            for table, columns, values in (("users", USERS, users), ("sessions", SESSIONS, sessions)):
                marks = ", ".join("?" for _ in columns.split(","))
                blobs = ([v.bytes if isinstance(v, UUID) else v for v in row] for row in values)
                connection.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", blobs)
        connection.execute("PRAGMA wal_checkpoint")
        connection.close()
        return
    for table, columns, values in (("users", USERS, users), ("sessions", SESSIONS, sessions)):
        lines = "".join("\t".join(map(str, row)) + "\n" for row in values)
        copy = f"COPY {table} ({columns}) FROM STDIN"
        subprocess.run(["psql", "-q", database, "-c", copy], input=lines, text=True, check=True)
    # What is left of the writing is not to be paid for by whoever comes next.
    subprocess.run(["psql", "-q", database, "-c", "VACUUM ANALYZE", "-c", "CHECKPOINT"], check=True)


def sqlite_file(database: str) -> str:
    return database.removeprefix("sqlite://").partition("?")[0]


def owed(database: str) -> int:
    """How many messages the server has yet to send."""
    count = "SELECT count(*) FROM deliveries WHERE settled_at IS NULL"
    if database.startswith("sqlite:"):
        with closing(sqlite3.connect(sqlite_file(database))) as connection:
            return int(connection.execute(count).fetchone()[0])
    done = subprocess.run(["psql", "-qtA", database, "-c", count], capture_output=True, text=True, check=True)
    return int(done.stdout)


async def access_tokens(port: int, numbers: range) -> dict[int, str]:
    """An access token for each, by refreshing: their refresh token is of generation 1 now."""
    waiting, tokens = iter(numbers), {}

    async def refresh() -> None:
        api = Api(port)
        for number in waiting:
            reply = await api.call(REFRESH, {"t": Person(number).refresh_token()})
            if reply.kind != "ok":
                raise SystemExit(f"a person's refresh token is refused: {reply.kind} {reply.code}{reply.text}")
            tokens[number] = reply.payload["tokens"]["accessToken"]
        api.close()

    await asyncio.gather(*(refresh() for _ in range(16)))
    return tokens


def altered(token: str, by: random.Random) -> str:
    """The same token under a signature that is well formed, and made by nobody."""
    signed, _, signature = token.rpartition(".")
    return f"{signed}.{base64url(by.randbytes(len(unbase64url(signature))))}"


def forged(token: str, by: random.Random) -> str:
    """What somebody makes up who knows all of the token that can be known without having it."""
    header, claims, signature = token.split(".")
    made_up = json.loads(unbase64url(claims)) | {"jti": str(UUID(bytes=by.randbytes(16), version=4))}
    claims = base64url(json.dumps(made_up, separators=(",", ":")).encode())
    return altered(f"{header}.{claims}.{signature}", by)


def base64url(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")


def unbase64url(text: str) -> bytes:
    return urlsafe_b64decode(text + "==")


def write_tokens(path: Path, access: list[str], refresh: list[str]) -> Path:
    """The file that load.lua reads: a kind and a token in each line."""
    lines = [f"access {token}\n" for token in access] + [f"refresh {token}\n" for token in refresh]
    path.write_text("".join(lines))
    return path
