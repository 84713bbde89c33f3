"""An index killed with -9 while it grows: whole afterwards, nothing acknowledged lost, no query failed meanwhile."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench.index_kills import measure


@pytest.mark.slow
def test_an_index_killed_at_any_moment_is_whole_and_holds_what_was_acknowledged(tmp_path: Path) -> None:
    tally = measure(tmp_path, rounds=3)

    assert tally.kills == 3
    assert tally.generations >= 3
    assert tally.queries > 0
    assert (tally.broken, tally.lost, tally.failed_queries) == (0, 0, 0)
