from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from pipeline.digest import LedgerLine, LedgerReason
from pipeline.document import Chunk
from pipeline.errors import AutoreaderError, ConfigError, IndexStateError, SourceError, UsageError
from pipeline.reading import Outcome, OutcomeState, PaperKey, Stage, StoredDocument
from tests.fakes.papers import make_paper
from web.days import Difference, differences
from web.effort import in_ranges
from web.failures import failure_of
from web.outline import outline
from web.question import Question
from web.reader_link import masked
from web.reading_status import reading_status
from web.words import clipped, counted, dollars, duration, listed_authors, long_day, sentence, short_day

_DAY = date(2026, 11, 1)
_NOW = datetime(2026, 11, 1, tzinfo=UTC)


def test_days_read_as_people_write_them() -> None:
    assert (short_day(_DAY), long_day(_DAY)) == ("1 Nov 2026", "Sunday, 1 November 2026")


def test_counts_agree_with_their_noun() -> None:
    assert [counted(1, "paper"), counted(0, "paper"), counted(105_668, "paper")] == [
        "1 paper",
        "0 papers",
        "105,668 papers",
    ]


def test_many_authors_are_counted() -> None:
    assert listed_authors(("A", "B", "C", "D"), 2) == "A, B and 2 others"
    assert listed_authors(("A", "B", "C"), 2) == "A, B and 1 other"
    assert listed_authors(("A", "B"), 2) == "A, B"


def test_durations_have_a_fitting_unit() -> None:
    assert (duration(0.0434), duration(1.23)) == ("43 ms", "1.2 s")


def test_sentences_are_whole_and_short_enough() -> None:
    assert sentence("not here") == "Not here."
    assert clipped("one two three", 9) == "one two …"
    assert clipped("abcdef", 3) == "abc …"


def test_a_failed_download_that_may_pass_says_so() -> None:
    paper = make_paper()
    outcome = Outcome(PaperKey(paper.id, 1), Stage.DOWNLOAD, OutcomeState.RETRY, _NOW, reason="arXiv refused.")

    status = reading_status(paper, {}, [outcome])

    assert (
        status.text == "Abstract only: its PDF could not be fetched (arXiv refused). It is tried again on the next run."
    )


def test_an_older_versions_reading_does_not_count() -> None:
    paper = make_paper(versions=(*make_paper().versions, *make_paper().versions))
    older = PaperKey(paper.id, 7)

    status = reading_status(paper, {older: StoredDocument(older, "e", "0" * 64, 3, 0, 0.1)}, [])

    assert not status.is_full


def test_sections_are_listed_with_the_chapters_above_them() -> None:
    chunks = [
        Chunk("x", 1, 0, "Abstract", 0, "Nothing."),
        Chunk("x", 1, 1, "4 Results > 4.1 Speed", 3, "Fast."),
        Chunk("x", 1, 2, "4 Results > 4.2 Size", 4, "Small."),
        Chunk("x", 1, 3, "", 5, "Loose."),
    ]

    sections = outline(chunks, "fast", is_whole=True)

    assert [(section.title, section.depth, section.is_open) for section in sections] == [
        ("4 Results", 0, False),
        ("4.1 Speed", 1, True),
        ("4.2 Size", 1, False),
        ("Before the first section", 0, False),
    ]


def test_differences_name_each_reason_once_with_its_papers() -> None:
    lines = [
        LedgerLine(
            _DAY, "cs.CL", 2, 2, 0, (LedgerReason("2", "read: encrypted"), LedgerReason("1", "read: encrypted"))
        ),
        LedgerLine(_DAY, "cs.IR", 2, 1, 1, (LedgerReason("2", "read: encrypted"), LedgerReason("9", "missing: why"))),
    ]

    assert differences(lines, {"1": "One", "2": "Two"}) == [
        Difference("missing: why", (("9", ""),)),
        Difference("abstract only: encrypted", (("1", "One"), ("2", "Two"))),
    ]


def test_a_search_is_its_address() -> None:
    question = Question("a & b", "newest", ("cs.IR", "cs.CL"), 20)

    assert question.url() == "?q=a+%26+b&day=newest&cat=cs.IR+cs.CL&limit=20"
    assert question.url(day="", cat="", limit=10) == "?q=a+%26+b"


@pytest.mark.parametrize(
    "error, status",
    [
        (UsageError("x"), 400),
        (IndexStateError("x"), 503),
        (ConfigError("x"), 500),
        (SourceError("x"), 500),
        (AutoreaderError("x"), 500),
        (RuntimeError("x"), 500),
    ],
)
def test_every_error_has_a_status(error: Exception, status: int) -> None:
    assert failure_of(error).status == status


def test_only_errors_about_the_request_speak_for_themselves() -> None:
    assert failure_of(UsageError("not a day")).text == "not a day"
    assert "secret" not in failure_of(ConfigError("the secret path")).text


def test_an_address_is_masked() -> None:
    assert masked("reader@example.org") == "r…@example.org"


@pytest.mark.parametrize(
    "numbers, words",
    [
        ([3], "page 3"),
        ([1, 2, 3], "pages 1–3"),  # noqa: RUF001 - an en dash is meant
        ([4, 1, 2, 9, 9], "pages 1–2, 4 and 9"),  # noqa: RUF001 - an en dash is meant
        ([1, 3], "pages 1 and 3"),
    ],
)
def test_pages_are_told_in_ranges(numbers: list[int], words: str) -> None:
    assert in_ranges(numbers) == words


@pytest.mark.parametrize(
    "amount, words", [(0.43, "$0.43"), (1234.5, "$1,234.50"), (0.01, "$0.01"), (0.0099, "less than $0.01")]
)
def test_what_is_less_than_a_cent_is_not_rounded_to_nothing(amount: float, words: str) -> None:
    assert dollars(amount) == words
