"""kill -9 in the middle of each stage, then the same command: the same final state as an undisturbed run."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest

from flows.demo.loopback import LoopbackArxiv
from flows.demo.sample import PdfQuirk, SampleDay
from pipeline.digest import OutboxState
from pipeline.ledger import day_facts, ledger_lines
from pipeline.page_work import PageState
from pipeline.paper import EventKind, SourceName
from tests.fakes.papers import make_sample, make_version, print_sample
from tests.fakes.parts import DAY, make_settings, open_test_parts, subscribe

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = SampleDay(
    DAY,
    (
        *(make_sample(f"2611.0000{number}") for number in range(1, 4)),
        *(make_sample(f"2611.0000{number}", abstract="A formula for searching in texts.") for number in (4, 5)),
        make_sample("2611.00006", pdf=PdfQuirk.NONE),
        make_sample("2611.00007", listed_by=[SourceName.FEED]),
        make_sample(
            "2609.00005",
            EventKind.REPLACE,
            versions=(make_version(1, datetime(2026, 9, 3, tzinfo=UTC)), make_version(2)),
        ),
    ),
)
READERS = ("a@example.org", "b@example.org", "c@example.org")


@pytest.fixture(scope="module")
def arxiv() -> Iterator[LoopbackArxiv]:
    with LoopbackArxiv([SAMPLE], print_sample, page_size=3) as server:
        yield server


def run(home: Path, url: str, stage: str = "none", tick: int = 1) -> int:
    command = [sys.executable, "-m", "tests.fakes.killed_day", str(home), url, stage, str(tick)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode in (0, -9), done.stderr
    return done.returncode


def prepare(home: Path, url: str) -> None:
    with open_test_parts(make_settings(home, url)) as parts:
        for reader in READERS:
            subscribe(parts, reader)


def final_state(home: Path, url: str) -> dict[str, Any]:  # Any: compared as a whole
    """Everything that a user could see of a day, without the moments at which it happened."""
    with open_test_parts(make_settings(home, url)) as parts, parts.store.read() as work:
        ids = {event.paper_id for event in work.papers.events_on(DAY)}
        chunks = list(work.reading.chunks_of(ids))
        outbox = work.issues.outbox_of(DAY)
        hits = parts.search.search("searching in long texts", limit=10).hits
        return {
            "papers": work.papers.get(ids),
            "events": sorted((e.paper_id, e.version, e.kind) for e in work.papers.events_on(DAY)),
            "ledger": ledger_lines(day_facts(work, DAY)),
            "outcomes": sorted(
                (o.key.paper_id, o.key.version, o.stage, o.state, o.reason) for o in work.reading.outcomes_of(ids)
            ),
            "chunks": [(c.paper_id, c.version, c.ordinal, c.text) for c in chunks],
            "pages": [(job.key, job.number, job.state, job.attempts) for job in work.page_jobs.of_papers(ids)],
            "vectors": sum(
                len(some)
                for some in work.vectors.shards_of(parts.encoder.contract.key, [c.id for c in chunks]).values()
            ),
            "rankings": {
                entry.email: [(r.paper_id, r.score) for r in work.issues.ranking(entry.subscriber_id, DAY)]
                for entry in outbox
            },
            "items": {entry.email: work.issues.items_of(entry.issue_id) for entry in outbox},
            "outbox": sorted((entry.email, entry.state) for entry in outbox),
            "mails": sorted(message_from_bytes(path.read_bytes())["To"] for path in parts.home.outbox.glob("*.eml")),
            "hits": [(hit.paper_id, round(hit.score, 6)) for hit in hits],
        }


@pytest.fixture(scope="module")
def undisturbed(arxiv: LoopbackArxiv, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:  # Any: as above
    home = tmp_path_factory.mktemp("undisturbed")
    prepare(home, arxiv.url)
    assert run(home, arxiv.url) == 0
    return final_state(home, arxiv.url)


def test_an_undisturbed_day_mails_every_reader_once(undisturbed: dict[str, Any]) -> None:  # Any: as above
    assert undisturbed["outbox"] == [(reader, OutboxState.SENT) for reader in READERS]
    assert undisturbed["mails"] == list(READERS)
    assert len(undisturbed["papers"]) == 8
    assert [state for *_, state, _ in undisturbed["pages"]] == [PageState.DONE, PageState.DONE]
    assert sum("read: " in text for *_, text in undisturbed["chunks"]) == 2


@pytest.mark.parametrize(
    "stage,tick",
    [
        ("harvest", 2),  # between two pages of OAI-PMH
        ("harvest", 4),  # all pages here, before anything is stored
        ("download", 3),
        ("read", 2),
        ("pages", 4),  # a page is read and its text on disk, the row does not know it
        ("pages", 5),  # one page is done, its paper does not hold it yet, the next one is claimed
        ("pages", 9),  # all pages are read, their documents are made anew
        ("chunk", 1),
        ("embed", 1),  # the vectors are on disk, the row that names them is not
        ("index", 5),  # in the middle of building a generation
        ("rank", 1),
        ("compose", 2),  # one reader's issue is there, the next one's is not
        ("send", 2),  # a message is claimed, not sent
        ("send", 3),  # its file is written, the row does not know it
    ],
)
def test_a_killed_run_ends_like_an_undisturbed_one(
    arxiv: LoopbackArxiv,
    tmp_path: Path,
    undisturbed: dict[str, Any],  # Any: as above
    stage: str,
    tick: int,
) -> None:
    prepare(tmp_path, arxiv.url)
    assert run(tmp_path, arxiv.url, stage, tick) == -9

    assert run(tmp_path, arxiv.url) == 0

    assert final_state(tmp_path, arxiv.url) == undisturbed


def test_a_second_run_asks_for_no_pdf_and_writes_no_mail(arxiv: LoopbackArxiv, tmp_path: Path) -> None:
    prepare(tmp_path, arxiv.url)
    run(tmp_path, arxiv.url)
    written = {path: path.stat().st_mtime_ns for path in (tmp_path / "outbox").iterdir()}
    asked = len(arxiv.requests)

    run(tmp_path, arxiv.url)

    assert not [seen for seen in arxiv.requests[asked:] if "/pdf/" in seen.path]
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "outbox").iterdir()} == written
