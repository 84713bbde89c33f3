"""Reads identifiers from the link annotations that lie over a reference.

Many styles print no DOI and link the journal or the title to it; others break it over two lines, and the link has it
whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from operator import itemgetter

from ocr.bibliography.identifiers import Identifiers, identifiers_of_url
from pipeline.document import Box, Reference

Links = Mapping[int, Sequence[tuple[Box, str]]]  # by page: where on it, and to which address


def addresses_of(places: Sequence[Sequence[tuple[int, Box]]], links: Links) -> list[list[str]]:
    """For every entry, by the pages and boxes it stands in, the addresses that are its own.

    An entry that runs over a column's end has a box around both columns, so a link belongs to the smallest box it
    lies in.
    """
    boxes: dict[int, list[tuple[int, int, Box]]] = {}
    for index, entry in enumerate(places):
        for page, box in entry:
            boxes.setdefault(page, []).append((_area(box), index, box))
    found: list[list[str]] = [[] for _ in places]
    for page, on_page in boxes.items():
        on_page.sort(key=itemgetter(0))
        for area, address in links.get(page, ()):
            owner = next((index for _, index, box in on_page if _lies_in(area, box)), None)
            if owner is not None:
                found[owner].append(address)
    return found


def complete(printed: Identifiers, addresses: Iterable[str]) -> Identifiers:
    """What is printed, completed by what an entry's links point to."""
    linked = [identifiers_of_url(address) for address in addresses]
    if not linked:
        return printed
    doi = next((one.doi for one in linked if one.doi), "")
    arxiv_id = next((one.arxiv_id for one in linked if one.arxiv_id), "")
    url = next((one.url for one in linked if one.url), "")
    return Identifiers(
        doi if not printed.doi or _is_whole(doi, printed.doi) else printed.doi,
        printed.arxiv_id or arxiv_id,
        url if not printed.url or _is_whole(url, printed.url) else printed.url,
    )


def links_of(references: Iterable[Reference]) -> dict[int, list[tuple[Box, str]]]:
    """The identifiers of references found before as links, so that pages read anew by OCR keep them."""
    found: dict[int, list[tuple[Box, str]]] = {}
    for reference in references:
        addresses = (
            f"https://doi.org/{reference.doi}" if reference.doi else "",
            f"https://arxiv.org/abs/{reference.arxiv_id}" if reference.arxiv_id else "",
            reference.url,
        )
        found.setdefault(reference.page, []).extend((reference.box, address) for address in addresses if address)
    return found


def _is_whole(linked: str, printed: str) -> bool:
    """Whether a link is what was printed but for a part lost or a hyphen taken off at a line's end."""
    bare, whole = printed.replace("-", "").rstrip("/"), linked.replace("-", "")
    return bool(bare) and whole.lower().startswith(bare.lower())


def _area(box: Box) -> int:
    return (box.right - box.left) * (box.bottom - box.top)


def _lies_in(area: Box, box: Box) -> bool:
    x, y = (area.left + area.right) / 2, (area.top + area.bottom) / 2
    return box.left <= x <= box.right and box.top <= y <= box.bottom
