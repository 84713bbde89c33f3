"""All of `autoreader eval rank` in one run."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from flows.evaluation.rank_calibration import calibration_rows, tell
from flows.evaluation.rank_cold_start import cold_start_rows
from flows.evaluation.rank_merged import merged_interests, merged_readers
from flows.evaluation.rank_methods import Method, baselines
from flows.evaluation.rank_ours import OURS, WITHOUT, RankerMethod, Saying
from flows.evaluation.rank_plots import check_plotting, draw_calibration, draw_cold_start
from flows.evaluation.rank_quality import Material, RankQuality
from flows.evaluation.rank_reading import RankSource, with_interests
from flows.evaluation.rank_rows import RankRow
from flows.evaluation.rank_sets import RankSet
from flows.evaluation.text_vectors import TextVectors
from flows.light_encoder import LightEncoder
from pipeline.errors import UsageError
from pipeline.ports import Encoder, Ranker
from pipeline.stages import Progress
from rerank import open_ranker

_TOLD = f"{OURS} + interest"


@dataclass(frozen=True, slots=True)
class RankParts:
    """What is measured beside the ranking of days: `interests` are plain words by the name of a reader.

    `only` are the methods to be compared, all where it is empty; `ablated` opens the ranker without each of its parts,
    by the part's name.
    """

    interests: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    only: Collection[str] = ()
    ablated: Callable[[Encoder], Mapping[str, Ranker]] | None = None
    cold_start: bool = False
    calibration: bool = False
    merged: bool = False
    plot: Path | None = None


def evaluate_ranking(
    source: RankSource, parts: RankParts, vectors: TextVectors, encoder: Encoder, progress: Progress
) -> list[RankRow]:
    """The rows of all parts. Raises UsageError where there is nothing to measure, or a picture cannot be drawn."""
    if parts.plot is not None:
        check_plotting()
    labelled = source.read(vectors)
    seen = LightEncoder(encoder)
    rankers = {OURS: open_ranker(seen)}
    if parts.ablated is not None:
        rankers |= {f"{WITHOUT}{name}": ranker for name, ranker in parts.ablated(seen).items()}
    evaluation = _Evaluation(labelled, parts, Material(labelled, vectors), rankers, progress)
    rows = list(evaluation.rows())
    if parts.plot is not None:
        draw_cold_start(rows, parts.plot)
        draw_calibration(rows, parts.plot)
    return rows


@dataclass(frozen=True)
class _Evaluation:
    labelled: RankSet
    parts: RankParts
    material: Material
    rankers: Mapping[str, Ranker]
    progress: Progress

    @property
    def _ranker(self) -> Ranker:
        return self.rankers[OURS]

    def rows(self) -> Iterator[RankRow]:
        quality = RankQuality(self.material, self.progress)
        yield from quality.rows(self.labelled.groups(), self._methods(self.parts.interests))
        if self.parts.merged:
            yield from self._merged(quality)
        if self.parts.cold_start:
            readers, interests = self.labelled.readers, self.parts.interests
            yield from cold_start_rows(self._ranker, self.material, readers, interests, self.progress)
        if self.parts.calibration:
            for name, told in self._told().items():
                yield from calibration_rows(name, tell(self._ranker, self.material, told.readers, self.progress))

    def _merged(self, quality: RankQuality) -> list[RankRow]:
        several = merged_readers(self.labelled.readers)
        everyone = [reader for readers in several.values() for reader in readers]
        return quality.rows(several, self._methods(merged_interests(everyone, self.parts.interests)))

    def _told(self) -> dict[str, RankSet]:
        """The readers by what they say, by the method's name."""
        if not self.parts.interests:
            return {OURS: self.labelled}
        return {OURS: self.labelled, _TOLD: with_interests(self.labelled, self.parts.interests)}

    def _methods(self, interests: Mapping[str, Sequence[str]]) -> dict[str, Method]:
        """Those asked for. Raises UsageError for a name that none has."""
        every: dict[str, Method] = {
            **baselines(),
            **{name: RankerMethod(ranker) for name, ranker in self.rankers.items()},
        }
        if self.parts.interests:
            every[_TOLD] = Saying(every[OURS], interests)
        if unknown := set(self.parts.only) - set(every):
            raise UsageError(f"--only {min(unknown)}: there is {', '.join(every)}")
        return {name: method for name, method in every.items() if name in (self.parts.only or every)}
