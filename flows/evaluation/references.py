"""How well references are read: fields of strings, and DOIs, entries and fields from PDFs, beside refextract."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from flows.evaluation.peers import Peers
from flows.evaluation.reference_methods import (
    REFEXTRACT,
    Bibliography,
    ask_refextract,
    merged,
    ours,
    plain,
    plain_dois,
    raw_text,
    read_bibliography,
    read_links,
)
from flows.evaluation.reference_scores import FieldTallies, Found, is_same, letters, name_words, recall
from flows.evaluation.reference_truth import (
    FIELDS,
    KnownBibliography,
    KnownReference,
    load_bibliographies,
    load_names,
    load_strings,
)
from flows.evaluation.rows import Row
from ocr.bibliography.identifiers import identifiers_of_url
from pipeline.errors import UsageError

_OURS, _PRINTED, _PLAIN = "autoreader", "autoreader, printed text only", "patterns"
_STRINGS = "references"
_SETS = ("jose", "juliacon")


def evaluate_references(data: Path, peers: Peers) -> list[Row]:
    """The rows of all sets; refextract's only where it is installed. Raises UsageError where `data` holds none.

    F1 counts a field as found where a method says anything, as known where the truth does, as right where both are the
    same (see `reference_scores.is_same`).
    """
    strings = sorted((data / "references").glob("*evaluation*.tei.xml"))
    if not strings:
        raise UsageError(f"no reference strings in {data / 'references'}: expected *.tei.xml")
    rows = [row for path in strings for row in _string_rows(path, peers)]
    rows += [row for path in sorted((data / "references").glob("*author*.tei.xml")) for row in _name_rows(path)]
    for name in _SETS:
        rows += _pdf_rows(name, load_bibliographies(data / "pdf" / name), peers)
    return rows


def _string_rows(path: Path, peers: Peers) -> Iterator[Row]:
    known = load_strings(path)
    name = f"{_STRINGS} {path.name.removesuffix('.tei.xml').rpartition('citation-')[2]}"
    answers: dict[str, list[Found]] = {
        _OURS: [ours(one.text) for one in known],
        _PLAIN: [plain(one.text) for one in known],
    }
    if peers.has(REFEXTRACT):
        answers[REFEXTRACT] = [merged(parts) for parts in ask_refextract([{"text": one.text} for one in known], peers)]
    for method, found in answers.items():
        yield from _field_rows(name, method, known, found)


def _field_rows(dataset: str, method: str, known: Sequence[KnownReference], found: Iterable[Found]) -> Iterator[Row]:
    tallies = FieldTallies()
    for one, fields in zip(known, found, strict=True):
        tallies.count(one, fields)
    for name in FIELDS:
        if (tally := tallies.by_field[name]).known:
            yield Row(dataset, method, f"{name} F1", tally.f1, tally.known)
    yield Row(dataset, method, "micro F1", tallies.micro.f1, tallies.micro.known)


def _name_rows(path: Path) -> Iterator[Row]:
    lists = load_names(path)
    right = 0
    for printed, families in lists:
        found = ours(printed)["authors"].split("; ")
        right += [letters(name.partition(",")[0]) for name in found] == [letters(name) for name in families]
    yield Row(f"{_STRINGS} authors", _OURS, "all family names right", right / len(lists), len(lists))


def _pdf_rows(dataset: str, papers: Sequence[KnownBibliography], peers: Peers) -> Iterator[Row]:
    read = {paper.pdf: read_bibliography(paper.pdf, with_links=True) for paper in papers}
    bare = {paper.pdf: read_bibliography(paper.pdf, with_links=False) for paper in papers}
    found: dict[str, dict[Path, list[str]]] = {
        _OURS: {pdf: _dois(one) for pdf, one in read.items()},
        _PRINTED: {pdf: _dois(one) for pdf, one in bare.items()},
        _PLAIN: {paper.pdf: plain_dois(raw_text(paper.pdf)) for paper in papers},
    }
    if peers.has(REFEXTRACT):
        answers = ask_refextract([{"pdf": str(paper.pdf.absolute())} for paper in papers], peers)
        found[REFEXTRACT] = {
            paper.pdf: [one["doi"] for one in answer] for paper, answer in zip(papers, answers, strict=True)
        }
    there = {paper.pdf: _is_there(paper.pdf) for paper in papers}
    present = {paper.pdf: [doi for doi in paper.dois if there[paper.pdf](doi)] for paper in papers}
    every = {paper.pdf: paper.dois for paper in papers}
    yield Row(dataset, "the PDFs themselves", "DOIs printed or linked", *_recall(every, present))
    for method, by_pdf in found.items():
        yield Row(dataset, method, "DOI recall", *_recall(every, by_pdf))
        yield Row(dataset, method, "DOI recall of those printed or linked", *_recall(present, by_pdf))
    yield from _entry_rows(dataset, papers, read)


def _entry_rows(dataset: str, papers: Sequence[KnownBibliography], read: dict[Path, Bibliography]) -> Iterator[Row]:
    """How well lists are parted, what of their entries the text cites, and fields of the works known by DOI."""
    lists = [read[paper.pdf] for paper in papers]
    labelled = [
        [one.label for one in found.references] for found in lists if any(one.label for one in found.references)
    ]
    if labelled:
        whole = sum(labels == [str(number + 1) for number in range(len(labels))] for labels in labelled)
        yield Row(dataset, _OURS, "lists numbered without a gap", whole / len(labelled), len(labelled))
    else:
        same = sum(len(found.references) == paper.count for found, paper in zip(lists, papers, strict=True))
        yield Row(dataset, _OURS, "lists with Crossref's number of entries", same / len(papers), len(papers))
    entries = sum(len(found.references) for found in lists)
    cited = sum(len({index for one in found.citations for index in one.references}) for found in lists)
    yield Row(dataset, _OURS, "entries cited in the text", cited / max(1, entries), entries)
    yield from _work_rows(dataset, papers, read)


def _work_rows(dataset: str, papers: Sequence[KnownBibliography], read: dict[Path, Bibliography]) -> Iterator[Row]:
    right = dict.fromkeys(("authors", "title", "year", "venue"), 0)
    known = dict.fromkeys(right, 0)
    for paper in papers:
        by_doi = {one.doi: one for one in read[paper.pdf].references if one.doi}
        for work in paper.works:
            if (one := by_doi.get(work.doi)) is None:
                continue
            got = {"title": one.title, "year": str(one.year or ""), "venue": one.venue}
            for name in right:
                expected = getattr(work, name)
                known[name] += bool(expected)
                if name == "authors":  # Crossref names the first author's family alone
                    first = one.authors[0] if one.authors else ""
                    right[name] += bool(expected) and name_words(expected) <= name_words(first)
                else:
                    right[name] += bool(expected) and is_same(name, expected, got[name])
    for name, count in known.items():
        if count:
            label = "first author" if name == "authors" else name
            yield Row(dataset, _OURS, f"{label} right, works known by DOI", right[name] / count, count)


def _dois(found: Bibliography) -> list[str]:
    return [one.doi for one in found.references if one.doi]


def _recall(expected: Mapping[Path, Sequence[str]], found: Mapping[Path, Sequence[str]]) -> tuple[float, int]:
    counts = [recall(dois, found[pdf]) for pdf, dois in expected.items()]
    right, known = (sum(column) for column in zip(*counts, strict=True))
    return right / max(1, known), known


def _is_there(pdf: Path) -> Callable[[str], bool]:
    """Whether a DOI stands anywhere in a PDF, in print (but for spaces and hyphens) or as a link."""
    text = letters(raw_text(pdf))
    linked = {identifiers_of_url(address).doi for links in read_links(pdf).values() for _, address in links}
    return lambda doi: letters(doi) in text or doi in linked
