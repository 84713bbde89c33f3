"""Which trained models a day is ranked with: opened from the registry, else from the settings, else none."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass

from pipeline.config import RerankSettings
from pipeline.ports import PairScorer
from rerank.adapter import Adapter
from rerank.registry import ModelKind, Registry
from rerank.second_look import scorer_key
from rerank.train import ADAPTER_FILE


@dataclass(frozen=True, slots=True)
class DayScorer:
    """Who reads the heads of a day again, and what its scores are called in the memory."""

    scorer: PairScorer
    key: str


def open_day_scorer(settings: RerankSettings, registry: Registry, closing: ExitStack) -> DayScorer | None:
    """The cross-encoder that was trained here and serves, else the reranker that is set, else None.

    Raises ConfigError for a model that cannot be loaded, NotFoundError where the one that serves is gone.
    """
    from rerank import open_scorer

    if entry := registry.serving(ModelKind.CROSS_ENCODER):
        settings = RerankSettings(model=str(registry.folder_of(entry.name)), weight=settings.weight)
        key = entry.name  # a name is never given twice, while a folder may move
    else:
        key = scorer_key(settings)
    scorer = open_scorer(settings, closing)
    return DayScorer(scorer, key) if scorer else None


def open_day_adapter(registry: Registry, contract_key: str) -> Adapter | None:
    """The adapter that serves; None where there is none for vectors of this contract.

    Raises ConfigError where it cannot be read, NotFoundError where it is gone.
    """
    entry = registry.serving(ModelKind.ADAPTER)
    if entry is None or entry.contract_key != contract_key:
        return None
    return Adapter.load(registry.folder_of(entry.name) / ADAPTER_FILE)
