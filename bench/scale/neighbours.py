"""What stands between people, instances and tables: HAProxy, PgBouncer, a standby."""

import asyncio
import os
import shutil
import subprocess
from pathlib import Path

from api import get
from house import Cluster, Server, free_port

HAPROXY = """\
defaults
  mode http
  timeout connect 1s
  timeout client 60s
  timeout server 60s
  # To another instance, and only what none has seen: a mutation is not sent twice.
  retries 2
  retry-on conn-failure
  option redispatch 1
  option forwardfor
frontend people
  bind 127.0.0.1:{port}
  default_backend instances
backend instances
  balance leastconn
  option httpchk GET /readyz
  # Patient with an instance that is busy; one that is gone refuses, and is known to be at once.
  timeout check 5s
  default-server check inter 1s fall 2 rise 1 on-marked-down shutdown-sessions
{servers}
"""

PGBOUNCER = """\
[databases]
countersign = host=127.0.0.1 port={database} dbname=countersign user=postgres
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = {connections}
max_client_conn = 1000
{settings}
"""


class Running:
    """A program that listens on a port of its own, and is gone with the house."""

    def __init__(self, home: Path, command: list[str], port: int) -> None:
        self.port = port
        with (home / f"{Path(command[0]).name}.log").open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log)

    async def start(self) -> None:
        while True:
            if self.process.poll() is not None:
                raise SystemExit(f"{self.process.args} does not start")
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", self.port)
            except OSError:
                await asyncio.sleep(0.05)
            else:
                writer.close()
                return

    def stop(self) -> None:
        # Told to end, PgBouncer waits for who is connected to leave.
        self.process.kill()
        self.process.wait(10)


class Proxy(Running):
    """HAProxy in front of instances, of which it asks /readyz."""

    def __init__(self, home: Path, servers: list[Server]) -> None:
        port, config = free_port(), home / "haproxy.cfg"
        lines = (f"  server i{at} 127.0.0.1:{server.port}" for at, server in enumerate(servers))
        config.write_text(HAPROXY.format(port=port, servers="\n".join(lines)))
        program = shutil.which("haproxy") or "/usr/sbin/haproxy"
        super().__init__(home, [program, "-f", str(config)], port)

    async def start(self) -> None:
        await super().start()
        while await get(self.port, "/readyz") != 200:
            await asyncio.sleep(0.05)


class Pooler(Running):
    """PgBouncer in transaction mode, with so many connections to the database."""

    PROGRAM = os.environ.get("PGBOUNCER") or shutil.which("pgbouncer") or "/usr/sbin/pgbouncer"

    def __init__(self, home: Path, cluster: Cluster, connections: int, *settings: str) -> None:
        port, config = free_port(), home / "pgbouncer.ini"
        config.write_text(
            PGBOUNCER.format(
                port=port, database=cluster.port, connections=connections, settings="\n".join(settings)
            )
        )
        config.chmod(0o644)
        # It refuses to be root.
        user = ["-u", "postgres"] if os.geteuid() == 0 else []
        super().__init__(home, [self.PROGRAM, *user, str(config)], port)

    @property
    def url(self) -> str:
        return f"postgres://postgres@127.0.0.1:{self.port}/countersign"

    @classmethod
    def version(cls) -> tuple[int, ...]:
        said = subprocess.run([cls.PROGRAM, "--version"], capture_output=True, text=True, check=True)
        return tuple(int(part) for part in said.stdout.split()[1].split("."))


class Standby(Cluster):
    """A streaming replica of another cluster."""

    def __init__(self, home: Path, primary: Cluster) -> None:
        self.settings = primary.settings
        self.programs = primary.programs
        self.data = home / "standby"
        self.port = free_port()
        self.data.mkdir(mode=0o700)
        shutil.chown(self.data, "postgres")
        source = f"host=127.0.0.1 port={primary.port} user=postgres"
        self._run("pg_basebackup", "--no-sync", "-c", "fast", "-R", "-D", str(self.data), "-d", source)
        self.start()

    def lag(self, primary: Cluster) -> int:
        """Bytes of the log that it has not played yet."""
        place = primary.sql("SELECT pg_current_wal_lsn()")
        return int(self.sql(f"SELECT pg_wal_lsn_diff('{place}', pg_last_wal_replay_lsn())::bigint"))
