"""What processes used, as the kernel counts it in /proc."""

import os
from pathlib import Path

TICK = 1e6 / os.sysconf("SC_CLK_TCK")  # microseconds
UTIME, STIME, CUTIME, CSTIME = 11, 12, 13, 14  # after the name, which may have spaces
PARENT = 1


def stat(pid: int) -> list[str]:
    """Nothing for one that has ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []


def cpu(pid: int) -> float:
    """Microseconds of one process."""
    fields = stat(pid)
    return TICK * sum(int(fields[at]) for at in (UTIME, STIME)) if fields else 0.0


def family_cpu(pid: int) -> float:
    """Microseconds of a process and its children.

    Those that have ended are in it: their parent has their time from the moment it has seen to them.
    """
    while fields := stat(pid):
        others = (int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit())
        children = [other for other in others if (of := stat(other)) and int(of[PARENT]) == pid]
        living = cpu(pid) + sum(cpu(child) for child in children)
        # If one has ended since, it may be in neither sum.
        if stat(pid)[CUTIME : CSTIME + 1] == fields[CUTIME : CSTIME + 1]:
            return living + TICK * sum(int(fields[at]) for at in (CUTIME, CSTIME))
    return 0.0


def memory(pid: int, what: str) -> float:
    """Megabytes: `VmRSS` is what is resident, `VmHWM` the most that was since `forget_peak`."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(f"{what}:"):
            return int(line.split()[1]) / 1024
    raise SystemExit(f"/proc/{pid}/status has no {what}")


def forget_peak(pid: int) -> None:
    Path(f"/proc/{pid}/clear_refs").write_text("5")
