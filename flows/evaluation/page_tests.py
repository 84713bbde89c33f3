"""Statements about single pages that a reading passes or fails, in the form of olmOCR-bench's `tests.jsonl`."""

# ruff: noqa: RUF001 (the characters that look alike are the ones PDFs hold)

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz import fuzz

_KINDS = frozenset({"present", "absent", "order"})
_DASHES = re.compile("[‐‑‒–—−]")
_QUOTES = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"'})


@dataclass(frozen=True, slots=True)
class PageTest:
    """What must (not) stand on a page, counted from 1; `order` tests have a text before and one after."""

    pdf: Path
    page: int
    kind: str
    text: str
    after: str = ""
    most_differences: int = 0

    def holds(self, page: str) -> bool:
        """Whether a page's text passes."""
        normal = _normal(page)
        match self.kind:
            case "present":
                return _places(self.text, normal, self.most_differences)[0] >= 0
            case "absent":
                return _places(self.text, normal, self.most_differences)[0] < 0
            case _:
                first, _ = _places(self.text, normal, self.most_differences)
                _, last = _places(self.after, normal, self.most_differences)
                return 0 <= first < last


def load_page_tests(folder: Path) -> list[PageTest]:
    """The tests of a folder that speak about text; mathematics and tables need another reader than a text layer."""
    tests = []
    for line in (folder / "tests.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["type"] in _KINDS:
            text, after = row.get("text") or row["before"], row.get("after", "")
            pdf = folder / row["pdf"].replace("/", "_")
            tests.append(PageTest(pdf, row["page"], row["type"], text, after, row.get("max_diffs", 0)))
    return tests


def _normal(text: str) -> str:
    return " ".join(_DASHES.sub("-", unicodedata.normalize("NFC", text).translate(_QUOTES)).split())


def _places(text: str, page: str, most_differences: int) -> tuple[int, int]:
    """Where a text first and last stands on a page, (-1, -1) where it does not; with differences, its best place."""
    wanted = _normal(text)
    if wanted in page or not most_differences:
        return page.find(wanted), page.rfind(wanted)
    least = 100.0 * (1 - most_differences / max(1, len(wanted)))
    found = fuzz.partial_ratio_alignment(wanted, page, score_cutoff=least)
    return (found.dest_start, found.dest_start) if found is not None and found.score >= least else (-1, -1)
