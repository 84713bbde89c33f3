"""What this process may compute with: cores, and the instructions that decide between the ways of computing."""

from __future__ import annotations

import math
import os
from pathlib import Path

_QUOTA = Path("/sys/fs/cgroup/cpu.max")  # "max 100000", or microseconds of a core allowed in a period and the period
_BF16_FLAGS = {"avx512_bf16", "amx_bf16"}  # without them bfloat16 is emulated, slower than float32


def usable_cpus(quota: Path = _QUOTA) -> int:
    """Cores this process may keep busy, at least 1: containers are often given fewer than the machine has.

    More threads than that wait for each other; where they spin meanwhile (torch's do), two processes on two cores
    were seen at a fifth of the speed.
    """
    bound = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    try:
        allowed, period = quota.read_text(encoding="ascii").split()
        return max(1, min(bound, math.ceil(int(allowed) / int(period))))
    except (OSError, ValueError):  # no such limit: another system, or "max"
        return bound


def has_bfloat16() -> bool:
    """Whether the CPU computes in bfloat16 itself."""
    found = Path("/proc/cpuinfo")
    return found.exists() and bool(set(found.read_text(encoding="utf-8").split()) & _BF16_FLAGS)


def has_gpu() -> bool:
    """Whether torch sees a CUDA device; torch is imported only where a driver shows one (NVIDIA's, or WSL's)."""
    if not any(Path(device).exists() for device in ("/dev/nvidiactl", "/dev/dxg")):
        return False
    import torch

    return torch.cuda.is_available()
