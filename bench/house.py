"""What is measured, or broken: a server, its database, the mail that it sends."""

import asyncio
import os
import resource
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from pathlib import Path
from re import search

from api import get

BINARY = os.environ.get("COUNTERSIGN_BIN", str(Path(__file__).parents[1] / "target/release/countersign"))
# As in production, but for what keeps one machine from loading it, and for where mail goes.
SETTINGS = {
    "secret": "5e" * 32,
    "http.flood_rate": "0",
    "limits.address_codes_per_hour": "0",
    "limits.address_codes_per_day": "0",
    "limits.address_guesses_per_hour": "0",
    "limits.address_accounts_per_day": "0",
    "graphql.introspection": "false",
    "graphql.playground": "false",
    "log.format": "json",
    "email.chain": "maildir",
    "notices.new_device": "false",
    "notices.token_reuse": "false",
}

PREFIX, MEMORY = "countersign-bench-", Path("/dev/shm")


@contextmanager
def folder() -> Iterator[Path]:
    """Its `mail` is in memory, if the machine has such a place: a file system that makes and removes
    thousands of files was a fifth of a login's processor time."""
    path = Path(tempfile.mkdtemp(prefix=PREFIX))
    path.chmod(0o755)  # PostgreSQL's user goes through it
    mail = Path(tempfile.mkdtemp(prefix=PREFIX, dir=MEMORY if MEMORY.is_dir() else path))
    (path / "mail").symlink_to(mail)
    try:
        yield path
    finally:
        for place in mail, path:
            shutil.rmtree(place, ignore_errors=True)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


class Server:
    """One instance, in a folder of its own, with no environment but its settings."""

    def __init__(
        self, home: Path, database: str, mail: Path, settings: dict[str, str] = SETTINGS, **environment: str
    ) -> None:
        self.home = home
        self.port = free_port()
        self.settings = {**settings, "database.url": database, "maildir.directory": str(mail)}
        self.environment = environment
        self.process: subprocess.Popen[bytes] | None = None
        home.mkdir(parents=True, exist_ok=True)

    def spawn(self, files: int | None = None) -> subprocess.Popen[bytes]:
        """`files`: how many the process may have open, unless it asks for more."""

        def limit() -> None:
            if files:
                _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
                resource.setrlimit(resource.RLIMIT_NOFILE, (files, hard))

        with (self.home / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [BINARY],
                cwd=self.home,
                env=self.variables(),
                stdout=subprocess.DEVNULL,
                stderr=log,
                preexec_fn=limit,
            )
        return self.process

    def variables(self) -> dict[str, str]:
        names = {f"COUNTERSIGN__{key.upper().replace('.', '__')}": value for key, value in self.settings.items()}
        return {**names, **self.environment, "PORT": str(self.port)}

    def migrate(self) -> None:
        """Makes the tables, for who fills them before the server starts."""
        done = subprocess.run([BINARY, "migrate"], cwd=self.home, env=self.variables(), capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(f"migrate: {done.stdout}{done.stderr}")

    async def start(self, files: int | None = None) -> "Server":
        process = self.spawn(files)
        while await get(self.port, "/readyz") != 200:
            if process.poll() is not None:
                raise SystemExit(f"the server does not start:\n{self.log()}")
            await asyncio.sleep(0.05)
        return self

    def signal(self, number: signal.Signals) -> None:
        assert self.process
        self.process.send_signal(number)

    async def ended(self, patience: float = 30) -> int:
        assert self.process
        return await asyncio.to_thread(self.process.wait, patience)

    async def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.terminate()
            await self.ended()

    def log(self) -> str:
        return (self.home / "log").read_text(errors="replace")


class Cluster:
    """A PostgreSQL of its own, to stop and start, with these settings and the defaults."""

    def __init__(self, home: Path, **settings: str) -> None:
        self.settings = settings
        self.data = home / "postgresql"
        self.port = free_port()
        self.data.mkdir()
        shutil.chown(self.data, "postgres")
        found = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
        self.programs = found[-1] if found else Path("/usr/bin")
        self._run("initdb", "--no-sync", "-A", "trust", "-E", "UTF8", "-D", str(self.data))
        self.start()
        self.sql("CREATE DATABASE countersign", "postgres")

    @property
    def url(self) -> str:
        return self.url_of("countersign")

    def url_of(self, database: str) -> str:
        return f"postgres://postgres@127.0.0.1:{self.port}/{database}"

    @property
    def pid(self) -> int:
        """Of the postmaster, whose children all others are."""
        return int((self.data / "postmaster.pid").read_text().split()[0])

    def start(self) -> None:
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self.data}"
        options += "".join(f" -c {name}={value}" for name, value in self.settings.items())
        self._run("pg_ctl", "-D", str(self.data), "-w", "-l", str(self.data / "log"), "-o", options, "start")

    def stop(self, how: str) -> None:
        """`fast` ends what runs; `immediate` is a crash, with recovery at the next start."""
        self._run("pg_ctl", "-D", str(self.data), "-w", "-m", how, "stop")

    def sql(self, query: str, database: str = "countersign") -> str:
        command = ["psql", "-qAt", self.url_of(database), "-c", query]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        return done.stdout.strip()

    def _run(self, program: str, *arguments: str) -> None:
        user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        command = [*user, str(self.programs / program), *arguments]
        done = subprocess.run(command, capture_output=True, text=True, cwd="/", stdin=subprocess.DEVNULL)
        if done.returncode:
            raise SystemExit(f"{program}: {done.stdout}{done.stderr}")


class Mailbox:
    """The maildir that all instances drop their messages into."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.codes: dict[str, str] = {}
        self.arrived: Counter[str] = Counter()

    def read(self) -> None:
        for path in (self.directory / "new").glob("*"):
            message = message_from_bytes(path.read_bytes(), policy=policy.default)
            path.unlink()
            address = str(message["to"])
            found = search(r"\d{6}", str(message["subject"]))
            self.arrived[address] += 1
            if found:
                self.codes[address] = found.group()

    async def code(self, address: str, patience: float) -> str | None:
        end = time.monotonic() + patience
        while address not in self.codes and time.monotonic() < end:
            self.read()
            await asyncio.sleep(0.02)
        return self.codes.get(address)
