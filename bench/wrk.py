"""Runs wrk with load.lua against a URL, and reads what it says."""

import asyncio
import itertools
import json
import os
from dataclasses import dataclass, field
from pathlib import Path

import people

HERE = Path(__file__).parent
# What is asked for, and of a hundred requests how many.
WORKLOADS = {
    "me": "me=1",
    "refresh": "refresh=1",
    "login": "login=1",
    "return": "return=1",
    "forged": "forged=1",
    "altered": "forged=1",
    "mix": "me=90 refresh=8 login=2",
}
runs = itertools.count(1)


@dataclass
class Load:
    """How it went, as the clients saw it."""

    requests: int
    seconds: float
    p50: int  # microseconds
    p99: int
    failures: int
    answers: dict[str, int] = field(default_factory=dict)  # right ones, by their field
    first_failure: str = ""
    answer: str = ""  # the first right one

    @property
    def rate(self) -> float:
        return self.requests / self.seconds


def threads(workload: str, connections: int) -> int:
    """One where mail is read, so that each mail has one reader; else as many as there is work for."""
    alone = "login" in WORKLOADS[workload] or "return" in WORKLOADS[workload]
    return 1 if alone or connections == 1 else 2


async def run(
    workload: str,
    url: str,
    connections: int,
    seconds: float,
    tokens: Path,
    mail: Path,
    first: int = 0,
) -> Load:
    """`tokens` as `people.write_tokens` makes it; `mail` and `first`, the number of the first
    person with an account, matter to logins only."""
    count = threads(workload, connections)
    environment = {
        **os.environ,
        "KIT": str(HERE),
        "WORKLOAD": WORKLOADS[workload],
        "TOKENS": str(tokens),
        "MAIL": str(mail),
        "DEVICE": people.DEVICE,
        "AGENT": people.AGENT,
        "FIRST": str(first),
        "RUN": f"{os.getpid()}-{next(runs)}",
        "THREADS": str(count),
        "CONNECTIONS": str(connections),
    }
    command = ["wrk", f"-t{count}", f"-c{connections}", f"-d{max(1, round(seconds))}s", "--timeout", "10s"]
    process = await asyncio.create_subprocess_exec(
        *command,
        "-s",
        str(HERE / "load.lua"),
        url,
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = (part.decode(errors="replace") for part in await process.communicate())
    said = dict(line.split(" ", 1) for line in out.splitlines() if line.startswith(("RESULT ", "FAILURE ", "ANSWER ")))
    # A script that fails says so, and wrk goes on without it.
    if process.returncode or err.strip() or "RESULT" not in said:
        raise SystemExit(f"wrk, {workload}: {out}{err}")
    return Load(**json.loads(said["RESULT"]), first_failure=said.get("FAILURE", ""), answer=said["ANSWER"])
