"""Every `pipeline.ports.PairScorer`: one finite score a passage, in order, the same alone and among others."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pytest

from pipeline.config import RerankSettings
from pipeline.errors import ConfigError, RerankError
from pipeline.ports import PairScorer
from rerank import in_time, open_scorer
from rerank.cross_encoder import CrossEncoderScorer, open_cross_encoder
from tests.fakes.cross_encoder import save_cross_encoder
from tests.fakes.model_server import ModelServer
from tests.fakes.scorers import by_length

PASSAGES = ["a lake", "", "trains leave " * 200, "a lake", "ein See, größer als das Meer 湖"]
QUERY = "which lake"


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_cross_encoder(tmp_path_factory.mktemp("models") / "tiny")


@pytest.fixture(params=["cross-encoder", "cohere", "tei", "in time"])
def scorer(request: pytest.FixtureRequest, model: Path) -> Iterator[PairScorer]:
    with ModelServer(by_length) as server, ExitStack() as closing:
        settings = {
            "cross-encoder": RerankSettings(model=str(model)),
            "cohere": RerankSettings(url=server.url, model="a-reranker"),
            "tei": RerankSettings(url=server.url, style="tei"),
            "in time": RerankSettings(model=str(model), budget_ms=30_000),
        }[request.param]
        opened = open_scorer(settings, closing)
        assert opened is not None
        yield in_time(opened, settings) if request.param == "in time" else opened


def test_every_passage_has_a_finite_score_in_its_place(scorer: PairScorer) -> None:
    scores = scorer.score(QUERY, PASSAGES)

    assert scores.shape == (5,)
    assert scores.dtype == np.float32
    assert np.isfinite(scores).all()
    assert scores[0] == pytest.approx(scores[3], abs=1e-5)


def test_a_passage_scores_the_same_alone_and_among_others(scorer: PairScorer) -> None:
    together = scorer.score(QUERY, PASSAGES)

    assert [float(scorer.score(QUERY, [one])[0]) for one in PASSAGES] == pytest.approx(together.tolist(), abs=1e-5)


def test_no_passages_have_no_scores(scorer: PairScorer) -> None:
    assert scorer.score(QUERY, []).tolist() == []


def test_a_cross_encoder_reads_both_and_as_much_as_it_can(model: Path) -> None:
    scorer = open_cross_encoder(str(model))
    long = "a " * 100

    scores = scorer.score("lake", [long + "b", long + "c", "b", "c"])

    assert scores[0] == scores[1]  # they differ beyond the 32 tokens that it reads
    assert scores[2] != scores[3]
    assert scorer.score("train", ["b"]) != scores[2]


def test_scores_are_not_squeezed_where_they_would_tie(tmp_path: Path) -> None:
    sure = save_cross_encoder(tmp_path / "sure", bias=60.0)  # a sigmoid in float32 is 1.0 from 17 on

    scores = open_cross_encoder(str(sure)).score("lake", ["b", "c"])

    assert scores.min() > 30
    assert scores[0] != scores[1]


def test_a_model_that_yields_no_numbers_is_an_error(tmp_path: Path) -> None:
    broken = save_cross_encoder(tmp_path / "broken", bias=float("nan"))

    with pytest.raises(RerankError, match="no numbers"):
        open_cross_encoder(str(broken)).score("lake", ["b"])


def test_a_closed_model_refuses(model: Path) -> None:
    scorer = open_cross_encoder(str(model))
    scorer.close()

    with pytest.raises(RerankError, match="closed"):
        scorer.score("lake", ["b"])


def test_a_model_that_classifies_is_refused_by_name(tmp_path: Path) -> None:
    folder = save_cross_encoder(tmp_path / "three", outputs=3)

    with pytest.raises(ConfigError, match=r"rerank\.model.*three.*3 outputs"):
        open_cross_encoder(str(folder))


def test_a_folder_without_a_model_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"rerank\.model.*cannot be loaded"):
        open_cross_encoder(str(tmp_path))


def test_without_a_model_or_an_address_there_is_none() -> None:
    with ExitStack() as closing:
        assert open_scorer(RerankSettings(), closing) is None


def test_a_scorer_says_what_it_is(model: Path) -> None:
    assert isinstance(scorer := open_cross_encoder(str(model)), CrossEncoderScorer)
    assert repr(scorer).startswith(f"{model} on c")
