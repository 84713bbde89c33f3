"""All of `autoreader eval rank` in one run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from flows.evaluation.rank_methods import Asked, Method, Scorer, baselines
from flows.evaluation.rank_ours import OURS, RankerMethod, RankingEncoder
from flows.evaluation.rank_quality import Material, RankQuality
from flows.evaluation.rank_reading import RankSource
from flows.evaluation.rank_rows import RankRow
from flows.evaluation.text_vectors import TextVectors
from pipeline.ports import Encoder
from pipeline.stages import Progress
from pipeline.subscriber import Interest
from rerank import open_ranker


@dataclass(frozen=True, slots=True)
class RankParts:
    """What is measured beside the methods: `interests` are plain words by the name of a reader."""

    interests: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ablation: bool = False
    cold_start: bool = False
    calibration: bool = False
    merged: bool = False
    plot: Path | None = None


def evaluate_ranking(
    source: RankSource, parts: RankParts, vectors: TextVectors, encoder: Encoder, progress: Progress
) -> list[RankRow]:
    """The rows of all parts. Raises UsageError where there is nothing to measure."""
    labelled = source.read(vectors)
    material = Material(labelled, vectors)
    ranker = open_ranker(RankingEncoder(encoder))
    ours: dict[str, Method] = {OURS: RankerMethod(ranker)}
    if parts.interests:
        ours[f"{OURS} + interest"] = Saying(ours[OURS], parts.interests)
    return RankQuality(material, progress).rows(labelled.groups(), {**baselines(), **ours})


@dataclass(frozen=True, slots=True)
class Saying:
    """A method told each reader's interest in plain words as well; who has none is ranked without."""

    method: Method
    interests: Mapping[str, tuple[str, ...]]

    def __call__(self, asked: Asked) -> Scorer:
        """A scorer of days for this reader."""
        said = tuple(Interest(text) for text in self.interests.get(asked.name, ()))
        profile = replace(asked.profile, interests=(*asked.profile.interests, *said))
        return self.method(replace(asked, profile=profile))
