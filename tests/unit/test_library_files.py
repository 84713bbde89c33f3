"""Reading exported files, whatever program wrote them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from pipeline.errors import NotFoundError, UsageError
from pipeline.library import Broken, Entry, Shelf, SourceKind
from pipeline.library.fields import read_moment
from pipeline.library.files import read_library, read_text
from tests.fakes.libraries import BIBTEX, BROKEN_BIBTEX, CSV, IDS, RIS


def test_bibtex_of_six_hands_is_read() -> None:
    assert read_text(BIBTEX, "a.bib") == Shelf(
        SourceKind.BIBTEX,
        (
            Entry(
                "line 2",
                "Counting Pebbles by Fourier's Naïve Law",
                (("lind",), ("okafor",)),
                2026,
                "2611.00001",
                "10.48550/arxiv.2611.00001",
                datetime(2026, 11, 18, tzinfo=UTC),
            ),
            Entry(
                "line 16",
                "Walking Robots: A Field Report",
                (("okafor",),),
                2026,
                "2611.00002",
                added_at=datetime(2026, 11, 3, 8, 15, tzinfo=UTC),
            ),
            Entry("line 27", "Sorting letters", (("muller",), ("van", "der", "berg")), 2026, "2611.00003"),
            Entry("line 36", "Transit timing", (("byron",), ("lind",)), 1999, "hep-th/9901001"),
            Entry("line 43", "Letters, Sorted", (("berg",),), None, "2611.00005"),
            Entry(
                "line 51",
                "On scree",
                (("lind",), ("okafor",)),
                2025,
                doi="10.5555/scree_7",
                added_at=datetime(2025, 2, 3, 10, 11, 12, tzinfo=timezone(timedelta(hours=1))),
            ),
        ),
    )


def test_a_broken_entry_costs_no_other() -> None:
    shelf = read_text(BROKEN_BIBTEX, "a.bib")

    assert [(entry.place, entry.title) for entry in shelf.entries] == [
        ("line 1", "First"),
        ("line 3", "Third"),
        ("line 5", "The same key"),
        ("line 7", "Sixth"),
    ]
    assert [one.place for one in shelf.broken] == ["line 2", "line 4", "line 6"]
    assert shelf.broken[1:] == (
        Broken("line 4", "Expected comma after entry key, but found ="),
        Broken("line 6", "it has no title, no arXiv id and no DOI"),
    )


def test_ris_is_read_with_and_without_its_ends() -> None:
    assert read_text(RIS, "a.ris") == Shelf(
        SourceKind.RIS,
        (
            Entry(
                "line 1",
                "Counting Pebbles",
                (("lind",), ("okafor",)),
                2026,
                "2611.00001",
                "10.48550/arxiv.2611.00001",
                datetime(2026, 11, 18, 7, 30, tzinfo=UTC),
            ),
            Entry("line 13", "Walking robots", (("okafor",),), 2025, "2611.00002"),
            Entry("line 22", "A record whose end goes over two lines", (("byron",),), doi="10.5555/walk.1"),
        ),
        (
            Broken("line 20", "it stands outside of a TY ... ER record"),
            Broken("line 28", "it has no title, no arXiv id and no DOI"),
        ),
    )


def test_zoteros_table_is_read() -> None:
    assert read_text(CSV.removeprefix("\ufeff"), "a.csv") == Shelf(
        SourceKind.CSV,
        (
            Entry(
                "line 2",
                "Counting pebbles",
                (("lind",), ("okafor",)),
                2026,
                "2611.00001",
                "10.48550/arxiv.2611.00001",
                datetime(2026, 11, 18, 7, 30, tzinfo=UTC),
            ),
            Entry("line 4", "Transit, timed", (("byron",),), 2025, doi="10.5555/time.1"),
        ),
        (
            Broken("line 5", "it has 3 columns, the heading has 13"),
            Broken("line 6", "it has no title, no arXiv id and no DOI"),
        ),
    )


def test_a_plain_list_is_read() -> None:
    assert read_text(IDS, "ids") == Shelf(
        SourceKind.LIST,
        (
            Entry("line 2", arxiv_id="2611.00001"),
            Entry("line 3", arxiv_id="2611.00002"),
            Entry("line 4", arxiv_id="math/0309136"),
            Entry("line 6", doi="10.5555/walk.1"),
        ),
        (Broken("line 7", "no arXiv id, address or DOI: 'what was it called'"),),
    )


@pytest.mark.parametrize(
    "text, kind",
    [
        (BIBTEX, SourceKind.BIBTEX),
        (RIS, SourceKind.RIS),
        (CSV, SourceKind.CSV),
        (IDS, SourceKind.LIST),
        ("title;doi\nOn scree;10.5555/x", SourceKind.CSV),
        ("\n\n  @Article ( a, title = {b} )", SourceKind.BIBTEX),
        ("TY - JOUR\nTI - One blank\nER -\n", SourceKind.RIS),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_the_kind_is_told_by_what_a_file_holds(text: str, kind: SourceKind, encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "export.txt"
    path.write_bytes(text.removeprefix("\ufeff").replace("\n", "\r\n").encode(encoding))

    shelf = read_library(path)

    assert (shelf.kind, bool(shelf.entries)) == (kind, True)


def test_a_file_from_old_windows_keeps_its_accents(tmp_path: Path) -> None:
    path = tmp_path / "old.bib"
    path.write_bytes("@misc{a, title = {Würfel für alle}}".encode("cp1252"))

    assert read_library(path).entries[0].title == "Würfel für alle"


@pytest.mark.parametrize(
    "content, what",
    [
        (b"", "is empty"),
        (b" \n\n", "is empty"),
        (b"%PDF-1.7", "is a PDF"),
        (b"SQLite format 3\0", "is a database"),
        (b"PK\x03\x04", "is a ZIP archive"),
        (b"<?xml version='1.0'?><rdf/>", "is XML or a web page"),
        (b'[{"title": "x"}]', "is JSON"),
        (b"Dear reader,\nthis is a letter.", "is no library that is known here"),
    ],
)
def test_what_is_no_library_is_told_with_a_remedy(content: bytes, what: str, tmp_path: Path) -> None:
    path = tmp_path / "file.bib"
    path.write_bytes(content)

    with pytest.raises(UsageError, match=rf"file\.bib {what}.*; export the library as BibTeX, RIS or CSV"):
        read_library(path)


def test_a_missing_file_and_a_folder_are_told(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match=r"no file .*none\.bib"):
        read_library(tmp_path / "none.bib")
    with pytest.raises(UsageError, match="is a folder"):
        read_library(tmp_path)


@pytest.mark.parametrize(
    "text, moment",
    [
        ("2026-10-01T10:00:00Z", datetime(2026, 10, 1, 10, tzinfo=UTC)),
        ("2026-10-01T10:00:00.123Z", datetime(2026, 10, 1, 10, tzinfo=UTC)),
        ("2026-10-01 10:00", datetime(2026, 10, 1, 10, tzinfo=UTC)),
        ("2026/10/01/", datetime(2026, 10, 1, tzinfo=UTC)),
        ("2016.1.30", datetime(2016, 1, 30, tzinfo=UTC)),
        ("2026-10-01 10:00:00 -0530", datetime(2026, 10, 1, 15, 30, tzinfo=UTC)),
        ("2026-13-01", None),
        ("2026-10-01 25:00:00", None),
        ("yesterday", None),
    ],
)
def test_moments_are_read_as_exports_write_them(text: str, moment: datetime | None) -> None:
    assert read_moment(text) == moment
