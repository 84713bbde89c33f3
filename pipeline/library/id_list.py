"""A plain list of arXiv identifiers, addresses or DOIs, one a line."""

from __future__ import annotations

from pipeline.library.entry import Broken, Entry, Shelf, SourceKind
from pipeline.library.identifiers import doi_in, id_in_address, id_in_note, whole_id
from pipeline.mathtext import clean

_MOST_SHOWN = 60


def is_list(text: str) -> bool:
    """Whether at least half of the lines name a paper."""
    named = [bool(_arxiv_id(line) or doi_in(line)) for line in map(_content, text.splitlines()) if line]
    return bool(named) and 2 * sum(named) >= len(named)


def read_list(text: str) -> Shelf:
    """An entry a line; what follows a `#` is a comment, and a line that names no paper is listed."""
    entries: list[Entry] = []
    broken: list[Broken] = []
    for number, line in enumerate(map(_content, text.splitlines()), start=1):
        if not line:
            continue
        arxiv_id, doi = _arxiv_id(line), doi_in(line)
        if arxiv_id or doi:
            entries.append(Entry(place=f"line {number}", arxiv_id=arxiv_id, doi=doi))
        else:
            broken.append(Broken(f"line {number}", f"no arXiv id, address or DOI: {clean(line)[:_MOST_SHOWN]!r}"))
    return Shelf(SourceKind.LIST, tuple(entries), tuple(broken))


def _content(line: str) -> str:
    """A line without its comment; a `#` inside an address is none."""
    return (" " + line).partition(" #")[0].strip()


def _arxiv_id(line: str) -> str:
    return whole_id(line) or id_in_address(line) or id_in_note(line)
