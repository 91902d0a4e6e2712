"""What cannot be passed: HTTP with nothing behind it, and the database with nothing in front of it."""

import asyncio
import os
import re
import statistics
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import usage
from api import get
from house import Cluster, free_port
from people import DAY

HERE = Path(__file__).parent
WARM_UP = 3
BARE = os.environ.get("BARE_BIN", str(HERE.parent / "target/bare/release/bare"))


def sessions(connections: int) -> int:
    """Of each of pgbench's clients. No two clients have one in common, as no two people have."""
    return max(2, 64 // connections)


@asynccontextmanager
async def bare(answer: str, home: Path) -> AsyncIterator[tuple[str, int]]:
    """The URL, and the process, of what answers just that."""
    port = free_port()
    file = home / "answer.json"
    file.write_text(answer)
    process = await asyncio.create_subprocess_exec(BARE, str(port), str(file))
    try:
        while await get(port, "/") == 0:
            await asyncio.sleep(0.01)
        yield f"http://127.0.0.1:{port}/graphql", process.pid
    finally:
        process.terminate()
        await process.wait()


def statement(name: str) -> str:
    lines = (HERE / "limits" / f"{name}.sql").read_text().splitlines()
    return "\n".join(line for line in lines if not line.startswith("--"))


def is_sent(name: str, cluster: Cluster) -> bool:
    """Whether the server has sent that very statement, many times, or it for several at once."""
    sent = cluster.sql("SELECT replace(query, chr(10), ' ') FROM pg_stat_statements WHERE calls > 100")
    return plain(statement(name)) in map(plain, sent.splitlines())


def plain(text: str) -> str:
    """Without the names of its parameters, and how many it asks for."""
    marks = re.sub(r"\$\d+|:\w+", "?", " ".join(text.split()))
    one = re.sub(r"\(\?(, \?)+\)", "(?)", marks)
    return re.sub(r"\((\([^()]+\))( OR \1)+\)", r"\1", one)


def script(name: str, number: int, count: int, first: int) -> str:
    """Each client looks up the ids of its own sessions once, and then does nothing but the statement."""
    mine = re.sub(r":id\b", f":id{number}", statement(name))
    return f"""\\if :known{number} = 0
\\set at {first} + :client_id * {count} + {number}
SELECT sessions.id AS id{number} FROM sessions JOIN users ON users.id = user_id
    WHERE email_identity = 'p@k' || :at || '.bench.example' \\gset
\\set known{number} 1
\\endif
\\set now :now + 1
\\set later :now + {7 * DAY}
\\set midnight (:later / {DAY} + 1) * {DAY}
{mine};
"""


async def pgbench(
    name: str, cluster: Cluster, connections: int, seconds: float, home: Path, first: int
) -> tuple[float, float]:
    """How many of one statement in a second, prepared, on so many connections, and the microseconds
    of PostgreSQL for each. `first`: the number of the first person whose session is touched."""
    count, files = sessions(connections), []
    for number in range(count):
        file = home / f"{name}-{number}.sql"
        file.write_text(script(name, number, count, first))
        files += ["-f", str(file)]
    kid = cluster.sql("SELECT kid FROM signing_keys WHERE revoked_at IS NULL ORDER BY activates_at LIMIT 1")
    known = [f"-Dknown{number}=0" for number in range(count)]
    command = ["pgbench", "-n", "-M", "prepared", "-c", str(connections), "-j", str(min(connections, 2))]
    command += ["-P", "1", "-T", str(WARM_UP + max(5, round(seconds)))]
    command += [f"-Dnow={time.time_ns() // 1000}", f"-Dkid={kid}", "-Dgeneration=0", "-Done=1", "-Dnone=0", *known]
    before = usage.family_cpu(cluster.pid)
    process = await asyncio.create_subprocess_exec(
        *command,
        *files,
        cluster.url,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = (part.decode() for part in await process.communicate())
    # A line for each second, the first ones of which looked up ids.
    rates = [float(rate) for rate in re.findall(r"^progress: .* s, ([\d.]+) tps", err, re.MULTILINE)][WARM_UP:]
    ran = re.search(r"^number of transactions actually processed: (\d+)", out, re.MULTILINE)
    if (
        process.returncode
        or not rates
        or not ran
        or not re.search(r"^number of failed transactions: 0 ", out, re.MULTILINE)
    ):
        raise SystemExit(f"pgbench, {name}: {out}{err}")
    return statistics.mean(rates), (usage.family_cpu(cluster.pid) - before) / int(ran[1])
