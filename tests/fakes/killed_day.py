"""A day that is killed in the middle of a stage: `python -m tests.fakes.killed_day HOME ARXIV_URL STAGE TICK`.

Runs the real day and, at the TICK-th dangerous moment of STAGE, ends itself with SIGKILL. Dangerous moments are the
instants before a transaction commits, between two pages of arXiv's answer, and between two chunks given to the index.
Pages that mention a formula are read by an OCR engine that is none.
STAGE `none` lets the day live.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from flows.steps import run_day
from flows.wiring import Parts
from pipeline.document import EmbeddingContract, Engine
from pipeline.ports import (
    I64,
    Census,
    ChunkSource,
    Feed,
    GenerationBuilder,
    IndexedChunk,
    PaperSource,
    Shard,
    SourceRecord,
)
from pipeline.stages import PageEngines
from pipeline.store import Store, UnitOfWork
from pipeline.store.engine import open_engine
from tests.fakes.page_readers import FakeReader, FakeRouter, PlainAssembler
from tests.fakes.parts import DAY, make_settings, open_test_parts


@dataclass
class Killer:
    """Counts the dangerous moments of one stage."""

    stage: str
    tick: int
    current: str = ""

    def run(self, name: str, step: Callable[[], Any]) -> Any:  # Any: whatever the step returns
        self.current = name
        return step()

    def moment(self) -> None:
        if self.current == self.stage:
            self.tick -= 1
            if self.tick == 0:
                os.kill(os.getpid(), signal.SIGKILL)


class KillingStore(Store):
    """A store whose every commit may be the last thing it nearly did."""

    killer: Killer

    @contextmanager
    def begin(self) -> Iterator[UnitOfWork]:
        with super().begin() as work:
            yield work
            self.killer.moment()


@dataclass
class KillingSource:
    """arXiv, with a death between two pages."""

    real: PaperSource
    killer: Killer

    def changed_since(self, since: date, categories: Sequence[str]) -> Iterator[list[SourceRecord]]:
        for page in self.real.changed_since(since, categories):
            self.killer.moment()
            yield page

    def record(self, paper_id: str) -> SourceRecord | None:
        return self.real.record(paper_id)

    def feed(self, categories: Sequence[str]) -> Feed:
        return self.real.feed(categories)

    def pdf(self, paper_id: str, version: int) -> bytes:
        return self.real.pdf(paper_id, version)


@dataclass
class KillingBuilder:
    """An index builder that dies over a chunk."""

    real: GenerationBuilder
    killer: Killer

    def is_current(self, contract: EmbeddingContract, shards: Sequence[Shard], fingerprint: str) -> bool:
        return self.real.is_current(contract, shards, fingerprint)

    def build(
        self,
        contract: EmbeddingContract,
        shards: Sequence[Shard],
        source: ChunkSource,
        fingerprint: str,
        *,
        afresh: bool = False,
    ) -> int:
        watched = KillingChunks(source, self.killer)
        return self.real.build(contract, shards, watched, fingerprint, afresh=afresh)


@dataclass
class KillingChunks:
    """Chunks over any of which the run dies."""

    real: ChunkSource
    killer: Killer

    def census(self) -> Census:
        return self.real.census()

    def chunks(self, ids: I64) -> Iterator[IndexedChunk]:
        for chunk in self.real.chunks(ids):
            self.killer.moment()
            yield chunk


def arm(parts: Parts, killer: Killer) -> None:
    """Puts the killer behind every dangerous moment of these parts."""
    store = KillingStore(open_engine(parts.settings.database))
    store.killer = killer
    parts.__dict__.update(
        store=store, source=KillingSource(parts.source, killer), builder=KillingBuilder(parts.builder, killer)
    )


def main() -> None:
    home, url, stage, tick = sys.argv[1:]
    with open_test_parts(make_settings(Path(home), url)) as parts:
        killer = Killer(stage, int(tick))
        parts.__dict__["engines"] = PageEngines(
            FakeRouter(rich=Engine.RAPIDOCR), {Engine.RAPIDOCR: FakeReader()}, PlainAssembler()
        )
        arm(parts, killer)
        run_day(parts, DAY, killer.run)


if __name__ == "__main__":
    main()
