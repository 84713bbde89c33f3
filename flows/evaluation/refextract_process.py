"""The program that asks refextract for references: `python refextract_process.py`.

It runs in refextract's environment (GPL, so it stays in a process of its own) and imports nothing else. It reads one
JSON object a line from stdin, `{"text": ...}` or `{"pdf": ...}`, and answers each with one line: a list of objects
`{authors, title, year, venue, doi, arxiv_id, label}`, all of them strings.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Mapping, Sequence
from typing import Any

_ARXIV = re.compile(r"(\d{4}\.\d{4,5}|[a-z-]+/\d{7})")


def main() -> None:
    """Answers until stdin ends."""
    from refextract import (  # type: ignore[import-not-found]  # installed where this runs
        extract_references_from_file,
        extract_references_from_string,
    )

    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # whatever else prints goes to stderr
    for line in sys.stdin:
        asked = json.loads(line)
        try:
            if "pdf" in asked:
                found = extract_references_from_file(asked["pdf"])
            else:
                found = extract_references_from_string(f"[1] {asked['text']}", is_only_references=True)
        except Exception as raised:  # noqa: BLE001 (one file's boundary: finding nothing is its outcome)
            sys.stderr.write(f"{type(raised).__name__}: {raised}\n")
            found = []
        answers.write(json.dumps([_plain(one) for one in found]) + "\n")
        answers.flush()


def _plain(found: Mapping[str, Sequence[Any]]) -> dict[str, str]:
    """One reference; its title is what stood in quotation marks, else the first piece that nothing claimed."""
    numbers = " ".join(str(number) for number in found.get("reportnumber", ()))
    arxiv = _ARXIV.search(numbers)
    return {
        "authors": "; ".join(found.get("author", ())),
        "title": str(_first(found, "title") or _first(found, "misc")),
        "year": str(_first(found, "year") or _first(found, "journal_year")),
        "venue": str(_first(found, "journal_title")),
        "doi": str(_first(found, "doi")).removeprefix("doi:").lower(),
        "arxiv_id": arxiv[1] if arxiv else "",
        "label": str(_first(found, "linemarker")),
    }


def _first(found: Mapping[str, Sequence[Any]], name: str) -> object:
    return next(iter(found.get(name, ())), "")


if __name__ == "__main__":
    main()
