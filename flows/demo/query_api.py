"""The Atom API at /api/query: look-ups by `id_list` and simple searches, as export.arxiv.org answers them.

A search is terms joined by AND, OR or ANDNOT, read from left to right, without brackets; a term is words or a
"phrase" after `ti:`, `au:`, `abs:`, `cat:` or `all:`, or bare.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs

from lxml import etree

from flows.demo.answer import ARXIV_NS, ATOM_NS, Answer, add, namespaces, serialise, utc_stamp
from flows.demo.archive import Archive, Record
from pipeline.errors import UsageError
from pipeline.paper import ArxivId, Paper, PaperVersion

_OPENSEARCH_NS = "http://a9.com/-/spec/opensearch/1.1/"
_SLICE = 2000  # https://info.arxiv.org/help/api/user-manual.html
_JOINT = re.compile(r"\s+(AND|OR|ANDNOT)\s+")
_TERM = re.compile(r'^(?:(?P<field>ti|au|abs|cat|all):)?(?P<text>[^"():]+|"[^"]*")$')


class _BadRequestError(Exception):
    def __init__(self, anchor: str, message: str) -> None:
        super().__init__(message)
        self.anchor = anchor


@dataclass(frozen=True, slots=True)
class _Request:
    search_query: str
    id_list: tuple[str, ...]
    start: int
    max_results: int
    sort_by: str
    is_ascending: bool


def answer_query(archive: Archive, query: str) -> Answer:
    """The answer to a query string; nonsense gets the API's error feed with status 400."""
    try:
        request = _request(query)
        found = _found(archive, request)
    except _BadRequestError as error:
        return Answer(_error_feed(archive, error), "application/atom+xml; charset=utf-8", 400)
    shown = found[request.start : request.start + request.max_results]
    root = _feed(archive, f"arXiv Query: {_told(request)}", request.max_results, len(found), request.start)
    for record, version in shown:
        _add_entry(root, record.sample.paper, version)
    return Answer(serialise(root), "application/atom+xml; charset=utf-8")


def _request(query: str) -> _Request:
    given = {name: values[0] for name, values in parse_qs(query, keep_blank_values=True).items()}
    search_query = given.get("search_query", "").strip()
    ids = tuple(part for part in re.split(r"[,\s]+", given.get("id_list", "")) if part)
    return _Request(
        search_query,
        ids,
        _whole_number(given, "start", 0),
        min(_whole_number(given, "max_results", 10), _SLICE),
        given.get("sortBy", "relevance"),
        given.get("sortOrder", "descending") == "ascending",
    )


def _whole_number(given: Mapping[str, str], name: str, default: int) -> int:
    text = given.get(name, str(default))
    if not text.isdecimal():
        raise _BadRequestError(f"{name}_must_be_an_integer", f"{name} must be a non-negative integer")
    return int(text)


def _told(request: _Request) -> str:
    return (
        f"search_query={request.search_query}&id_list={','.join(request.id_list)}"
        f"&start={request.start}&max_results={request.max_results}"
    )


def _found(archive: Archive, request: _Request) -> list[tuple[Record, int]]:
    """Matching records, each with the version asked for."""
    if request.id_list:
        named = [_lookup(archive, name) for name in request.id_list]
        found = [pair for pair in named if pair is not None]
    else:
        found = [(record, record.sample.paper.latest_version) for record in archive.records()]
    if request.search_query:
        found = [pair for pair in found if _matches(pair[0].sample.paper, request.search_query)]
    elif not request.id_list:
        return []
    if request.sort_by in {"submittedDate", "lastUpdatedDate"}:
        position = 0 if request.sort_by == "submittedDate" else -1
        found.sort(key=lambda pair: pair[0].sample.paper.versions[position].submitted_at)
        return found if request.is_ascending else found[::-1]
    return found


