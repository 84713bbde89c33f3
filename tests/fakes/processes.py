"""Processes as the system tells of them (Linux), for tests of what happens to ours."""

from __future__ import annotations

import os
import time
from pathlib import Path

_TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")
_USER, _SYSTEM = 11, 12  # fields of /proc/PID/stat behind the name: man 5 proc


def children() -> set[int]:
    """Those of this process, whichever of its threads started them."""
    return {int(pid) for task in Path("/proc/self/task").iterdir() for pid in (task / "children").read_text().split()}


def is_running(pid: int) -> bool:
    """Whether it is there, and more than a name in the table."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return False


def cpu_seconds(pid: int) -> float:
    """What it has taken of the processor so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[_USER]) + int(fields[_SYSTEM])) / _TICKS_A_SECOND


def await_work(pid: int, seconds: float) -> None:
    """Returns when it has taken so many seconds more of the processor, however loaded the machine is."""
    until = cpu_seconds(pid) + seconds
    while cpu_seconds(pid) < until:
        time.sleep(0.01)
