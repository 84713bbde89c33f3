from __future__ import annotations

import pytest

from pipeline.author_ids import author_id_of, checked_author
from pipeline.errors import UsageError


@pytest.mark.parametrize(
    "written,number",
    [
        ("0000-0002-1825-0097", "0000-0002-1825-0097"),
        ("https://orcid.org/0000-0002-1825-0097", "0000-0002-1825-0097"),
        ("orcid:0000-0002-1694-233x", "0000-0002-1694-233X"),
        ("0000000218250097", "0000-0002-1825-0097"),
        ("lind_a_1", "lind_a_1"),
        ("https://arxiv.org/a/lind_a_12", "lind_a_12"),
        ("aristotle_1", "aristotle_1"),
    ],
)
def test_a_number_has_one_form_however_it_is_written(written: str, number: str) -> None:
    assert author_id_of(written) == checked_author(written) == number


@pytest.mark.parametrize("name", ["Ada Lind", "Lind_A", "lind_a_0", "0000-0002-1825-0098", "", "J.-P. Serre"])
def test_a_name_is_no_number(name: str) -> None:
    assert author_id_of(name) is None


def test_a_name_keeps_its_letters_and_loses_needless_blanks() -> None:
    assert checked_author("  Ada   Lind ") == "Ada Lind"


@pytest.mark.parametrize(
    "text,message",
    [
        ("0000-0002-1825-0098", "not an ORCID iD: '0000-0002-1825-0098'"),
        ("https://orcid.org/0000-0002-1825-009X", "does not agree"),
        ("  ", "not an author: '  '"),
        ("12345", "not an author: '12345'"),
    ],
)
def test_a_typing_error_is_told(text: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        checked_author(text)
