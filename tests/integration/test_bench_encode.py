"""`bench encode` on a tiny model: every contender is there, and they agree."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from flows.cli import app
from tests.fakes.models import make_bert


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")  # torch's and transformers' own
def test_the_bench_compares_speed_and_vectors_with_plain_sentence_transformers(tmp_path: Path) -> None:
    model = make_bert(tmp_path / "tiny")

    done = CliRunner().invoke(app, ["bench", "encode", "--model", model, "--count", "12", "--rounds", "1", "--json"])

    assert done.exit_code == 0, done.output
    rows = json.loads(done.stdout)["rows"]
    values = {(row["method"], row["metric"]): row["value"] for row in rows}
    assert {"sentence-transformers", "autoreader"} < {row["method"] for row in rows}
    assert {row["n"] for row in rows} == {12}
    assert values["autoreader", "lowest cosine to plain"] > 0.999
    assert values["sentence-transformers", "times plain, by the clock"] == 1.0
    assert values["autoreader", "share of that ceiling"] > 0
