"""What becomes of hostile PDFs, read and drawn: `python -m tests.bench.hostile_pdfs [--count 1000] [--timeout 5]`.

Prints how often each outcome came about, the slowest files and the most memory a process took; exits 1 where a file had
no outcome in time. `--keep FOLDER` writes every file that took more than half of its time, or a process down with it.
"""

from __future__ import annotations

import argparse
import re
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from flows.demo.sample import read_sample_day
from flows.demo.typeset import Typesetter
from ocr import open_extractor
from ocr.sandbox.extractor import SandboxedExtractor
from pipeline.config import OcrSettings
from pipeline.document import PageStatus
from pipeline.errors import ReadError
from tests.fakes.mutants import Mutant, make_mutants

_GRACE_S = 5.0  # over the limit, for ending a process and starting the next on a busy machine


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a file at one task."""

    mutant: Mutant
    task: str
    said: str
    seconds: float


def main(count: int, timeout_s: float, folder: Path, keep: Path | None) -> int:
    """Runs them all, prints the tables, returns the exit code."""
    settings = OcrSettings(workers=1, timeout_s=timeout_s)
    outcomes = []
    with open_extractor(settings) as extractor:
        for mutant in make_mutants(count, list(_typeset(folder))):
            pdf = folder / "mutant.pdf"
            pdf.write_bytes(mutant.content)
            found = [_timed(mutant, "read", lambda: _read(extractor, pdf))]  # noqa: B023 (called at once)
            found.append(_timed(mutant, "draw", lambda: _draw(extractor, pdf)))  # noqa: B023
            outcomes += found
            if keep is not None and any(_is_bad(outcome, timeout_s) for outcome in found):
                (keep / f"{mutant.seed}.pdf").write_bytes(mutant.content)
    sys.stdout.write("\n".join(_report(outcomes, settings)) + "\n")
    late = [outcome for outcome in outcomes if outcome.seconds > timeout_s + _GRACE_S]
    return 1 if late else 0


def _typeset(folder: Path) -> Iterator[bytes]:
    """Some of the sample day's papers, with real fonts and compressed streams."""
    typesetter = Typesetter(folder)
    for sample in read_sample_day().papers[:3]:
        if (pdf := typesetter.pdf(sample)) is not None:
            yield pdf


def _read(extractor: SandboxedExtractor, pdf: Path) -> str:
    pages = extractor.extract(pdf).pages
    whole = all(page.status is PageStatus.OK for page in pages)
    return "read" if whole else "read, some pages degraded or failed with their reason"


def _draw(extractor: SandboxedExtractor, pdf: Path) -> str:
    extractor.picture(pdf, 1, None, 96)
    return "drawn"


def _timed(mutant: Mutant, task: str, run: Callable[[], str]) -> Outcome:
    started = time.perf_counter()
    try:
        said = run()
    except ReadError as error:
        said = "refused: " + re.sub(r"\d+(?:\.\d+)?(?:e[+-]?\d+)?|'.*'|b'.*|/\S+", "#", error.message)
    return Outcome(mutant, task, said, time.perf_counter() - started)


def _is_bad(outcome: Outcome, timeout_s: float) -> bool:
    return outcome.seconds > timeout_s / 2 or "process" in outcome.said


def _report(outcomes: list[Outcome], settings: OcrSettings) -> Iterator[str]:
    for task in ("read", "draw"):
        yield f"\n{task}"
        counts = Counter(outcome.said for outcome in outcomes if outcome.task == task)
        for said, number in counts.most_common():
            yield f"{number:6}  {said}"
    yield "\nslowest"
    for outcome in sorted(outcomes, key=lambda outcome: -outcome.seconds)[:8]:
        yield f"{outcome.seconds:6.2f} s  {outcome.task} seed {outcome.mutant.seed}: {outcome.mutant.kind}"
    peak_mb = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    yield f"\nmost memory of a process: {peak_mb:.0f} MB resident; it may address {settings.memory_mb} MB"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--timeout", type=float, default=5.0)
    parser.add_argument("--keep", type=Path)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        sys.exit(main(chosen.count, chosen.timeout, Path(name), chosen.keep))
