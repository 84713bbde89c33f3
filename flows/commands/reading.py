"""`read`, `pages`: PDFs outside the store, and the queue of pages that wait for OCR."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, get_args

import typer

from flows.console import ExitCode, JsonFlag, print_json, print_table, print_text, say
from flows.documents import document_json, unique_names, write_figures
from flows.file_reading import FileReader
from flows.page_queue import QueueView, named_pages, retry_pages, view_queue
from flows.wiring import Parts, open_parts
from pipeline.config import OcrSettings, Settings, load_settings
from pipeline.document import Document, PageStatus
from pipeline.errors import NotFoundError, ReadError, UsageError
from pipeline.page_work import PageJob

_ENGINES = get_args(OcrSettings.model_fields["engine"].annotation)


def register(app: typer.Typer) -> None:
    """Adds the commands to the command line."""
    for command in (read, pages):
        app.command()(command)


def read(
    files: Annotated[list[Path], typer.Argument(help="PDF files.")],
    *,
    engine: Annotated[str, typer.Option("--engine", help=f"For every page: {', '.join(_ENGINES)}.")] = "",
    figures: Annotated[Path | None, typer.Option("--figures", help="Write figures as PNG into this folder.")] = None,
    as_json: JsonFlag = False,
) -> None:
    """Read PDFs: pages of blocks, figures, references. With several files one JSON line each."""
    settings = _with_engine(load_settings(), engine)
    for file in files:
        if not file.is_file():
            raise NotFoundError(f"no file {file}")
    failed, names = 0, unique_names(files)
    with open_parts(settings) as parts:
        reader = FileReader(parts.extractor, parts.engines, parts.page_limits)
        for path, result in reader.read(files):
            failed += not isinstance(result, Document) or not result.text.strip()
            written = _written(parts, path, result, figures and figures / names[path])
            if as_json:
                print_json(document_json(path, result, written))
            else:
                print_text(result.text if isinstance(result, Document) else "")
        for name, why in reader.stopped.items():
            say(f"{name.value} stopped: {why}")
    raise typer.Exit(ExitCode.FAILED if failed else ExitCode.DONE)


def _with_engine(settings: Settings, engine: str) -> Settings:
    if not engine:
        return settings
    if engine not in _ENGINES:
        raise UsageError(f"no engine {engine!r}; there are: {', '.join(_ENGINES)}")
    return settings.model_copy(update={"ocr": settings.ocr.model_copy(update={"engine": engine})})


def _written(parts: Parts, path: Path, result: Document | ReadError, target: Path | None) -> list[Path | None]:
    """The figures' files; says what could not be read or written."""
    for reason in _unread(result):
        say(f"{path}: {reason}")
    if target is None or isinstance(result, ReadError):
        return []
    written = write_figures(parts.images, path, result, target)
    for error in written:
        if isinstance(error, ReadError):
            say(f"{path}: no picture: {error}")
    return [None if isinstance(one, ReadError) else one for one in written]


def _unread(result: Document | ReadError) -> list[str]:
    if isinstance(result, ReadError):
        return [str(result)]
    return [f"page {page.number}: {page.reason}" for page in result.pages if page.status is not PageStatus.OK]


def pages(
    ids: Annotated[list[str] | None, typer.Argument(help="arXiv identifiers; all papers by default.")] = None,
    *,
    failed: Annotated[bool, typer.Option("--failed", help="Only pages that were given up.")] = False,
    retry: Annotated[
        bool, typer.Option("--retry", help="Queue them anew: what was given up, or all pages of the papers named.")
    ] = False,
    as_json: JsonFlag = False,
) -> None:
    """Show the queue of pages for OCR: what waits and why, what was given up, what it took."""
    with open_parts(load_settings()) as parts:
        named = named_pages(parts, ids or [])
        if retry:
            raise typer.Exit(_retry(retry_pages(parts, named), as_json=as_json))
        view = view_queue(parts, named)
    if as_json:
        print_json(queue_json(view, is_brief=failed))
    else:
        _print_queue(view, is_brief=failed)
    is_empty = not view.failed if failed else not view.counts
    raise typer.Exit(ExitCode.NOTHING if is_empty else ExitCode.DONE)


def _retry(queued: int, *, as_json: bool) -> ExitCode:
    if as_json:
        print_json({"queued": queued})
    say(f"{queued} pages wait again; `autoreader run` reads them" if queued else "no page was given up: none to retry")
    return ExitCode.DONE if queued else ExitCode.NOTHING


def queue_json(view: QueueView, *, is_brief: bool) -> dict[str, Any]:  # Any: JSON
    """The `--json` document of `pages`."""
    failed = [
        {
            "id": job.key.paper_id,
            "version": job.key.version,
            "page": job.number,
            "engine": job.engine.value,
            "route": job.why,
            "attempts": job.attempts,
            "reason": job.reason,
            "cost_usd": round(job.usage.cost_usd, 6),
            "cpu_seconds": round(job.usage.cpu_seconds, 3),
        }
        for job in view.failed
    ]
    if is_brief:
        return {"failed": failed}
    return {
        "counts": [{"engine": engine.value, "state": state.value, "pages": n} for engine, state, n in view.counts],
        "waiting": [{"engine": one.engine.value, "pages": one.pages, "why": one.why} for one in view.waiting],
        "failed": failed,
        "today": {
            "cost_usd": round(view.today.cost_usd, 6),
            "max_usd": view.max_usd,
            "cpu_seconds": round(view.today.cpu_seconds, 3),
            "max_cpu_seconds": view.max_cpu_seconds,
        },
    }


def _print_queue(view: QueueView, *, is_brief: bool) -> None:
    if not is_brief and not view.counts:
        say("no page was ever sent to OCR: every text layer read so far was good, or nothing was read yet")
    if not is_brief and view.counts:
        print_table(("engine", "state", "pages"), [(e.value, state.value, n) for e, state, n in view.counts])
        for one in view.waiting:
            print_text(f"{one.pages} pages wait for {one.engine.value}: {one.why}")
        print_text(
            f"today OCR took {view.today.cpu_seconds:.0f} of {view.max_cpu_seconds:.0f} processor seconds"
            f" and {view.today.cost_usd:.2f} of {view.max_usd:.2f} US dollars"
        )
    if view.failed:
        print_table(
            ("paper", "page", "engine", "attempts", "US$", "reason"),
            [
                (str(j.key), j.number, j.engine.value, j.attempts, round(j.usage.cost_usd, 4), j.reason)
                for j in view.failed
            ],
            title="given up; they keep their text layer. autoreader pages --retry replays them",
        )
    elif is_brief:
        say("no page was given up")


def _row(job: PageJob) -> tuple[object, ...]:
    return str(job.key), job.number, job.engine.value, job.attempts, round(job.usage.cost_usd, 4), job.reason
