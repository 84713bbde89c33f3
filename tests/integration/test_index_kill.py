"""A build killed with -9 at any moment: the live index answers all along, and the next build succeeds."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from index import SearchService, live_generation
from tests.fakes.library import Library, passage

# Rebuilds for ever, one line for each generation that went live.
_BUILDER = """
import sys
from pathlib import Path
from tests.fakes.library import Library, passage

library = Library.empty(Path(sys.argv[1]))
library.add(*(passage(number, f"2611.{number:05d}", f"graph number {number}") for number in range(1, 400)))
while True:
    print(library.build(), flush=True)
"""
_SEED = 20261122


@pytest.fixture
def library(tmp_path: Path) -> Library:
    library = Library.empty(tmp_path)
    library.add(*(passage(number, f"2611.{number:05d}", f"graph number {number}") for number in range(1, 400)))
    library.build()
    return library


def build_and_kill(library: Library, seconds: float, search: SearchService) -> int:
    """Starts building for ever, kills it some time after its first generation, returns the last one it reported."""
    with subprocess.Popen([sys.executable, "-c", _BUILDER, str(library.home)], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        first = int(process.stdout.readline())
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            assert search.search("graph number 7").total_considered == 399
        process.send_signal(signal.SIGKILL)
        return max([first, *(int(line) for line in process.stdout.read().split())])


@pytest.mark.slow
def test_a_build_killed_at_any_moment_costs_nothing(library: Library) -> None:
    moments = random.Random(_SEED)  # noqa: S311  (when to kill is no secret)
    search = library.search()
    for _ in range(8):
        acknowledged = build_and_kill(library, moments.uniform(0.0, 0.25), search)

        live = live_generation(library.index)

        assert live is not None
        assert live >= acknowledged
        assert library.search().search("graph number 7").total_considered == 399
    assert library.build() > acknowledged
    assert sorted(path.name for path in library.index.glob(".building-*")) == []
