"""The command line as a user types it, with a quick encoder."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

import flows.wiring
from flows.cli import main
from tests.fakes.encoder import HashedEncoder


class Shell:
    """Types commands; everything but the encoder is real."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        monkeypatch.setattr(flows.wiring.Parts, "encoder", HashedEncoder())
        self._monkeypatch = monkeypatch
        self._capsys = capsys

    def __call__(self, *words: str | Path) -> tuple[int, str, str]:
        """(exit code, stdout, stderr)."""
        self._monkeypatch.setattr("sys.argv", ["autoreader", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = self._capsys.readouterr()
        return int(ended.value.code or 0), out, err

    def json(self, *words: str | Path) -> Any:  # Any: JSON
        code, out, err = self(*words, "--json")
        assert code == 0, err
        return json.loads(out)


def write_papers(path: Path) -> Path:
    """A file of three papers as `load` takes it."""
    topics = ("dense retrieval of scientific passages", "walking robots on loose scree", "transit timing of exoplanets")
    with gzip.open(path, "wt", encoding="utf-8") as file:
        for number, topic in enumerate(topics, start=1):
            record = {
                "id": f"2611.0000{number}",
                "title": f"On {topic}",
                "authors": ["Ada Lind"],
                "abstract": f"We study {topic}.",
                "categories": None if number == 1 else ["cs.IR"],
                "first_listed": "2026-11-17",
            }
            file.write(json.dumps(record) + "\n")
    return path
