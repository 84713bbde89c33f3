"""What pages and a run end as when an endpoint fails: `python -m tests.bench.failure_matrix [--standin PROGRAM]`.

Half of the pages have good text of their own, half are scans. Prints a Markdown table, one row a condition.
`--cold S` and `--patience S` are real seconds; `--speed N` makes all of them pass N times faster.
"""

from __future__ import annotations

import argparse
import itertools
import sys
import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ocr.endpoints.patience import Waiting
from ocr.surya import open_surya
from pipeline.document import Block, BlockKind, Box, Page, PageStatus
from pipeline.errors import OcrError
from pipeline.page_work import OutcomeKind, PageOutcome, PageTask
from tests.bench.failure_conditions import Condition, Scale, http_conditions, standin_conditions
from tests.fakes.page_pictures import PagePictures

_CHANCES = (0.5, 0.1, 0.9)  # the same in every run
_LETTER = (612.0, 792.0)


@dataclass(frozen=True, slots=True)
class Row:
    """What came of a condition; `seconds` at the scale's speed."""

    condition: str
    with_text: str  # how pages with text of their own ended
    scans: str
    run: str
    requests: int
    seconds: float
    silent: int  # pages that ended as read without a word or a picture


def tasks(pages: int) -> Iterator[PageTask]:
    """Pages in turn with a little text of their own and as scans."""
    for number in range(1, pages + 1):
        is_scan = number % 2 == 0
        words = Block(BlockKind.TEXT, "We show that it holds for pages.", Box(80, 120, 920, 400), 0)
        status = PageStatus.DEGRADED if is_scan else PageStatus.OK
        evidence = Page(
            number, *_LETTER, () if is_scan else (words,), "text_layer", status, "a scan" if is_scan else ""
        )
        yield PageTask(number, f"page {number}", Path("a.pdf"), number, evidence)


def measure(condition: Condition, scale: Scale) -> Row:
    """Reads that many pages under a condition."""
    ended: list[PageOutcome] = []
    with condition.open(scale) as rig:
        engine = open_surya(rig.settings, rig.transport, PagePictures(), lambda: _waiting(scale))
        began = scale.clock()
        try:
            ended.extend(engine.read_pages(tasks(condition.pages), lambda _task, _job: None))
        except OcrError as error:
            run = f"{type(error).__name__}: {error.message}"
        else:
            run = "done"
        seconds = scale.clock() - began
        requests = rig.requests()
    unread = condition.pages - len(ended)
    return Row(
        condition.name,
        _summary([outcome for outcome in ended if outcome.task.number % 2]),
        _summary([outcome for outcome in ended if outcome.task.number % 2 == 0]),
        run + (f" ({unread} pages as if never drawn)" if unread else ""),
        requests,
        seconds,
        sum(_is_silent(outcome) for outcome in ended),
    )


def _waiting(scale: Scale) -> Waiting:
    woken = threading.Event()

    def sleep(seconds: float) -> None:
        woken.wait(seconds / scale.speed)

    return Waiting(scale.clock, sleep, itertools.cycle(_CHANCES).__next__, woken.set)


def _summary(outcomes: Sequence[PageOutcome]) -> str:
    counts = Counter(_ending(outcome) for outcome in outcomes)
    return "; ".join(f"{count} {ending}" for ending, count in counts.most_common()) or "-"


def _ending(outcome: PageOutcome) -> str:
    kind = outcome.kind.value
    if outcome.kind is OutcomeKind.DEGRADED:
        kind += " to its own text" if outcome.page is None else " to what was read"
    if outcome.kind is OutcomeKind.FAILED and outcome.permanent:
        kind += " for good"
    words = outcome.reason if outcome.kind is not OutcomeKind.DONE else ""
    return f"{kind} ({words})" if words else kind


def _is_silent(outcome: PageOutcome) -> bool:
    return outcome.kind is OutcomeKind.DONE and not (outcome.page and outcome.page.blocks)


def print_rows(rows: Iterable[Row]) -> None:
    """A Markdown table, row by row as they come."""
    sys.stdout.write("| condition | pages with text | scans | run | requests | s |\n|---|---|---|---|---:|---:|\n")
    for row in rows:
        cells = (row.condition, row.with_text, row.scans, row.run, str(row.requests), f"{row.seconds:.1f}")
        sys.stdout.write(f"| {' | '.join(cells)} |\n")
        sys.stdout.flush()


def main(more: Iterable[Condition] = ()) -> None:
    """Runs all conditions; `more` are rows of other kinds of endpoints."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name, usual in (("cold", 60.0), ("patience", 120.0), ("page", 30.0), ("speed", 1.0)):
        parser.add_argument(f"--{name}", type=float, default=usual)
    parser.add_argument("--standin", type=Path)
    options = parser.parse_args()
    scale = Scale(options.cold, options.patience, options.page, options.speed)
    conditions = [*http_conditions(), *more, *(standin_conditions(options.standin) if options.standin else ())]
    print_rows(measure(condition, scale) for condition in conditions)


if __name__ == "__main__":
    main()
