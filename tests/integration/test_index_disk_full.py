"""A disk that takes no more: one clear error, and the live generation goes on serving."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from index import live_generation
from tests.fakes.library import Library, passage

# A limit on the length of files stands in for a full disk: every writer is refused in the same places.
_BUILD_UNDER_A_LIMIT = """
import resource, sys
from pathlib import Path
from pipeline.errors import StoreError
from tests.fakes.library import Library, passage

library = Library.empty(Path(sys.argv[1]))
library.add(*(passage(number, f"2611.{number:05d}", f"graph number {number}") for number in range(1, 400)))
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
try:
    library.build()
except StoreError as error:
    print(f"refused: {error}")
else:
    print("built")
"""


@pytest.mark.parametrize("limit_bytes", [300, 3_000, 30_000, 120_000])
def test_a_full_disk_is_reported_and_leaves_the_live_generation(tmp_path: Path, limit_bytes: int) -> None:
    library = Library.empty(tmp_path)
    library.add(passage(1, "2611.00001", "We sample vertices of large graphs."))
    library.build()

    done = subprocess.run(
        [sys.executable, "-c", _BUILD_UNDER_A_LIMIT, str(tmp_path), str(limit_bytes)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.stdout.startswith(f"refused: the index in {library.index} cannot be written"), done.stderr
    assert live_generation(library.index) == 1
    assert library.search().search("graphs").total_considered == 1
    assert list(library.index.glob(".building-*")) == []
