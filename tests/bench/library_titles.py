"""Which likeness of titles makes an entry of a library a stored paper: precision and recall by threshold.

`python -m tests.bench.library_titles [PAPERS.jsonl.gz]`. Real titles are disturbed as exports disturb them; half of the
papers are stored, the others are not, so that whatever is found for those is wrong. Entries come with all authors,
with the first one, or with none.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from pipeline.library import Candidate, Entry, Title, choose, find_candidates
from pipeline.library.names import surnames_of
from pipeline.paper import Paper

DATA = Path(__file__).parents[3] / "shared/data/stream/papers.jsonl.gz"
THRESHOLDS = (70, 75, 80, 85, 88, 90, 92, 94, 96, 98)
KNOWN = ("all", "first", "none")
_ACCENTS = {
    "é": r"{\'{e}}",
    "è": r"{\`e}",
    "ö": r"{\"{o}}",
    "ü": r"{\"u}",
    "ä": r"{\"a}",
    "ñ": r"{\~n}",
    "ç": r"{\c{c}}",
}
_SMALL = frozenset({"a", "an", "the"})

Disturb = Callable[[str, random.Random], str]


def _braced(text: str, rng: random.Random) -> str:
    words = [f"{{{word}}}" if any(c.isupper() for c in word[1:]) else word for word in text.split()]
    words = [f"{{{w[0]}}}{w[1:]}" if w[0].isupper() and rng.random() < 0.5 else w for w in words]
    return "".join(_ACCENTS.get(c, c) for c in " ".join(words)).replace("&", r"\&")


def _no_subtitle(text: str, rng: random.Random) -> str:
    del rng
    return re.split(r":\s+", text, maxsplit=1)[0]


def _slip(text: str, rng: random.Random) -> str:
    at = rng.randrange(len(text))
    return text[:at] + rng.choice(("", "e", " ", "-")) + text[at + 1 :]


def _less_one_word(text: str, rng: random.Random) -> str:
    words = text.split()
    small = [number for number, word in enumerate(words) if word.lower() in _SMALL]
    words.pop(small[0] if small else rng.randrange(len(words)))
    return " ".join(words)


def _reworded(text: str, rng: random.Random) -> str:
    words = text.split()
    words[rng.randrange(len(words))] = rng.choice(("Towards", "Efficient", "Learning", "with", "Large", "Neural"))
    return " ".join(words)


DISTURBANCES: dict[str, Disturb] = {
    "as it is": lambda text, _: text,
    "upper case": lambda text, _: text.upper(),
    "lower case, dot": lambda text, _: text.lower() + ".",
    "braces, TeX accents": _braced,
    "double braces": lambda text, _: "{{" + text + "}}",
    "hyphens lost": lambda text, _: text.replace("-", " "),
    "tags": lambda text, _: re.sub(r"(\w+)", r"<i>\1</i>", text, count=1).replace("&", "&amp;"),
    "one slip": _slip,
    "three slips": lambda text, rng: _slip(_slip(_slip(text, rng), rng), rng),
    "one word less": _less_one_word,
    "one word other": _reworded,
    "no subtitle": _no_subtitle,
    "cut at 60, dots": lambda text, _: text if len(text) <= 60 else text[:57] + "...",
    "cut at 70": lambda text, _: text[:70],
}


@dataclass(frozen=True)
class Case:
    """An entry made from a paper, and whether that paper is stored."""

    paper_id: str
    is_stored: bool
    entry: Entry
    known: str  # all authors, the first, or none
    disturbance: str


@dataclass(frozen=True)
class Trial:
    """Entries and the stored papers most like them."""

    stored: dict[str, Paper]
    cases: list[Case]
    candidates: list[list[Candidate]]

    def chosen(self, threshold: float) -> list[tuple[Case, str]]:
        """Each entry, and the id of the paper it is taken for."""
        return [
            (case, choose(case.entry, found, self.stored, threshold).paper_id)
            for case, found in zip(self.cases, self.candidates, strict=True)
        ]


@dataclass(frozen=True)
class Figures:
    """How well entries were matched; a paper that is not stored cannot be found, only mistaken."""

    entries: int
    stored: int
    given: int
    right: int

    @classmethod
    def of(cls, chosen: Sequence[tuple[Case, str]]) -> Figures:
        """Counts."""
        return cls(
            entries=len(chosen),
            stored=sum(case.is_stored for case, _ in chosen),
            given=sum(bool(answer) for _, answer in chosen),
            right=sum(case.paper_id == answer for case, answer in chosen),
        )

    @property
    def precision(self) -> float:
        """Of the papers named, the share that is right."""
        return self.right / max(self.given, 1)

    @property
    def recall(self) -> float:
        """Of the entries whose paper is stored, the share that found it."""
        return self.right / max(self.stored, 1)


def main() -> None:
    """Prints the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("papers", nargs="?", type=Path, default=DATA)
    parser.add_argument("--entries", type=int, default=2800)
    arguments = parser.parse_args()
    papers = read_papers(arguments.papers)
    started = time.process_time()
    trial = make_trial(papers, arguments.entries)
    seconds = time.process_time() - started
    sys.stdout.write(f"{len(trial.cases)} entries, {len(trial.stored)} stored papers: {seconds:.1f} s of CPU\n\n")
    answers = {threshold: trial.chosen(threshold) for threshold in THRESHOLDS}
    for known in KNOWN:
        _print_thresholds(known, answers)
    _print_disturbances(answers)


