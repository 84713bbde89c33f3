"""Disturbed titles of real papers find their paper, and those of papers that are not stored find none."""

from __future__ import annotations

from functools import cache

import pytest

from pipeline.config import LibrarySettings
from tests.bench.library_titles import DATA, Figures, make_trial, read_papers

pytestmark = pytest.mark.skipif(not DATA.is_file(), reason="the shared stream of papers is not beside this checkout")


@cache
def _figures(known: str) -> Figures:
    trial = make_trial(read_papers(DATA, limit=10_000), entries=900)
    chosen = trial.chosen(LibrarySettings().title_score)
    return Figures.of([(case, answer) for case, answer in chosen if case.known == known])


@pytest.mark.parametrize("known, least", [("all", 0.92), ("first", 0.92), ("none", 0.65)])
def test_titles_disturbed_as_exports_do_are_found(known: str, least: float) -> None:
    assert _figures(known).recall >= least


@pytest.mark.parametrize("known", ["all", "first", "none"])
def test_next_to_nothing_is_mistaken_for_another_paper(known: str) -> None:
    assert _figures(known).precision >= 0.99
