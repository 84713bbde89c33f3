"""Who cites whom: the names of cited works, and which stored paper each of them means."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, delete, distinct, func, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from pipeline.batches import batched
from pipeline.citations import KnownName, key_of, names_of, names_of_paper, paper_key, paper_of
from pipeline.document import Reference
from pipeline.paper import Paper
from pipeline.tables import citations, documents, work_names

_FEW = 1000  # papers that cite one: so many are counted one by one
_BATCH = 10_000  # values a statement may bind in SQLite: 32,766; in PostgreSQL 65,535


@dataclass(frozen=True, slots=True)
class Literature:
    """What some papers cite, by key; how many papers here cite each work, of so many whose references are known."""

    references: Mapping[str, frozenset[str]]
    citations: Mapping[str, int]
    papers: int


class CitationRows:
    """Reads and writes the edges between papers, on one transaction.

    A work is known by its key (see `pipeline.citations`), `arxiv:` and its id where it is stored.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def name(self, papers: Iterable[Paper]) -> None:
        """Lets references find these papers by id, DOI and title; a name that another paper has stays that one's."""
        owners: dict[str, str] = {}
        for paper in papers:
            for name in names_of_paper(paper):
                owners.setdefault(name, paper.id)
        self._keep([{"name": name, "paper_id": paper_id} for name, paper_id in sorted(owners.items())])

    def replace(self, paper_id: str, cited: Sequence[Reference]) -> None:
        """Gives a paper these references instead of the ones it had."""
        ordinals: dict[str, int] = {}
        for ordinal, reference in enumerate(cited):
            for name in names_of(reference):
                ordinals.setdefault(name, ordinal)
        self._connection.execute(delete(citations).where(citations.c.paper_id == paper_id))
        if not ordinals:
            return
        self._keep([{"name": name, "paper_id": None} for name in sorted(ordinals)])
        ids = {row.name: row.id for row in self._rows(select(work_names), work_names.c.name, ordinals)}
        rows = [{"paper_id": paper_id, "name_id": ids[name], "ordinal": ordinal} for name, ordinal in ordinals.items()]
        self._connection.execute(insert(citations), rows)

    def references_of(self, ids: Collection[str]) -> dict[str, frozenset[str]]:
        """The works that each of these papers cites; papers whose references are not known are left out."""
        cited = self._cited(ids)
        return _by_key(cited, self._known({name_id for names in cited.values() for name_id in names}))

    def around(self, ids: Collection[str]) -> Literature:
        """What these papers cite, and how many papers here cite those works and these papers."""
        cited = self._cited(ids)
        known = self._known({name_id for names in cited.values() for name_id in names})
        references = _by_key(cited, known)
        stored = {name.paper_id for name in known.values() if name.paper_id} | set(ids)
        counts = {name.name: name.papers for name in known.values() if not name.paper_id}
        counts |= {paper_key(paper_id): count for paper_id, count in self._counts_of_papers(stored).items()}
        return Literature(references, counts, self.papers())

    def citation_counts(self, keys: Collection[str]) -> dict[str, int]:
        """How many papers here cite each of these works; those that none cites are left out."""
        meant = self._meant(keys)
        named = self._counts([row.id for row in meant.values() if row.paper_id is None])
        stored = self._counts_of_papers({row.paper_id for row in meant.values() if row.paper_id is not None})
        counts = {key: (stored if row.paper_id else named).get(row.paper_id or row.id, 0) for key, row in meant.items()}
        return {key: count for key, count in counts.items() if count}

    def cited_by(self, keys: Collection[str]) -> dict[str, frozenset[str]]:
        """The ids of the papers here that cite each of these works, under whatever name; of itself none is one."""
        meant = self._meant(keys)
        names = {row.id: row.id for row in meant.values() if row.paper_id is None}
        owned = select(work_names.c.id, work_names.c.paper_id)
        owners = {row.paper_id for row in meant.values() if row.paper_id is not None}
        of_papers: dict[str, set[int]] = {}
        for row in self._rows(owned, work_names.c.paper_id, owners):
            of_papers.setdefault(row.paper_id, set()).add(row.id)
        wanted = {*names, *(name_id for ids in of_papers.values() for name_id in ids)}
        citing: dict[int, set[str]] = {}
        for row in self._rows(select(citations), citations.c.name_id, wanted):
            citing.setdefault(row.name_id, set()).add(row.paper_id)
        found: dict[str, frozenset[str]] = {}
        for key, row in meant.items():
            ids = of_papers[row.paper_id] if row.paper_id is not None else {row.id}
            papers = frozenset[str]().union(*(citing.get(one, ()) for one in ids)) - {row.paper_id}
            if papers:
                found[key] = papers
        return found

    def stored_among(self, paper_id: str) -> dict[int, str]:
        """The stored papers that a paper's references mean, by the references' ordinals."""
        cited = self._cited([paper_id])
        known = self._known({name_id for names in cited.values() for name_id in names})
        keys = {ordinal: key_of(known[one] for one in names) for (_, ordinal), names in cited.items()}
        stored = {name.paper_id for name in known.values()} - {"", paper_id}
        return {ordinal: paper_of(key) for ordinal, key in keys.items() if paper_of(key) in stored}

    def sizes(self, ids: Collection[str]) -> dict[str, int]:
        """How many works each of these papers cites; those whose references are not known are left out."""
        query = select(citations.c.paper_id, func.count(distinct(citations.c.ordinal))).group_by(citations.c.paper_id)
        return {row[0]: row[1] for row in self._rows(query, citations.c.paper_id, ids)}

    def papers(self) -> int:
        """How many papers were read, so that their references are known."""
        return self._connection.execute(select(func.count(distinct(documents.c.paper_id)))).scalar_one()

    def _keep(self, rows: list[dict[str, Any]]) -> None:  # Any: column values
        """Stores names, in order, so that two writers do not lock each other out; an owner stays."""
        if not rows:
            return
        build = (postgresql if self._connection.dialect.name == "postgresql" else sqlite).insert(work_names)
        owner = build.excluded.paper_id
        is_news = work_names.c.paper_id.is_(None) & owner.is_not(None)
        keep = build.on_conflict_do_update(index_elements=["name"], set_={"paper_id": owner}, where=is_news)
        self._connection.execute(keep, rows)

    def _rows(self, query: Select[Any], column: ColumnElement[Any], values: Iterable[Any]) -> Iterator[Row[Any]]:
        for some in batched(sorted(set(values)), _BATCH):
            yield from self._connection.execute(query.where(column.in_(some))).all()

    def _meant(self, keys: Collection[str]) -> dict[str, Row[Any]]:  # Any: a row of `work_names`
        """What is known under each key."""
        return {row.name: row for row in self._rows(select(work_names), work_names.c.name, keys)}

    def _cited(self, ids: Collection[str]) -> dict[tuple[str, int], list[int]]:
        """The names of each reference, by paper and ordinal."""
        query = select(citations.c.paper_id, citations.c.ordinal, citations.c.name_id)
        cited: dict[tuple[str, int], list[int]] = {}
        for paper_id, ordinal, name_id in self._rows(query, citations.c.paper_id, ids):
            cited.setdefault((paper_id, ordinal), []).append(name_id)
        return cited

    def _known(self, ids: Collection[int]) -> dict[int, KnownName]:
        counts = self._counts(ids)
        query = select(work_names.c.id, work_names.c.name, work_names.c.paper_id)
        return {
            name_id: KnownName(name, counts.get(name_id, 0), paper_id or "")
            for name_id, name, paper_id in self._rows(query, work_names.c.id, ids)
        }

    def _counts(self, ids: Iterable[int]) -> dict[int, int]:
        """How many papers cite under each of these names; .25 s for the 49,000 of a day among 100,000 papers."""
        query = select(citations.c.name_id, func.count()).group_by(citations.c.name_id)
        return {row[0]: row[1] for row in self._rows(query, citations.c.name_id, ids)}

    def _counts_of_papers(self, ids: Iterable[str]) -> dict[str, int]:
        """How many papers cite each of these stored ones, under any of its names.

        Where many do, it is as many as cite it under its commonest name: to tell them all apart takes a second for what
        will be seen as a logarithm.
        """
        query = select(work_names.c.id, work_names.c.paper_id)
        owners = {row.id: row.paper_id for row in self._rows(query, work_names.c.paper_id, ids)}
        counts: dict[str, list[int]] = {}
        for name_id, count in self._counts(owners).items():
            counts.setdefault(owners[name_id], []).append(count)
        exact = (
            select(work_names.c.paper_id, func.count(distinct(citations.c.paper_id)))
            .join(citations, citations.c.name_id == work_names.c.id)
            .where(citations.c.paper_id != work_names.c.paper_id)
            .group_by(work_names.c.paper_id)
        )
        few = [paper_id for paper_id, named in counts.items() if sum(named) <= _FEW]
        known = {row[0]: row[1] for row in self._rows(exact, work_names.c.paper_id, few)}
        return {paper_id: max(named) for paper_id, named in counts.items() if sum(named) > _FEW} | known


def _by_key(
    cited: Mapping[tuple[str, int], Sequence[int]], known: Mapping[int, KnownName]
) -> dict[str, frozenset[str]]:
    """The keys of the works that each paper cites."""
    standing = {name_id: name.standing for name_id, name in known.items()}
    keys = {name_id: name.key for name_id, name in known.items()}
    found: dict[str, set[str]] = {}
    for (paper_id, _), names in cited.items():
        chosen = names[0] if len(names) == 1 else max(names, key=standing.__getitem__)
        found.setdefault(paper_id, set()).add(keys[chosen])
    # A paper's own line at its foot may read like a reference.
    others = ((paper_id, frozenset(works - {paper_key(paper_id)})) for paper_id, works in found.items())
    return {paper_id: works for paper_id, works in others if works}
