"""Bibliographies of published papers and labelled strings beside the checkout; skipped where there are none."""

from functools import cache
from pathlib import Path

import pytest

from flows.evaluation.peers import Peers
from flows.evaluation.references import evaluate_references
from flows.evaluation.rows import Row

_DATA = Path(__file__).parents[2].parent / "shared" / "data"
_OURS, _PLAIN = "autoreader", "patterns"

pytestmark = pytest.mark.skipif(
    not (_DATA / "references").is_dir(), reason="the shared references are not beside this checkout"
)


@cache
def _rows() -> tuple[Row, ...]:
    return tuple(evaluate_references(_DATA, Peers(None)))


def _value(dataset: str, method: str, metric: str) -> float:
    (row,) = [row for row in _rows() if (row.dataset, row.method, row.metric) == (dataset, method, metric)]
    return row.value


@pytest.mark.parametrize("dataset", ["references arXive.org", "references inspire-hep-journals"])
def test_fields_of_strings_are_read_better_than_by_patterns(dataset: str) -> None:
    assert _value(dataset, _OURS, "micro F1") >= 0.92
    assert _value(dataset, _OURS, "micro F1") > _value(dataset, _PLAIN, "micro F1")


@pytest.mark.parametrize("dataset", ["jose", "juliacon"])
def test_every_doi_that_a_pdf_prints_or_links_is_found(dataset: str) -> None:
    assert _value(dataset, _OURS, "DOI recall of those printed or linked") >= 0.99


def test_lists_are_parted_into_their_entries() -> None:
    assert _value("jose", _OURS, "lists with Crossref's number of entries") == 1.0
    assert _value("juliacon", _OURS, "lists numbered without a gap") == 1.0


def test_titles_and_first_authors_of_works_known_by_doi_are_right() -> None:
    assert _value("jose", _OURS, "title right, works known by DOI") >= 0.97
    assert _value("jose", _OURS, "first author right, works known by DOI") >= 0.97


def test_nearly_every_entry_of_a_numbered_list_is_cited() -> None:
    assert _value("juliacon", _OURS, "entries cited in the text") >= 0.97
