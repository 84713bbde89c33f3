"""What `bench encode` embeds, and how it counts work."""

from __future__ import annotations

import json
import statistics
from pathlib import Path

import pytest

from flows.commands.measure_encoder import _read
from flows.evaluation.made_texts import make_texts
from index.bert import BertShape
from pipeline.errors import UsageError


def test_made_texts_are_the_same_for_the_same_seed_and_of_a_passages_length() -> None:
    texts = make_texts(200)

    assert texts == make_texts(200)
    assert texts != make_texts(200, seed=1)
    assert 100 < statistics.mean(len(text.split()) for text in texts) < 200


def test_minilm_takes_4_62_billion_operations_for_200_tokens() -> None:
    minilm = BertShape(layers=6, heads=12, width=384, inner=1536, epsilon=1e-12)

    assert minilm.flop(200) / 1e9 == pytest.approx(4.62, abs=0.005)


def test_texts_are_read_from_three_kinds_of_lines(tmp_path: Path) -> None:
    path = tmp_path / "texts.jsonl"
    lines = ["a string", {"text": "a text"}, {"title": "A title", "abstract": "An abstract."}]
    path.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")

    assert list(_read(path)) == ["a string", "a text", "A title. An abstract."]


@pytest.mark.parametrize("line", [3, {"title": "only"}, {"text": 3}, ["a", "b"]])
def test_another_line_is_refused_by_its_number(tmp_path: Path, line: object) -> None:
    path = tmp_path / "texts.jsonl"
    path.write_text('"fine"\n' + json.dumps(line), encoding="utf-8")

    with pytest.raises(UsageError, match=r"texts\.jsonl, line 2: expected a string"):
        list(_read(path))
