"""Whole searches over an archive built as the product builds it: their times, the process's memory, and its growth."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from flows.evaluation.index_bench.archive import A_DAY, DrawnChunks, DrawnVectors
from flows.evaluation.index_bench.serving import Answered, Serving, serving
from flows.evaluation.index_bench.texts import CHUNKS_A_PAPER, TextLaw
from flows.evaluation.index_bench.timing import folder_mb
from flows.evaluation.index_bench.vectors import METHOD
from flows.evaluation.rows import Row
from index import open_builder
from pipeline.ports import Shard

_SHARES = (0.1, 0.01, 0.001)
_ONE_PAPER = "id:0000.00000"
_SAMPLE = 2000  # chunks drawn to tell drawing from building
_QUESTION_SEED = 3


@dataclass(frozen=True, slots=True)
class SearchRun:
    """An archive of `count` chunks below a folder; its last day is added while the rest is being searched."""

    folder: Path
    vectors: DrawnVectors
    texts: TextLaw
    count: int
    questions: int

    def rows(self) -> Iterator[Row]:
        """Builds all but the last day, searches it, adds that day meanwhile, and tells all of it."""
        data, before = f"{self.count} chunks", max(self.count - A_DAY, A_DAY)
        shards = self.vectors.shards(0, before)
        cpu_s, _ = self._build(shards, before)
        yield Row(data, METHOD, "build CPU-s without drawing", cpu_s, before)
        yield Row(data, METHOD, "index MB on disk", folder_mb(self.folder / "index"), before)
        with serving(self.folder / "index", self.vectors.contract.chunker) as process:
            yield Row(data, METHOD, "opening s", process.opened["open_s"], 1)
            yield Row(data, METHOD, "loading the model s", process.opened["model_s"], 1)
            yield from self._searches(data, process)
            shards += self.vectors.shards(before, A_DAY)
            yield from self._day(data, process, shards, before + A_DAY)

    def _searches(self, data: str, process: Serving) -> Iterator[Row]:
        conditions = {"": ""}
        for share in _SHARES:
            conditions |= self.texts.conditions(share)
        answered = Answered.none()
        for name, condition in (conditions | {"one paper is left": _ONE_PAPER}).items():
            answered = process.ask([f"{question} {condition}" for question in self._questions()])
            yield from answered.times.rows(f"{data}, {name}" if name else data, METHOD)
        for name, megabytes in answered.memory_mb.items():
            yield Row(data, METHOD, f"serving process {name} MB", megabytes, 1)

    def _day(self, data: str, process: Serving, shards: list[Shard], count: int) -> Iterator[Row]:
        """Adds a day's chunks in this process while the other one answers without pause."""
        is_done, answers = threading.Event(), list[Answered]()

        def ask_on() -> None:
            while not is_done.is_set():
                answers.append(process.ask(self._questions()[:10]))

        asking = threading.Thread(target=ask_on)
        asking.start()
        try:
            cpu_s, wall_s = self._build(shards, count)
        finally:
            is_done.set()
            asking.join()
        yield Row(data, METHOD, "adding a day CPU-s without drawing", cpu_s, A_DAY)
        yield Row(data, METHOD, "adding a day s", wall_s, A_DAY)
        together = Answered.all_of(answers)
        yield from together.times.rows(f"{data}, while a day is added", METHOD)
        yield Row(data, METHOD, "searches failed while a day is added", together.failed, len(together.times.wall))

    def _build(self, shards: list[Shard], count: int) -> tuple[float, float]:
        """Seconds of the processor and of the wall that the next generation took, without those of making texts up."""
        source = DrawnChunks(self.texts, count, self.count)
        builder = open_builder(self.folder / "index", self.vectors.folder)
        added = shards[-1].rows if count > A_DAY and (self.folder / "index").is_dir() else count
        drawing = self._drawing_s() * added
        used, started = time.process_time(), time.perf_counter()
        builder.build(self.vectors.contract, shards, source, f"{count} chunks")
        return time.process_time() - used - drawing, time.perf_counter() - started - drawing

    def _drawing_s(self) -> float:
        started = time.process_time()
        for number in range(_SAMPLE):
            self.texts.chunk(number, -(-self.count // CHUNKS_A_PAPER))
        return (time.process_time() - started) / _SAMPLE

    def _questions(self) -> list[str]:
        return self.texts.questions(self.questions, _QUESTION_SEED)
