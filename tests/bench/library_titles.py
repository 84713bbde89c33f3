"""Which likeness of titles makes an entry of a library a stored paper: precision and recall by threshold.

`python tests/bench/library_titles.py [PAPERS.jsonl.gz]`. Real titles are disturbed as exports disturb them; half of the
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
from pathlib import Path

from pipeline.library.entry import Entry
from pipeline.library.matching import choose
from pipeline.library.names import surnames_of
from pipeline.library.titles import Candidate, Title, find_candidates
from pipeline.paper import Paper

DATA = Path(__file__).parents[3] / "shared/data/stream/papers.jsonl.gz"
THRESHOLDS = (70, 75, 80, 85, 88, 90, 92, 94, 96, 98)
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
    text: str
    entry: Entry
    disturbance: str


def main() -> None:
    """Prints the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("papers", nargs="?", type=Path, default=DATA)
    parser.add_argument("--entries", type=int, default=2800)
    arguments = parser.parse_args()
    rng = random.Random(5)  # noqa: S311 - the same table every time
    papers = _read(arguments.papers)
    stored = {paper.id: paper for paper in papers if rng.random() < 0.5}
    cases = [_case(paper, paper.id in stored, rng) for paper in rng.sample(papers, arguments.entries)]
    started = time.process_time()
    candidates = find_candidates(
        [Title.of(case.text) for case in cases], lambda: ((p.id, p.title) for p in stored.values()), min(THRESHOLDS)
    )
    seconds = time.process_time() - started
    sys.stdout.write(f"{len(cases)} entries, {len(stored)} stored papers: {seconds:.1f} s of CPU\n\n")
    for known in ("all", "first", "none"):
        _print_thresholds(known, cases, candidates, stored)
    _print_disturbances(cases, candidates, stored)


def _read(path: Path) -> list[Paper]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    return [Paper(row["id"], row["title"], tuple(row["authors"]), "", ()) for row in rows]


def _case(paper: Paper, is_stored: bool, rng: random.Random) -> Case:
    name = rng.choice(sorted(DISTURBANCES))
    known = rng.choice(("all", "first", "none"))
    authors = {"all": paper.authors, "first": paper.authors[:1], "none": ()}[known]
    year = 2000 + int(paper.id[:2]) + rng.choice((0, 0, 1))
    entry = Entry(place=known, authors=surnames_of(authors), year=year)
    return Case(paper.id, is_stored, DISTURBANCES[name](paper.title, rng), entry, name)


def _verdicts(
    cases: Sequence[Case], candidates: Sequence[list[Candidate]], stored: dict[str, Paper], threshold: float
) -> list[str]:
    return [
        choose(case.entry, len(Title.of(case.text).key), found, stored, threshold).paper_id
        for case, found in zip(cases, candidates, strict=True)
    ]


def _print_thresholds(
    known: str, cases: Sequence[Case], candidates: Sequence[list[Candidate]], stored: dict[str, Paper]
) -> None:
    pairs = [(case, found) for case, found in zip(cases, candidates, strict=True) if case.entry.place == known]
    chosen, theirs = [case for case, _ in pairs], [found for _, found in pairs]
    sys.stdout.write(f"authors known: {known} ({len(chosen)} entries)\nthreshold  precision  recall  wrong\n")
    for threshold in THRESHOLDS:
        answers = _verdicts(chosen, theirs, stored, threshold)
        right = sum(case.paper_id == answer for case, answer in zip(chosen, answers, strict=True))
        given = sum(bool(answer) for answer in answers)
        possible = sum(case.is_stored for case in chosen)
        sys.stdout.write(f"{threshold:9}  {right / given:9.4f}  {right / possible:6.3f}  {given - right:5}\n")
    sys.stdout.write("\n")


def _print_disturbances(cases: Sequence[Case], candidates: Sequence[list[Candidate]], stored: dict[str, Paper]) -> None:
    sys.stdout.write("recall by disturbance (authors known)\n" + " " * 22)
    sys.stdout.write("".join(f"{threshold:>7}" for threshold in THRESHOLDS) + "\n")
    answers = {threshold: _verdicts(cases, candidates, stored, threshold) for threshold in THRESHOLDS}
    for name in DISTURBANCES:
        rows = [
            number
            for number, case in enumerate(cases)
            if case.disturbance == name and case.is_stored and case.entry.authors
        ]
        shares = [sum(answers[t][row] == cases[row].paper_id for row in rows) / len(rows) for t in THRESHOLDS]
        sys.stdout.write(f"{name:22}" + "".join(f"{share:7.2f}" for share in shares) + f"   n={len(rows)}\n")


if __name__ == "__main__":
    main()
