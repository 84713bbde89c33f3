"""What the pipeline around the model costs a page: `python -m tests.bench.bench_surya PDF... [--dpi N]`.

The model is a server in a process of its own that answers at once with the page's own text, so that what remains is
ours: drawing (in the reading processes), scaling, encoding, sending, parsing and checking. One JSON line on stdout;
`cpu_ms_here` and `cpu_ms_drawing` are processor milliseconds a page in this process and in the reading processes.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import resource
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path

from ocr import open_extractor
from ocr.surya import open_surya
from ocr.transports.openai_http import open_openai_http
from pipeline.config import OcrSettings
from pipeline.page_work import PageTask
from tests.fakes.model_answers import reading
from tests.fakes.model_server import ModelServer

_WARM_UP = 4  # pages, so that no import is measured


def main(pdfs: Sequence[Path], dpi: int, workers: int) -> dict[str, object]:
    """Reads every page of these files once."""
    with _instant_model(pdfs) as url:
        settings = OcrSettings(surya_url=url, surya_dpi=dpi, surya_concurrency=16, workers=workers, cold_start_s=30)
        transport = open_openai_http(settings)
        with open_extractor(settings) as extractor:
            tasks = [
                PageTask(number, f"{pdf.stem} page {page.number}", pdf, page.number, page)
                for pdf in pdfs
                for number, page in enumerate(extractor.extract(pdf).pages)
            ]
        with open_extractor(settings) as drawing:
            engine = open_surya(settings, transport, drawing)
            list(engine.read_pages(tasks[:_WARM_UP], lambda _task, _job: None))
            before, began = _cpu_s(), time.perf_counter()
            outcomes = list(engine.read_pages(tasks, lambda _task, _job: None))
            seconds, here_s = time.perf_counter() - began, _cpu_s()[0] - before[0]
        drawing_s = _cpu_s()[1] - before[1]
        transport.close()
    return {
        "pages": len(outcomes),
        "dpi": dpi,
        "endings": dict(Counter(outcome.kind.value for outcome in outcomes)),
        "reasons": dict(Counter(outcome.reason for outcome in outcomes if outcome.reason).most_common(5)),
        "pages_per_s": round(len(outcomes) / seconds, 2),
        "cpu_ms_here": round(1000 * here_s / len(outcomes), 1),
        "cpu_ms_drawing": round(1000 * drawing_s / len(outcomes), 1),
    }


def _cpu_s() -> tuple[float, float]:
    """Processor seconds of this process, and of its children that have ended."""
    here, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return here.ru_utime + here.ru_stime, children.ru_utime + children.ru_stime


@contextmanager
def _instant_model(pdfs: Sequence[Path]) -> Iterator[str]:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(list(pdfs), theirs))
    process.start()
    try:
        yield ours.recv()
    finally:
        ours.send("enough")
        process.join()


def _serve(pdfs: Sequence[Path], line: Connection) -> None:
    with ModelServer(reading(pdfs)) as server:
        line.send(server.url)
        line.recv()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pdfs", type=Path, nargs="+")
    parser.add_argument("--dpi", type=int, default=96)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    sys.stdout.write(json.dumps(main(options.pdfs, options.dpi, options.workers)) + "\n")
