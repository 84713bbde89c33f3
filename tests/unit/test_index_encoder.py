"""What the encoder adds to its backend: prompts, unit length, turns."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from index.encoder import SentenceEncoder, agreement
from pipeline.document import EmbeddingContract
from pipeline.ports import F32


class LengthBackend:
    """Embeds a text as (its length, 1) and records the texts; `overlaps` counts threads inside at once."""

    def __init__(self, *, slope: float = 1.0) -> None:
        self.calls: list[list[str]] = []
        self.overlaps = 0
        self._slope = slope
        self._inside = threading.Lock()

    def embed(self, texts: Sequence[str]) -> F32:
        if not self._inside.acquire(blocking=False):
            self.overlaps += 1
        self.calls.append(list(texts))
        vectors = np.array([[len(text) * self._slope, 1.0] for text in texts], np.float32)
        if self._inside.locked():
            self._inside.release()
        return vectors


def contract(*, is_normalised: bool = True, prompts: tuple[str, str] = ("", "")) -> EmbeddingContract:
    return EmbeddingContract("length", "0" * 64, 2, prompts[0], prompts[1], is_normalised, "none")


def run_together(encoders: Sequence[SentenceEncoder]) -> None:
    threads = [
        threading.Thread(target=lambda one=one: [one.encode_queries(["a", "bb"]) for _ in range(60)])
        for one in encoders
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_vectors_come_back_in_the_order_of_the_texts() -> None:
    encoder = SentenceEncoder(contract(is_normalised=False), LengthBackend())

    assert encoder.encode_passages(["ccc", "a", "dddd", "bb", ""])[:, 0].tolist() == [3, 1, 4, 2, 0]


def test_vectors_have_unit_length_where_the_contract_says_so() -> None:
    vectors = SentenceEncoder(contract(), LengthBackend()).encode_queries(["four", "x" * 100])

    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1).tolist() == pytest.approx([1.0, 1.0], abs=1e-6)


def test_questions_and_passages_get_their_own_prompts() -> None:
    backend = LengthBackend()
    encoder = SentenceEncoder(contract(prompts=("query: ", "passage: ")), backend)

    encoder.encode_queries(["why"])
    encoder.encode_passages(["because"])

    assert backend.calls == [["query: why"], ["passage: because"]]


def test_no_texts_give_an_empty_array_of_the_right_width() -> None:
    backend = LengthBackend()

    assert SentenceEncoder(contract(), backend).encode_passages([]).shape == (0, 2)
    assert backend.calls == []


def test_threads_take_turns_at_the_backend() -> None:
    backend = LengthBackend()

    run_together([SentenceEncoder(contract(), backend)] * 8)

    assert len(backend.calls) == 8 * 60
    assert backend.overlaps == 0


def test_the_same_model_for_another_chunker_shares_backend_and_turns() -> None:
    backend = LengthBackend()
    first = SentenceEncoder(contract(), backend)
    second = first.for_chunker("sections/2")

    run_together([first, second] * 4)

    assert second.contract == replace(contract(), chunker="sections/2")
    assert len(backend.calls) == 8 * 60
    assert backend.overlaps == 0


def test_two_equal_backends_agree_and_others_do_not() -> None:
    assert agreement(LengthBackend(), LengthBackend()) == pytest.approx(1.0)
    assert agreement(LengthBackend(), LengthBackend(slope=-1.0)) < 0