def read_papers(path: Path, limit: int | None = None) -> list[Paper]:
    """The papers of a file in the form that `autoreader load` takes."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in islice(file, limit)]
    return [Paper(row["id"], row["title"], tuple(row["authors"]), "", ()) for row in rows]


def make_trial(papers: Sequence[Paper], entries: int) -> Trial:
    """Half of the papers stored, and entries made from any of them; the same ones every time."""
    rng = random.Random(5)  # noqa: S311 - no secret
    stored = {paper.id: paper for paper in papers if rng.random() < 0.5}
    cases = [_case(paper, rng, is_stored=paper.id in stored) for paper in rng.sample(papers, entries)]
    titles = [Title.of(case.entry.title) for case in cases]
    candidates = find_candidates(titles, lambda: ((p.id, p.title) for p in stored.values()), min(THRESHOLDS))
    return Trial(stored, cases, candidates)


def _case(paper: Paper, rng: random.Random, *, is_stored: bool) -> Case:
    name = rng.choice(sorted(DISTURBANCES))
    known = rng.choice(KNOWN)
    authors = {"all": paper.authors, "first": paper.authors[:1], "none": ()}[known]
    year = 2000 + int(paper.id[:2]) + rng.choice((0, 0, 1))
    entry = Entry("", DISTURBANCES[name](paper.title, rng), surnames_of(authors), year)
    return Case(paper.id, is_stored, entry, known, name)


def _print_thresholds(known: str, answers: dict[int, list[tuple[Case, str]]]) -> None:
    sys.stdout.write(f"authors known: {known}\nthreshold  precision  recall  wrong  entries\n")
    for threshold, chosen in answers.items():
        found = Figures.of([(case, answer) for case, answer in chosen if case.known == known])
        wrong = found.given - found.right
        sys.stdout.write(f"{threshold:9}  {found.precision:9.4f}  {found.recall:6.3f}  {wrong:5}  {found.entries:7}\n")
    sys.stdout.write("\n")


def _print_disturbances(answers: dict[int, list[tuple[Case, str]]]) -> None:
    sys.stdout.write("recall by disturbance and threshold, authors known\n" + " " * 22)
    sys.stdout.write("".join(f"{threshold:>7}" for threshold in answers) + "\n")
    for name in DISTURBANCES:
        figures = [
            Figures.of([(case, answer) for case, answer in chosen if case.disturbance == name and case.known != "none"])
            for chosen in answers.values()
        ]
        shares = "".join(f"{one.recall:7.2f}" for one in figures)
        sys.stdout.write(f"{name:22}{shares}   n={figures[0].stored}\n")


if __name__ == "__main__":
    main()
