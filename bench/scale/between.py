"""What stands in front of several instances, and between them and their rows."""

import asyncio
import os
import shutil
import subprocess
from pathlib import Path
from string import Template

from api import get
from house import Cluster, Server, free_port

HERE = Path(__file__).parent


class Daemon:
    """A program of somebody else's, with a configuration of ours."""

    def __init__(self, home: Path, template: str, **values: object) -> None:
        self.port = free_port()
        self.home = home
        home.mkdir(parents=True, exist_ok=True)
        self.configuration = home / template
        text = Template((HERE / template).read_text())
        self.configuration.write_text(text.substitute(values, port=self.port, home=home))
        self.process: subprocess.Popen[bytes] | None = None

    def spawn(self, *command: str, user: str | None = None) -> None:
        with (self.home / "output").open("ab") as output:
            self.process = subprocess.Popen(command, stdout=output, stderr=output, user=user)

    def stop(self) -> None:
        if self.process:
            self.process.terminate()
            self.process.wait()


class HAProxy(Daemon):
    def __init__(self, home: Path, servers: list[Server]) -> None:
        lines = (f"    server {server.home.name} 127.0.0.1:{server.port}" for server in servers)
        super().__init__(home, "haproxy.cfg", servers="\n".join(lines))

    async def start(self) -> "HAProxy":
        self.spawn("haproxy", "-db", "-f", str(self.configuration))
        while await get(self.port, "/.well-known/jwks.json") != 200:
            assert self.process and self.process.poll() is None, (self.home / "output").read_text()
            await asyncio.sleep(0.05)
        return self

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


class PgBouncer(Daemon):
    """`$PGBOUNCER`, or Debian's. It does not run as root."""

    PROGRAM = os.environ.get("PGBOUNCER", "pgbouncer")

    def __init__(self, home: Path, cluster: Cluster, more: str = "") -> None:
        super().__init__(home, "pgbouncer.ini", database=cluster.port, more=more)
        (home / "users").write_text('"postgres" ""\n')
        shutil.chown(home, "postgres")

    @classmethod
    def version(cls) -> tuple[int, ...]:
        said = subprocess.run([cls.PROGRAM, "--version"], check=True, capture_output=True, text=True).stdout
        return tuple(int(part) for part in said.split()[1].split(".")[:2])

    async def start(self) -> "PgBouncer":
        # As nobody's else than PostgreSQL's user, when this is root's: it refuses to be root's itself.
        self.spawn(self.PROGRAM, str(self.configuration), user="postgres" if os.geteuid() == 0 else None)
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", self.port)
                writer.close()
                return self
            except OSError:
                assert self.process and self.process.poll() is None, (self.home / "output").read_text()
                await asyncio.sleep(0.05)

    @property
    def url(self) -> str:
        return f"postgres://postgres@127.0.0.1:{self.port}/countersign"


class Standby(Cluster):
    """A streaming replica."""

    def __init__(self, home: Path, primary: Cluster) -> None:
        self.settings = primary.settings
        self.data = home / "standby"
        self.port = free_port()
        self.programs = primary.programs
        self.data.mkdir(mode=0o700)
        shutil.chown(self.data, "postgres")
        source = primary.url_of("postgres")
        self._run("pg_basebackup", "-R", "-X", "stream", "-c", "fast", "-D", str(self.data), "-d", source)
        self.start()

    def processes(self) -> list[int]:
        found = subprocess.run(["pgrep", "-P", str(self.pid)], check=True, capture_output=True, text=True).stdout
        return [self.pid, *map(int, found.split())]
