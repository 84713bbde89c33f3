"""From the arguments of `autoreader eval rank` to readers with their papers."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from flows.evaluation.rank_labelled import read_labelled
from flows.evaluation.rank_lists import ListReading, read_lists
from flows.evaluation.rank_papers import DatedPapers, passage_text, read_dated_papers
from flows.evaluation.rank_sets import RankSet
from flows.evaluation.text_vectors import TextVectors
from flows.loading import read_json_lines
from flows.wiring import open_parts
from pipeline.config import load_settings
from pipeline.errors import UsageError

_BESIDE = Path("../stream/papers.jsonl.gz")  # of a file of lists


def find_readers(data: Path) -> Path:
    """The file itself, or the only one of JSON lines in a folder. Raises UsageError where that is not clear."""
    if data.is_file():
        return data
    found = sorted(data.glob("*.jsonl*"))
    if len(found) != 1:
        held = f"it holds {', '.join(path.name for path in found)}" if found else "nor JSON lines in such a folder"
        raise UsageError(f"no file {data}, {held}")
    return found[0]


@dataclass(frozen=True, slots=True)
class RankSource:
    """Where readers and papers come from: `papers` None is the stream beside the lists, else the store."""

    data: Path
    papers: Path | None = None
    days: int = 0
    general: tuple[str, ...] = ()
    cached_only: bool = False

    def read(self, vectors: TextVectors) -> RankSet:
        """The readers. Raises NotFoundError or UsageError naming file and line."""
        first = next((record for _, record in read_json_lines(self.data)), None)
        if not isinstance(first, dict):
            raise UsageError(f"{self.data}: no JSON lines of readers")
        if "saves" not in first:
            labelled = read_labelled(self.data, self._named_papers())
            general = tuple(
                replace(reader, is_general=True) if reader.name in self.general else reader
                for reader in labelled.readers
            )
            return replace(labelled, readers=general)
        beside = self.data.parent / _BESIDE
        if self.papers is None and not beside.is_file():
            raise UsageError(f"no papers beside the lists in {beside}; name their file with --papers")
        stream = read_dated_papers(self.papers or beside)
        reading = ListReading(
            self.days,
            general=self.general,
            is_there=lambda one: not self.cached_only or vectors.has(passage_text(stream.papers[one])),
        )
        return read_lists(self.data, stream, reading)

    def _named_papers(self) -> DatedPapers:
        """Those of the file, else those of the store that any line names."""
        if self.papers is not None:
            return read_dated_papers(self.papers)
        names: set[str] = set()
        for _, record in read_json_lines(self.data):
            for field in ("likes", "dislikes", "candidates", "ratings"):
                names.update(map(str, record.get(field) or ()))
        with open_parts(load_settings()) as parts, parts.store.read() as work:
            return DatedPapers(work.papers.get(names), {})


def read_interests(path: Path) -> dict[str, tuple[str, ...]]:
    """What each reader would say in plain words, by name, from TOML or JSON: a text or a list of texts each.

    Raises UsageError naming what is wrong.
    """
    try:
        text = path.read_text(encoding="utf-8")
        found = next(read_json_lines(path))[1] if path.suffix == ".json" else tomllib.loads(text)
    except (OSError, ValueError) as error:
        raise UsageError(f"--interests {path}: {error}") from None
    if not isinstance(found, dict):
        raise UsageError(f"--interests {path}: expected a text by each reader's name")
    return {name: _texts(path, name, value) for name, value in found.items()}


def _texts(path: Path, name: str, value: object) -> tuple[str, ...]:
    texts = (value,) if isinstance(value, str) else tuple(value) if isinstance(value, list) else ()
    if not texts or not all(isinstance(one, str) and one.strip() for one in texts):
        raise UsageError(f"--interests {path}: {name!r}: expected a text or a list of texts")
    return texts


def with_interests(labelled: RankSet, interests: Mapping[str, Collection[str]]) -> RankSet:
    """The readers of whom an interest is known, saying it."""
    readers = tuple(one.saying(*interests[one.name]) for one in labelled.readers if one.name in interests)
    return replace(labelled, readers=readers)
