"""An adapter: what it does to vectors, and that it learns what readers take together."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from pipeline.errors import ConfigError, UsageError
from rerank.adapter import Adapter
from rerank.train import train_adapter
from rerank.train_adapter import AdapterLesson
from rerank.train_set import split
from tests.fakes.lessons import make_occasions


def _told(done: int, total: int) -> None:
    assert 0 <= done <= total


def _lesson(days: int, epochs: int = 3) -> AdapterLesson:
    occasions, texts = make_occasions(days)
    return AdapterLesson(texts, split(occasions, seed=0), "contract", epochs, seed=0, device="cpu")


def test_the_identity_changes_nothing() -> None:
    vectors = np.array([[0.6, 0.8], [1.0, 0.0]], np.float32)

    assert np.allclose(Adapter.identity("k", 2).apply(vectors), vectors)


def test_a_paper_without_text_stays_without_a_direction() -> None:
    background = np.random.default_rng(0).normal(1, 1, (50, 3)).astype(np.float32)

    found = Adapter.whitening("k", background, 0.1).apply(np.array([[0, 0, 0], [1, 0, 0]], np.float32))

    assert found[0].tolist() == [0, 0, 0]
    assert np.linalg.norm(found[1]) == pytest.approx(1)


def test_whitening_makes_papers_at_random_scatter_alike() -> None:
    dice = np.random.default_rng(0)
    background = (dice.normal(0, 1, (5000, 3)) * [5.0, 1.0, 0.2] + [1, 2, 3]).astype(np.float32)
    adapter = Adapter.whitening("k", background, 0.0)

    moved = (background - adapter.centre) @ adapter.matrix

    spreads = moved.std(axis=0)
    assert spreads.max() / spreads.min() == pytest.approx(1, abs=0.01)
    assert moved.mean(axis=0) == pytest.approx([0, 0, 0], abs=0.01)


def test_an_adapter_is_read_as_it_was_written(tmp_path: Path) -> None:
    written = Adapter.whitening("k", np.random.default_rng(0).normal(0, 1, (9, 2)).astype(np.float32), 1.0)

    written.save(tmp_path / "adapter.npz")
    read = Adapter.load(tmp_path / "adapter.npz")

    assert read.contract_key == "k"
    assert np.array_equal(read.matrix, written.matrix)
    assert np.array_equal(read.centre, written.centre)


def test_a_file_that_is_no_adapter_is_named(tmp_path: Path) -> None:
    (tmp_path / "adapter.npz").write_text("no")

    with pytest.raises(ConfigError, match=r"the adapter .*adapter\.npz cannot be read"):
        Adapter.load(tmp_path / "adapter.npz")


def test_it_learns_what_readers_take_and_wins_on_later_days() -> None:
    trained = train_adapter(_lesson(days=40, epochs=1), None, _told)

    assert trained.comparison.occasions == 20
    assert trained.comparison.challenger > trained.comparison.champion + 0.1
    assert trained.comparison.is_won


def test_it_does_not_win_against_itself(tmp_path: Path) -> None:
    lesson = _lesson(days=12, epochs=1)
    train_adapter(lesson, None, _told).write(tmp_path)

    again = train_adapter(lesson, Adapter.load(tmp_path / "adapter.npz"), _told)

    assert again.comparison.challenger == again.comparison.champion
    assert not again.comparison.is_won


def test_the_same_seed_learns_the_same(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        train_adapter(_lesson(days=6, epochs=1), None, _told).write(tmp_path / name)

    read = [Adapter.load(tmp_path / name / "adapter.npz") for name in ("a", "b")]

    assert np.array_equal(read[0].matrix, read[1].matrix)


def test_too_little_is_said_to_be_too_little() -> None:
    occasions, texts = make_occasions(1)

    with pytest.raises(UsageError, match="too little to train on: 0 days to learn from"):
        train_adapter(AdapterLesson(texts, split(occasions, 0), "k", 1, 0, "cpu"), None, _told)
