"""What the programs of our processes do first: keep stdout for answers, and set their own limits."""

from __future__ import annotations

import os
import sys
from typing import BinaryIO

_STDERR_BYTES = 1 << 20


def private_stdout() -> BinaryIO:
    """Stdout for frames alone: whatever else prints goes to stderr."""
    private = os.dup(1)
    os.dup2(2, 1)
    return os.fdopen(private, "wb")


def limit_memory(memory_mb: int) -> None:
    """Bounds address space, written files and core dumps; where the system has no such limits, time is the only one."""
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (_STDERR_BYTES, _STDERR_BYTES))
    resource.setrlimit(resource.RLIMIT_AS, (memory_mb << 20, memory_mb << 20))
