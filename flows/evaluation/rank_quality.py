"""The figures of `autoreader eval rank`: every method on every reader, one run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from flows.evaluation.rank_methods import Asked, Method
from flows.evaluation.rank_ours import OURS, WITHOUT
from flows.evaluation.rank_papers import as_candidate, passage_text
from flows.evaluation.rank_rows import RankRow
from flows.evaluation.rank_scores import LESS_IS_BETTER, LOSS, PAIRS, POOLED_LOSS, interval, measures
from flows.evaluation.rank_sets import KnownReader, RankSet, named
from flows.evaluation.text_vectors import TextVectors
from pipeline.ports import Archive, Candidate
from pipeline.stages import Progress

Figures = dict[tuple[str, str], dict[str, float]]  # by method and metric: each reader's mean over their days


class Material:
    """The papers of a set as rankers see them, by id."""

    def __init__(self, labelled: RankSet, vectors: TextVectors) -> None:
        ids = sorted(named(labelled.readers))
        rows = vectors.of([passage_text(labelled.papers[one]) for one in ids])
        self._candidates = {one: as_candidate(labelled.papers[one], rows[row : row + 1]) for row, one in enumerate(ids)}

    def papers(self, ids: Iterable[str]) -> tuple[Candidate, ...]:
        """These papers in this order."""
        return tuple(self._candidates[one] for one in ids)

    def asked(self, reader: KnownReader) -> Asked:
        """The reader as they were before the first judged day."""
        profile = reader.profile
        archive = Archive(sample=self.papers(reader.background))
        return Asked(reader.name, profile, self.papers(profile.wanted_papers), self.papers(profile.dislikes), archive)


@dataclass(frozen=True)
class RankQuality:
    """Measures readers; progress counts the rankings."""

    material: Material
    progress: Progress

    def rows(self, groups: Mapping[str, Sequence[KnownReader]], methods: Mapping[str, Method]) -> list[RankRow]:
        """The rows of each group, methods in their order, and how much ours is above the best of the others."""
        everyone = tuple({id(reader): reader for readers in groups.values() for reader in readers}.values())
        figures = self._figures(everyone, methods)
        return [
            row
            for group, readers in groups.items()
            for row in _rows(f"{group} ({sum(len(one.judged) for one in readers)} rankings)", readers, figures)
        ]

    def _figures(self, readers: Sequence[KnownReader], methods: Mapping[str, Method]) -> Figures:
        single: dict[tuple[str, str], dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
        total = sum(len(reader.judged) for reader in readers)
        done = 0
        for reader in readers:
            asked = self.material.asked(reader)
            scorers = {name: method(asked) for name, method in methods.items()}
            for judged in reader.judged:
                self.progress("rank", done, total)
                day = self.material.papers(judged.candidates)
                for name, scorer in scorers.items():
                    for metric, value in measures(judged, scorer(day).tolist()).items():
                        single[name, metric][reader.name].append(value)
                done += 1
        self.progress("rank", done, total)
        return {key: {reader: fmean(values) for reader, values in found.items()} for key, found in single.items()}


def _rows(dataset: str, readers: Sequence[KnownReader], figures: Figures) -> Iterator[RankRow]:
    names = {reader.name for reader in readers}
    found = {key: {who: value for who, value in by.items() if who in names} for key, by in figures.items()}
    found = {key: by for key, by in found.items() if by}
    for (method, metric), values in found.items():
        if metric == PAIRS:
            pooled = interval(list(found[method, LOSS].values()), list(values.values()))
            yield RankRow.of(dataset, method, POOLED_LOSS, pooled)
        else:
            yield RankRow.of(dataset, method, metric, interval(list(values.values())))
    for metric in dict.fromkeys(metric for _, metric in found if metric != PAIRS):
        yield from _margins(
            dataset, metric, {method: values for (method, one), values in found.items() if one == metric}
        )


def _margins(dataset: str, metric: str, values: Mapping[str, Mapping[str, float]]) -> Iterator[RankRow]:
    """Paired differences, above 0 for the better: of ours to the best of the others, and to ours without a part."""
    sign = -1 if metric in LESS_IS_BETTER else 1
    others = [method for method in values if not method.startswith((OURS, WITHOUT))]
    best = max(others, key=lambda method: sign * fmean(values[method].values()), default=None)
    pairs = (
        [] if best is None else [(f"{one} over the best other", one, best) for one in values if one.startswith(OURS)]
    )
    pairs += [(f"what {one.removeprefix(WITHOUT)} adds", OURS, one) for one in values if one.startswith(WITHOUT)]
    for name, ours, other in pairs:
        if ours in values:
            gained = [sign * (value - values[other][who]) for who, value in values[ours].items()]
            yield RankRow.of(dataset, name, metric, interval(gained))
