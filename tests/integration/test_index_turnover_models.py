"""The same change with real models in folders: the old one is found again where it was, though another is set."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from flows.clocks import FixedClock
from flows.loading import store_papers
from flows.steps import index_chunks
from flows.turnover import view_turnover
from flows.wiring import Parts, open_parts
from index import live_contract
from pipeline.config import IndexSettings
from pipeline.errors import IndexStateError
from pipeline.paper import Paper
from tests.fakes.models import make_bert
from tests.fakes.parts import DAY, MORNING, make_settings

pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")  # torch's and transformers' own
]


@contextmanager
def parts_with(home: Path, model: str) -> Iterator[Parts]:
    settings = make_settings(home, "http://127.0.0.1:1").model_copy(update={"index": IndexSettings(model=model)})
    with open_parts(settings, FixedClock(MORNING)) as parts:
        yield parts


def load(parts: Parts) -> None:
    titles = ("a random walk on a sparse graph", "dense retrieval with text vector search")
    papers = (
        Paper(f"2611.{n:05d}", title, ("Ada",), f"We learn {title}.", ("cs.IR",)) for n, title in enumerate(titles)
    )
    store_papers(parts, ((paper, DAY) for paper in papers))
    index_chunks(parts)


def test_the_old_model_answers_from_its_folder_until_the_new_one_has_caught_up(tmp_path: Path) -> None:
    old, new = make_bert(tmp_path / "old", seed=1), make_bert(tmp_path / "new", seed=2)
    home = tmp_path / "home"
    with parts_with(home, old) as parts:
        load(parts)

    with parts_with(home, new) as parts:
        before = parts.search.search("walk on a graph")
        change = view_turnover(parts)
        index_chunks(parts)
        after = parts.search.search("walk on a graph")

        assert before.hits[0].paper_id == after.hits[0].paper_id == "2611.00000"
        assert change is not None
        assert (change.live.model, change.wanted.model, change.coverage.embedded) == ("old", "new", 0)
        assert live_contract(parts.home.index) == parts.encoder.contract
        assert view_turnover(parts) is None


def test_without_the_old_model_search_says_what_to_do(tmp_path: Path) -> None:
    old, new = make_bert(tmp_path / "old", seed=1), make_bert(tmp_path / "new", seed=2)
    home = tmp_path / "home"
    with parts_with(home, old) as parts:
        load(parts)
    (tmp_path / "old").rename(tmp_path / "elsewhere")

    with parts_with(home, new) as parts:
        with pytest.raises(IndexStateError, match=r"built with the model old .* run `autoreader embed`"):
            parts.search.search("walk on a graph")
        index_chunks(parts)

        assert parts.search.search("walk on a graph").hits[0].paper_id == "2611.00000"
