"""The program that searches as the web page does, in a process of its own: `python -m ...serving INDEX CHUNKER`.

It answers one JSON list of queries a line from stdin with one JSON document a line: the milliseconds of each, how many
failed, and the memory of the process. The first line it writes tells what opening took.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flows.evaluation.index_bench.timing import Times, memory_mb
from pipeline.errors import AutoreaderError


@dataclass(frozen=True, slots=True)
class Answered:
    """What became of some queries."""

    times: Times
    failed: int
    memory_mb: dict[str, float]

    @classmethod
    def none(cls) -> Answered:
        """No queries."""
        return cls(Times((), ()), 0, {})

    @classmethod
    def all_of(cls, parts: Sequence[Answered]) -> Answered:
        """What became of several lists of queries; the memory is that after the last."""
        wall = tuple(value for part in parts for value in part.times.wall)
        processor = tuple(value for part in parts for value in part.times.processor)
        return cls(Times(wall, processor), sum(part.failed for part in parts), parts[-1].memory_mb if parts else {})


class Serving:
    """The process at work, as the one that measures sees it."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self.opened: dict[str, float] = self._read()

    def ask(self, queries: Sequence[str]) -> Answered:
        """Has the queries answered one after the other. Raises AutoreaderError where the process died."""
        if self._process.stdin is None:
            raise AutoreaderError("the searching process has no input")
        self._process.stdin.write(json.dumps(list(queries)) + "\n")
        self._process.stdin.flush()
        told = self._read()
        return Answered(Times(tuple(told["wall"]), tuple(told["processor"])), told["failed"], told["memory_mb"])

    def _read(self) -> Any:  # Any: JSON
        line = self._process.stdout.readline() if self._process.stdout else ""
        if not line:
            raise AutoreaderError(f"the searching process ended with exit code {self._process.wait()}")
        return json.loads(line)


@contextmanager
def serving(index: Path, chunker: str) -> Iterator[Serving]:
    """Starts the process over an index of this chunker's contract, on one thread, and ends it."""
    command = [sys.executable, "-m", __name__, str(index), chunker]
    with subprocess.Popen(  # noqa: S603 (ours)
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=os.environ | {"OMP_NUM_THREADS": "1"}
    ) as process:
        yield Serving(process)
        if process.stdin is not None:
            process.stdin.close()


def main(index: str, chunker: str) -> None:
    """Answers until stdin ends."""
    from index import open_encoder, open_search
    from pipeline.config import load_settings

    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # whatever else prints goes to stderr
    started = time.perf_counter()
    encoder = open_encoder(load_settings().index, chunker)
    encoder.encode_queries(["warm"])
    model_s = time.perf_counter() - started
    search = open_search(Path(index), encoder)
    started = time.perf_counter()
    search.search("the first question opens it")
    _tell(answers, {"model_s": model_s, "open_s": time.perf_counter() - started})
    for line in sys.stdin:
        failed: list[str] = []

        def ask(query: str, failed: list[str] = failed) -> None:
            try:
                search.search(query)
            except AutoreaderError as error:
                failed.append(str(error))

        times = Times.of(ask, json.loads(line))
        _tell(answers, times.as_json() | {"failed": len(failed), "memory_mb": memory_mb()})


def _tell(answers: Any, told: dict[str, Any]) -> None:  # Any: a text file; JSON
    answers.write(json.dumps(told) + "\n")
    answers.flush()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