def _lookup(archive: Archive, name: str) -> tuple[Record, int] | None:
    try:
        asked = ArxivId.parse(name)
    except UsageError:
        raise _BadRequestError(f"incorrect_id_format_for_{name}", f"incorrect id format for {name}") from None
    record = archive.version(asked)
    return (record, asked.version or record.sample.paper.latest_version) if record else None


def _matches(paper: Paper, query: str) -> bool:
    first, *rest = _JOINT.split(query)
    verdict = _matches_term(paper, first)
    for joint, term in zip(rest[::2], rest[1::2], strict=True):
        hit = _matches_term(paper, term)
        match joint:
            case "AND":
                verdict = verdict and hit
            case "OR":
                verdict = verdict or hit
            case _:
                verdict = verdict and not hit
    return verdict


def _matches_term(paper: Paper, term: str) -> bool:
    if (parts := _TERM.match(term.strip())) is None:
        raise _BadRequestError("malformed_search_query", f"cannot read the search term {term!r}")
    text = parts["text"].casefold()
    if parts["field"] == "cat":
        return text in (category.casefold() for category in paper.categories)
    fields = {"ti": paper.title, "au": " ".join(paper.authors), "abs": paper.abstract}
    searched = fields.get(parts["field"], " ".join((*fields.values(), *paper.categories, paper.comment))).casefold()
    if text.startswith('"'):
        return text.strip('"') in searched
    words = set(re.findall(r"\w+", searched))
    return all(word in words for word in re.findall(r"\w+", text))


def _feed(archive: Archive, title: str, per_page: int, total: int, start: int) -> etree._Element:
    root = etree.Element(f"{{{ATOM_NS}}}feed", nsmap=namespaces(ATOM_NS, opensearch=_OPENSEARCH_NS, arxiv=ARXIV_NS))
    add(root, "id", "https://arxiv.org/api/loopback")
    add(root, "title", title)
    add(root, "updated", utc_stamp(archive.now))
    for tag, number in (("itemsPerPage", per_page), ("totalResults", total), ("startIndex", start)):
        add(root, f"{{{_OPENSEARCH_NS}}}{tag}", str(number))
    return root


def _error_feed(archive: Archive, error: _BadRequestError) -> bytes:
    root = _feed(archive, "arXiv Search Results", 1, 1, 0)
    address = f"https://arxiv.org/api/errors#{error.anchor}"
    entry = add(root, "entry")
    add(entry, "id", address)
    add(entry, "title", "Error")
    add(entry, "updated", utc_stamp(archive.now))
    add(entry, "link", href=address, rel="alternate", type="text/html")
    add(entry, "summary", str(error))
    add(add(entry, "author"), "name", "arXiv api core")
    return serialise(root)


def _add_entry(root: etree._Element, paper: Paper, version: int) -> None:
    history = {each.number: each for each in paper.versions}
    name = f"{paper.id}v{version}"
    entry = add(root, "entry")
    add(entry, "id", f"http://arxiv.org/abs/{name}")
    add(entry, "title", paper.title)
    add(entry, "updated", _submitted(history, version))
    add(entry, "link", href=f"https://arxiv.org/abs/{name}", rel="alternate", type="text/html")
    add(entry, "link", href=f"https://arxiv.org/pdf/{name}", rel="related", type="application/pdf", title="pdf")
    add(entry, "summary", paper.abstract)
    for category in paper.categories:
        add(entry, "category", term=category, scheme=ARXIV_NS)
    add(entry, "published", _submitted(history, 1))
    for tag, text in (("comment", paper.comment), ("journal_ref", paper.journal_ref), ("doi", paper.doi)):
        if text:
            add(entry, f"{{{ARXIV_NS}}}{tag}", text)
    add(entry, f"{{{ARXIV_NS}}}primary_category", term=paper.primary_category)
    for author in paper.authors:
        add(add(entry, "author"), "name", author)


def _submitted(history: Mapping[int, PaperVersion], number: int) -> str:
    return utc_stamp(history[number].submitted_at)
