"""The query language: what is an operator, what is a word, and what is an error at its place."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.query import Feature, SearchQuery, Sort, parse_query, plain_words
from pipeline.errors import UsageError

TODAY = date(2026, 11, 20)


def parsed(text: str) -> SearchQuery:
    return parse_query(text, TODAY)


@pytest.mark.parametrize(
    "text",
    [
        "how can retrieval go wrong?",
        "BERT: pre-training of transformers",
        "C++ -> Rust, non-IID data at -5 degrees - a survey",
        "title: (",
        "author:, title:(",
        "note:this is no operator",
        "a AND b OR c",
    ],
)
def test_what_is_no_operator_is_searched_for(text: str) -> None:
    assert parsed(text) == SearchQuery(words=text)


def test_a_phrase_is_searched_for_and_demanded() -> None:
    assert parsed('"unbiased sampling" of graphs') == SearchQuery(
        words="unbiased sampling of graphs", phrases=("unbiased sampling",)
    )


def test_a_quotation_mark_that_is_not_closed_is_just_a_mark() -> None:
    assert parsed('a 5" disk') == SearchQuery(words='a 5" disk')
    assert parsed('"large models').phrases == ()


def test_words_and_phrases_can_be_left_out() -> None:
    assert parsed('graphs -survey -"language model"') == SearchQuery(
        words="graphs", excluded=("survey", "language model")
    )


def test_authors_and_titles_are_conditions() -> None:
    assert parsed('author:hinton AU:"Y. LeCun" title:"deep learning" -author:ng -title:review') == SearchQuery(
        authors=("hinton", "Y. LeCun"), titles=("deep learning",), excluded_authors=("ng",), excluded_titles=("review",)
    )


def test_categories_are_alternatives_and_can_be_left_out() -> None:
    assert parsed("cat:cs.IR cat:cs.CL,stat.ML -cat:cs.CV") == SearchQuery(
        categories=("cs.IR", "cs.CL", "stat.ML"), excluded_categories=("cs.CV",)
    )


@pytest.mark.parametrize(
    "text, since, until",
    [
        ("date:2026-11-01..2026-11-15", date(2026, 11, 1), date(2026, 11, 15)),
        ("date:2026-11-01..", date(2026, 11, 1), None),
        ("date:..2026-10", None, date(2026, 10, 31)),
        ("date:2026-02", date(2026, 2, 1), date(2026, 2, 28)),
        ("date:2024..2025", date(2024, 1, 1), date(2025, 12, 31)),
        ("date:30d", date(2026, 10, 21), None),
        ("date:99999d", date.min if TODAY.toordinal() <= 99999 else date.fromordinal(TODAY.toordinal() - 99999), None),
        ("day:2026-11-17", date(2026, 11, 17), date(2026, 11, 17)),
        ("date:2026 date:..2026-03", date(2026, 1, 1), date(2026, 3, 31)),
    ],
)
def test_dates_are_ranges(text: str, since: date | None, until: date | None) -> None:
    assert (parsed(text).since, parsed(text).until) == (since, until)


def test_today_is_the_newest_listing() -> None:
    assert parsed("day:today").is_newest_day


def test_papers_are_named_by_any_form_of_their_id() -> None:
    assert parsed("id:2401.12345v2,hep-th/9901001 like:https://arxiv.org/abs/2402.00001") == SearchQuery(
        ids=("2401.12345", "hep-th/9901001"), like=("2402.00001",)
    )


def test_features_and_order() -> None:
    asked = parsed("diffusion has:code has:tables sort:date")

    assert (asked.has, asked.sort) == ((Feature.CODE, Feature.TABLE), Sort.DATE)


@pytest.mark.parametrize(
    "text, what",
    [
        ("graphs date:yesterday", "expected a date or a range"),
        ("graphs date:2026-13", "expected a date or a range"),
        ("graphs day:2026-11", "is no day"),
        ("graphs cat:IR!", "is no category"),
        ("graphs id:12", "is no arXiv identifier"),
        ("graphs has:wings", "has:code, has:figure or has:table"),
        ("graphs sort:up", "sort:score or sort:date"),
        ("graphs -has:code", "leave out words"),
    ],
)
def test_an_error_points_at_the_place(text: str, what: str) -> None:
    with pytest.raises(UsageError, match=what) as caught:
        parsed(text)

    first, query, mark = caught.value.message.splitlines()
    assert "character 8" in first
    assert query[mark.index("^") :] == text.removeprefix("graphs ")
    assert len(mark.strip()) == len(text.removeprefix("graphs "))


def test_dates_that_exclude_each_other_are_an_error() -> None:
    with pytest.raises(UsageError, match="from 2026-05-01 to 2026-01-31"):
        parsed("date:2026-05.. date:..2026-01")


def test_operators_are_no_words_to_be_marked() -> None:
    assert plain_words('"random walks" -survey cat:cs.IR on title:graphs date:nonsense') == "random walks on graphs"


@given(st.text(max_size=80))
def test_no_text_is_anything_but_a_query_or_one_clear_error(text: str) -> None:
    try:
        asked = parsed(text)
    except UsageError:
        return
    assert asked.words == " ".join(asked.words.split()) or asked.words
