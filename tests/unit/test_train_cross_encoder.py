"""A cross-encoder learns from a few days, and what it is asked is what the second look asks."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import ConfigError, UsageError
from rerank.cross_encoder import open_cross_encoder
from rerank.train import Contest, train_cross_encoder
from rerank.train_cross_encoder import Course, _loss, _steps, load_base
from rerank.train_pairs import Asking, draw_groups
from rerank.train_set import split
from tests.fakes.cross_encoder import save_cross_encoder
from tests.fakes.lessons import make_occasions


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_cross_encoder(tmp_path_factory.mktemp("models") / "tiny")


def _told(done: int, total: int) -> None:
    assert 0 <= done <= total


def test_a_group_is_what_was_taken_before_four_that_were_not() -> None:
    occasions, texts = make_occasions(10)
    days = split(occasions, seed=0)

    groups = draw_groups(texts, days, Asking(texts, days.background), seed=0)

    assert len(groups) == sum(len(one.taken) for one in days.learn)
    assert {len(group.texts) for group in groups} == {5}
    assert {group.question.split()[0] == group.texts[0].split()[0] for group in groups} == {True}


def test_likes_are_asked_by_the_titles_nearest_to_the_head() -> None:
    occasions, texts = make_occasions(10)

    asking = Asking(texts, split(occasions, seed=0).background)

    assert asking.question(occasions[0]).split("; ")[0] == "owls see at night"


def test_it_is_trained_stored_and_opened_again(base: Path, tmp_path: Path) -> None:
    occasions, texts = make_occasions(10)
    contest = Contest(texts, split(occasions, seed=0), champion=None, adapter=None)

    trained = train_cross_encoder(contest, str(base), Course(epochs=1, seed=0, device="cpu"), _told)
    trained.write(tmp_path / "trained")

    assert trained.comparison.occasions == 6
    assert not trained.comparison.is_won  # too few days to say
    opened = open_cross_encoder(str(tmp_path / "trained"))
    assert opened.score("owls", ["owls see", "stones lie"]).shape == (2,)


def test_learning_lowers_the_loss(base: Path) -> None:
    occasions, texts = make_occasions(20)
    days = split(occasions, seed=0)
    groups = draw_groups(texts, days, Asking(texts, days.background), seed=0)
    model = load_base(str(base), "cpu", seed=0)
    before = _loss(model, groups, "cpu").item()

    for _ in _steps(model, groups, Course(epochs=4, seed=0, device="cpu")):
        pass

    assert _loss(model, groups, "cpu").item() < before


def test_a_base_that_cannot_be_loaded_is_named(tmp_path: Path) -> None:
    tmp_path.joinpath("empty").mkdir()

    with pytest.raises(ConfigError, match=r"--base '.*empty' cannot be loaded"):
        load_base(str(tmp_path / "empty"), "cpu", seed=0)


def test_nothing_to_learn_from_is_said(base: Path) -> None:
    occasions, texts = make_occasions(10, passed=2)
    contest = Contest(texts, split(occasions, seed=0), champion=None, adapter=None)

    with pytest.raises(UsageError, match="no day to learn from has four papers"):
        train_cross_encoder(contest, str(base), Course(1, 0, "cpu"), _told)
