from __future__ import annotations

import pytest

from pipeline.errors import UsageError
from pipeline.paper import ArxivId, matches_category


@pytest.mark.parametrize(
    "text,expected",
    [
        ("2401.12345", ArxivId("2401.12345")),
        ("2401.12345v2", ArxivId("2401.12345", 2)),
        ("arXiv:0704.0001v1", ArxivId("0704.0001", 1)),
        ("hep-th/9901001", ArxivId("hep-th/9901001")),
        ("math.GT/0309136v3", ArxivId("math.GT/0309136", 3)),
        ("https://arxiv.org/abs/2401.12345", ArxivId("2401.12345")),
        ("http://arxiv.org/pdf/2401.12345v4.pdf", ArxivId("2401.12345", 4)),
    ],
)
def test_an_identifier_is_read_in_all_the_forms_people_paste(text: str, expected: ArxivId) -> None:
    assert ArxivId.parse(text) == expected


@pytest.mark.parametrize("text", ["", "2401.123", "2401.12345v0", "10.1000/182", "../etc/passwd"])
def test_anything_else_is_named_in_the_error(text: str) -> None:
    with pytest.raises(UsageError, match="not an arXiv identifier"):
        ArxivId.parse(text)


@pytest.mark.parametrize(
    "categories,patterns,expected",
    [
        (("cs.IR",), ("cs.IR",), True),
        (("math.CO", "cs.CL"), ("cs.*",), True),
        (("hep-th",), ("hep-*",), False),
        (("cs.IR",), ("cs",), False),
        (("hep-th",), ("*",), True),
        (("csx.IR",), ("cs.*",), False),
        ((), ("*",), False),
    ],
)
def test_a_pattern_chooses_a_category_or_a_whole_archive(
    categories: tuple[str, ...], patterns: tuple[str, ...], expected: bool
) -> None:
    assert matches_category(categories, patterns) is expected
