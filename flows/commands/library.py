"""`import`: a reader brings what they collected elsewhere."""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Annotated, Any

import typer

from flows.console import ExitCode, JsonFlag, print_json, print_text, progress_bars, say
from flows.library import ImportOptions, Line, Report, State, import_library
from flows.wiring import open_parts
from pipeline.config import LibrarySettings, load_settings
from pipeline.errors import UsageError
from pipeline.library import MatchedBy, Shelf, open_zotero, read_library, words_of
from pipeline.mathtext import clean, tex_to_text


def register(app: typer.Typer) -> None:
    """Adds the command to the command line; its name is a word that no function may have."""
    app.command("import")(import_)


def import_(
    email: Annotated[str, typer.Argument(help="The subscriber's address.")],
    sources: Annotated[
        list[Path] | None,
        typer.Argument(metavar="SOURCE", help="Exported files: BibTeX, RIS, Zotero's CSV, or arXiv ids one a line."),
    ] = None,
    *,
    zotero: Annotated[
        str | None, typer.Option("--zotero", metavar="users/ID|groups/ID", help="A library at Zotero's web API.")
    ] = None,
    collection: Annotated[
        str, typer.Option("--collection", help="Only this collection of it: its key, or its name.")
    ] = "",
    offline: Annotated[
        bool, typer.Option("--offline", help="Do not ask arXiv for papers that are not stored.")
    ] = False,
    look_up: Annotated[
        bool, typer.Option("--look-up", help="Ask arXiv for titles that match nothing stored, 3 s each.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only show what matches; store and fetch nothing.")
    ] = False,
    as_json: JsonFlag = False,
) -> None:
    """Bring a library: what it holds of arXiv counts as saved. Doing it again adds what is new since."""
    if not (sources or zotero):
        raise UsageError("name an exported file, or --zotero users/ID")
    if collection and not zotero:
        raise UsageError("--collection goes with --zotero")
    if look_up and (offline or dry_run):
        raise UsageError("--look-up asks arXiv and stores what it finds: it does not go with --offline or --dry-run")
    settings = load_settings()
    with progress_bars() as progress, open_parts(settings, progress=progress) as parts:
        with parts.store.read() as work:
            subscriber = work.subscribers.by_email(email)
        shelves = [(str(path), read_library(path)) for path in sources or ()]
        if zotero:
            shelves.append(_zotero(settings.library, zotero, collection))
        report = import_library(parts, subscriber, shelves, ImportOptions(dry_run, offline, look_up))
    if as_json:
        print_json(_report_json(report))
    else:
        _print_report(report)
    if report.failure:
        say(f"arXiv was not asked to the end: {report.failure}\nrun the same command again to go on from here")
        raise typer.Exit(ExitCode.FAILED)
    raise typer.Exit(ExitCode.DONE if report.matched else ExitCode.NOTHING)


def _zotero(settings: LibrarySettings, library: str, collection: str) -> tuple[str, Shelf]:
    with closing(open_zotero(settings)) as zotero:
        return f"zotero:{library}" + (f"/{collection}" if collection else ""), zotero.shelf(library, collection)


def _report_json(report: Report) -> dict[str, Any]:  # Any: JSON
    states = Counter(line.state for line in report.matched)
    return {
        "subscriber": report.email,
        "dry_run": report.is_dry,
        "sources": [
            {"source": source, "kind": shelf.kind.value, "entries": len(shelf.entries), "broken": len(shelf.broken)}
            for source, shelf in report.shelves
        ],
        "matched": [_matched_json(line) for line in report.matched],
        "unmatched": [_entry_json(line) | {"reason": line.match.reason} for line in report.unmatched],
        "broken": [{"source": source, "place": one.place, "reason": one.reason} for source, one in report.broken],
        "counts": {state.value: states[state] for state in State} | {"unmatched": len(report.unmatched)},
        "fetched": report.fetched,
        "saves": report.saves,
        "failure": report.failure,
    }


def _entry_json(line: Line) -> dict[str, Any]:  # Any: JSON
    entry = line.entry
    return {
        "source": line.source,
        "place": entry.place,
        "title": entry.title,
        "arxiv_id": entry.arxiv_id,
        "doi": entry.doi,
        "added": entry.added_at.isoformat() if entry.added_at else None,
    }


def _matched_json(line: Line) -> dict[str, Any]:  # Any: JSON
    match = line.match
    return _entry_json(line) | {
        "id": match.paper_id or line.entry.arxiv_id,
        "paper_title": line.paper_title,
        "by": match.by.value if match.by else None,
        "score": round(match.score, 1) if match.score else None,
        "state": line.state.value if line.state else None,
    }


def _print_report(report: Report) -> None:
    for line in report.matched:
        match = line.match
        how = f"by {match.by.value}" if match.by else "by arXiv id"
        how += f" ({match.score:.0f} of 100)" if match.score else ""
        paper_id = match.paper_id or line.entry.arxiv_id
        print_text(f"{line.state:9} {paper_id:17} {how:21} {tex_to_text(line.paper_title) or _name(line)}")
        if match.by is MatchedBy.TITLE and words_of(line.paper_title) != words_of(line.entry.title):
            print_text(f"{'':10}in the library: {_name(line)}")
    if report.unmatched:
        print_text("\nnot matched:")
    for line in report.unmatched:
        print_text(f"  {line.source}, {line.entry.place}: {_name(line)}\n      {line.match.reason}")
    if report.broken:
        print_text("\nnot read:")
    for source, one in report.broken:
        print_text(f"  {source}, {one.place}: {clean(one.reason)}")
    print_text(("\n" if report.lines or report.broken else "") + _summary(report))


def _name(line: Line) -> str:
    return line.entry.title or line.entry.doi or line.entry.arxiv_id


def _summary(report: Report) -> str:
    kinds = Counter(line.match.by.value for line in report.matched if line.match.by)
    how = ", ".join(f"{count} by {kind}" for kind, count in kinds.most_common())
    states = Counter(line.state for line in report.matched)
    became = ", ".join(f"{states[state]} {state.value}" for state in State if states[state])
    told = f"{len(report.matched)} of {len(report.lines)} entries matched" + (f" ({how})" if how else "")
    told += f": {became}" if became else ""
    told += f"; {report.fetched} fetched from arXiv" if report.fetched else ""
    if report.is_dry:
        return f"{told}. Nothing was stored (--dry-run)."
    papers = "1 paper" if report.saves == 1 else f"{report.saves} papers"
    return f"{told}. {report.email} has saved {papers}."
