"""`eval search` on a few papers made here, with the fake encoder."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from flows.cli import main
from flows.evaluation.rows import Row
from flows.evaluation.search_home import SearchHome
from flows.evaluation.search_known import make_known_items
from flows.evaluation.search_quality import SearchQuality
from flows.evaluation.search_sets import load_set
from pipeline.errors import UsageError
from pipeline.stages import no_progress
from tests.fakes.encoder import HashedEncoder
from tests.fakes.papers import make_pdf

_PAPERS: list[dict[str, Any]] = [
    {"_id": "1", "title": "Sampling graphs", "text": "Random walks sample large graphs without bias."},
    {"_id": "2", "title": "Proteins", "text": "Folding of proteins, seen by diffusion models."},
    {"_id": "3", "title": "Diffusion", "abstract": "Models of images and their noise."},
]
_QUERIES: list[dict[str, Any]] = [
    {"_id": "a", "text": "walks on graphs", "qrels": ["1"]},
    {"_id": "b", "title": "diffusion models", "qrels": {"2": 1, "3": 2, "1": 0}},
    {"_id": "c", "text": "nobody labelled this", "qrels": []},
]


def write_lines(path: Path, lines: Iterable[dict[str, Any]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress("\n".join(map(json.dumps, lines)).encode()))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder with one labelled set."""
    write_lines(tmp_path / "data/retrieval/few/corpus.jsonl.gz", _PAPERS)
    write_lines(tmp_path / "data/retrieval/few/queries.jsonl.gz", _QUERIES)
    return tmp_path / "data"


def measured(data: Path, home: Path, sample: int = 0) -> dict[tuple[str, str, str], Row]:
    encoder = HashedEncoder()
    rows = SearchQuality(data, sample).rows(SearchHome(home, encoder, no_progress), encoder)
    return {(row.dataset, row.method, row.metric): row for row in rows}


def test_every_method_is_measured_on_the_labelled_queries(data: Path, tmp_path: Path) -> None:
    rows = measured(data, tmp_path / "home")

    names = ["BM25", "dense", "RRF", "min-max", "autoreader", "no feedback", "no rewording", "no all-words"]
    assert list(dict.fromkeys(method for _, method, _ in rows)) == names
    assert {rows["few", name, "nDCG@10"].value for name in names} == {1.0}
    assert rows["few", "BM25", "nDCG@10"].n == 2
    assert rows["few", "autoreader", "recall@10"].value == 1.0
    assert rows["few", "autoreader", "ms for 10 papers, median"].value > 0


def test_a_second_run_embeds_nothing(data: Path, tmp_path: Path) -> None:
    measured(data, tmp_path / "home")
    labelled = load_set(data / "retrieval/few")

    class Refusing(HashedEncoder):
        def encode_passages(self, texts: object) -> Any:
            raise AssertionError(texts)

    opened = SearchHome(tmp_path / "home", Refusing(), no_progress).index("again", labelled.chunks)

    assert len(opened.generation.dense) == 3


def test_known_papers_are_sought_in_full_text_and_in_abstracts(data: Path, tmp_path: Path) -> None:
    words = [f"{first}{middle}{last}" for first in "bdfgklm" for middle in "aeiou" for last in ("lem", "nur", "stip")]
    sentences = [" ".join(words[start : start + 9]).capitalize() + "." for start in range(0, 99, 9)]
    parts = ["# On rare words", "# Abstract", " ".join(sentences[:4]), "# 1 Body", " ".join(sentences[4:])]
    (data / "pdf/jose").mkdir(parents=True)
    (data / "pdf/jose/one.pdf").write_bytes(make_pdf(["\n\n".join(parts)]))
    stream = [{"id": f"2611.{n:05d}", "title": f"Title number {n} here", "abstract": f"About {n}."} for n in range(5)]
    write_lines(data / "stream/papers.jsonl.gz", stream)

    items = make_known_items(data, sample=3)
    rows = measured(data, tmp_path / "home", sample=3)

    assert len(items.abstracts) == 4
    assert len(items.full_text) > len(items.abstracts)
    assert make_known_items(data, sample=3) == items
    assert set(items.queries["sentence"][0].text.split()) <= {word for text in sentences for word in text[:-1].split()}
    full, abstracts = (
        rows["known item, sentence", f"BM25, {index}", "MRR@10"].value for index in ("full text", "abstracts")
    )
    assert full == 1.0
    assert abstracts < 1.0


def test_a_folder_with_nothing_to_measure_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"nothing to measure in .*expected corpus\.jsonl\.gz"):
        measured(tmp_path, tmp_path / "home")


@pytest.mark.parametrize(
    "papers, queries, message",
    [
        ([{"title": "no id"}], _QUERIES, "a line without _id or title"),
        (_PAPERS, [{"text": "no labels"}], "a query without text or qrels"),
        (_PAPERS, [], "expected papers in"),
    ],
)
def test_a_set_that_is_none_is_named_with_what_it_lacks(
    papers: list[dict[str, Any]], queries: list[dict[str, Any]], message: str, tmp_path: Path
) -> None:
    write_lines(tmp_path / "corpus.jsonl.gz", papers)
    write_lines(tmp_path / "queries.jsonl.gz", queries)

    with pytest.raises(UsageError, match=message):
        load_set(tmp_path)


def test_a_file_that_is_not_gzipped_is_named(tmp_path: Path) -> None:
    (tmp_path / "corpus.jsonl.gz").write_text("{}", encoding="utf-8")

    with pytest.raises(UsageError, match=r"corpus\.jsonl\.gz: no gzipped JSON lines"):
        load_set(tmp_path)


def test_a_folder_that_is_not_there_is_one_clear_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["autoreader", "eval", "search", str(tmp_path / "nowhere")])

    with pytest.raises(SystemExit) as ended:
        main()

    assert ended.value.code == 2
    assert capsys.readouterr().err.startswith("autoreader: no folder ")
