"""Kills a growing index with SIGKILL at random moments: `python -m tests.bench.index_kills [--rounds 50]`.

After each kill the index must open and be whole, hold everything that was acknowledged, and have answered every query
meanwhile. One JSON line on stdout.
"""

from __future__ import annotations

import argparse
import json
import random
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from index import SearchService, live_generation, open_search, verify_index
from pipeline.errors import AutoreaderError
from tests.fakes.encoder import HashedEncoder
from tests.fakes.growing_index import paper_id
from tests.fakes.parts import make_settings, open_test_parts

_SEED = 20261123
_ROOT = Path(__file__).parents[2]


@dataclass
class Tally:
    """What happened in all rounds together; everything from `broken` on must stay 0."""

    kills: int = 0
    generations: int = 0
    papers: int = 0
    queries: int = 0
    broken: int = 0
    lost: int = 0
    failed_queries: int = 0


def measure(home: Path, rounds: int, seed: int = _SEED) -> Tally:
    """Starts, kills and inspects so many times over one home folder."""
    rng = random.Random(seed)  # noqa: S311  (when to kill is no secret)
    tally = Tally()
    search = open_search(home / "index", HashedEncoder())
    for number in range(rounds):
        acknowledged = _grow_and_kill(home, seed + number, rng.uniform(0.0, 1.2), search, tally)
        tally.kills += 1
        _inspect(home, acknowledged, tally)
    tally.generations = live_generation(home / "index") or 0
    return tally


def _grow_and_kill(home: Path, seed: int, seconds: float, search: SearchService, tally: Tally) -> int:
    """Returns how many papers were acknowledged; the moment counts from the first acknowledgement on."""
    command = [sys.executable, "-m", "tests.fakes.growing_index", str(home), str(seed)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=_ROOT) as process:
        assert process.stdout is not None
        first = int(process.stdout.readline())
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            tally.queries += 1
            try:
                tally.failed_queries += not search.search("word1").hits
            except AutoreaderError:
                tally.failed_queries += 1
        process.send_signal(signal.SIGKILL)
        return max([first, *(int(line) for line in process.stdout.read().split())])


def _inspect(home: Path, acknowledged: int, tally: Tally) -> None:
    with open_test_parts(make_settings(home, "http://127.0.0.1:9")) as parts:
        with parts.store.read() as work:
            shards, census = work.vectors.all_shards(), work.reading.census()
        tally.broken += bool(verify_index(parts.home.index, parts.home.vectors, shards, census).problems)
        search = open_search(parts.home.index, parts.encoder)
        wanted = range(1, acknowledged + 1)
        tally.lost += sum(search.search(f"id:{paper_id(number)}").total_considered != 1 for number in wanted)
        tally.papers = acknowledged


def main() -> None:
    """Prints the tally."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=50)
    with tempfile.TemporaryDirectory() as home:
        tally = measure(Path(home), parser.parse_args().rounds)
    sys.stdout.write(json.dumps(asdict(tally)) + "\n")


if __name__ == "__main__":
    main()
