"""One arXivRaw record: what becomes of each field, and what counts as a withdrawal."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from pipeline.arxiv_source.oai import read_page
from pipeline.arxiv_source.records import is_withdrawn, read_record
from pipeline.errors import SourceFormatError
from pipeline.paper import Paper, PaperVersion
from pipeline.ports import SourceRecord
from tests.fakes.arxiv_records import RawRecord, record_page

WHOLE = RawRecord()
V1 = ("v1", "Mon, 23 Nov 2026 17:05:09 GMT", "812kb", "D")


def read(record: RawRecord) -> SourceRecord:
    return read_record(read_page(record_page(record), "GetRecord", "loopback").records[0], "loopback")


def test_every_field_of_a_record_is_read() -> None:
    found = read(replace(WHOLE, comments="12 pages,\n  3 figures"))

    paper = Paper(
        id="2611.01234",
        title="Sorting letters by their weight",
        authors=("Ada Byron", "Mary Somerville"),
        abstract="We weigh letters. Then we sort them.\nIt works.",
        categories=("cs.IR", "cs.CL"),
        versions=(PaperVersion(1, datetime(2026, 11, 23, 17, 5, 9, tzinfo=UTC), 812, "D"),),
        comment="12 pages, 3 figures",
        journal_ref="J. Post 3 (2026) 1-9",
        doi="10.5555/letters.3",
        licence="http://creativecommons.org/licenses/by/4.0/",
        is_withdrawn=False,
    )
    assert found == SourceRecord(paper, changed_on=date(2026, 11, 24))


def test_versions_are_ordered_by_number_not_by_text() -> None:
    names = ["v1", "v10", "v2", "v3"]
    found = read(replace(WHOLE, versions=tuple((name, V1[1], V1[2], "") for name in names)))

    assert [version.number for version in found.paper.versions] == [1, 2, 3, 10]
    assert found.paper.latest_version == 10


def test_a_withdrawal_is_a_newest_version_flagged_i_without_size() -> None:
    found = read(replace(WHOLE, versions=(V1, ("v2", "Tue, 24 Nov 2026 09:00:00 GMT", "0kb", "I"))))

    assert found.paper.is_withdrawn


def test_a_version_after_a_withdrawal_brings_the_paper_back() -> None:
    withdrawn = ("v2", "Tue, 24 Nov 2026 09:00:00 GMT", "0kb", "I")
    found = read(replace(WHOLE, versions=(V1, withdrawn, ("v3", "Wed, 25 Nov 2026 09:00:00 GMT", "900kb", "D"))))

    assert not found.paper.is_withdrawn


@pytest.mark.parametrize(
    "comment",
    [
        "This paper has been withdrawn by the authors due to an error in Lemma 2",
        "withdrawn by the author",
        "Withdrawn because the proof is wrong",
        "This submission has been withdrawn by arXiv administrators",
        "The manuscript was withdrawn",
        "5 pages; article withdrawn by arXiv admins",
    ],
)
def test_old_withdrawals_are_told_by_their_comment(comment: str) -> None:
    assert is_withdrawn(PaperVersion(2, datetime(2026, 11, 24, tzinfo=UTC), 3), comment, "We sort letters.")


@pytest.mark.parametrize(
    "comment",
    [
        "",
        "12 pages, 3 figures",
        "This paper was withdrawn from LETTERS 2026 and is under review elsewhere",
        "A study of withdrawn papers",
        "On methods of withdrawal",
    ],
)
def test_other_comments_are_no_withdrawal(comment: str) -> None:
    assert not is_withdrawn(PaperVersion(2, datetime(2026, 11, 24, tzinfo=UTC), 3), comment, "We sort letters.")


def test_an_abstract_that_begins_with_the_withdrawal_tells_it() -> None:
    newest = PaperVersion(2, datetime(2026, 11, 24, tzinfo=UTC), 3)

    assert is_withdrawn(newest, "", "This paper has been withdrawn by the author. It was wrong.")
    assert not is_withdrawn(newest, "", "We ask why a paper is withdrawn.")


@pytest.mark.parametrize(
    "broken,message",
    [
        (replace(WHOLE, title=" "), "the record of 2611.01234 has no <title>"),
        (replace(WHOLE, categories=""), "the record of 2611.01234 has no <categories>"),
        (replace(WHOLE, versions=()), "the record of 2611.01234 has no <version>"),
        (replace(WHOLE, versions=(("v1", "yesterday", "1kb", ""),)), "version '1' of 2611.01234 is dated 'yesterday'"),
        (replace(WHOLE, versions=(("vx", V1[1], "1kb", ""),)), "2611.01234 has a version 'vx'"),
        (replace(WHOLE, datestamp="soon"), "the record of 2611.01234 has the datestamp 'soon'"),
    ],
)
def test_a_record_that_lacks_what_we_need_is_an_error_naming_the_paper(broken: RawRecord, message: str) -> None:
    with pytest.raises(SourceFormatError) as caught:
        read(broken)

    assert caught.value.message == message


def test_a_size_that_is_no_number_is_unknown() -> None:
    found = read(replace(WHOLE, versions=(("v1", V1[1], "big", ""),)))

    assert found.paper.versions[0].size_kb is None
