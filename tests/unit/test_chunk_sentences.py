import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.sentences import size_of, split_long, split_sentences


def _split(text: str) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text)]


@pytest.mark.parametrize(
    "text, expected",
    [
        ("One ends. Two ends! Three?", ["One ends.", "Two ends!", "Three?"]),
        ("We follow Lind et al. 2019 here. It works.", ["We follow Lind et al. 2019 here.", "It works."]),
        ("See Fig. 3 and Eq. 4, i.e. The proof. Next.", ["See Fig. 3 and Eq. 4, i.e. The proof.", "Next."]),
        ("By J. A. Smith. Done.", ["By J. A. Smith.", "Done."]),
        ('He said "no." Then (yes.) Then 3.5 came.', ['He said "no."', "Then (yes.)", "Then 3.5 came."]),
        ("row one\nrow two", ["row one", "row two"]),
        ("  ", []),
        ("no end", ["no end"]),
    ],
)
def test_sentences_end_where_a_reader_would_stop(text: str, expected: list[str]) -> None:
    assert _split(text) == expected


@given(st.text(alphabet="aB. !?\n(1)"))
def test_sentences_hold_all_but_the_white_space(text: str) -> None:
    assert "".join("".join(_split(text)).split()) == "".join(text.split())


@given(st.text(), st.integers(1, 30))
def test_pieces_of_a_long_sentence_hold_all_of_it_and_are_short(text: str, most: int) -> None:
    pieces = list(split_long(text, most))

    assert "".join("".join(pieces).split()) == "".join(text.split())
    assert all(size_of(piece) <= most for piece in pieces)


def test_where_there_are_no_spaces_eight_characters_count_as_a_word() -> None:
    assert size_of("three short words") == 3
    assert size_of("a" * 80) == 10
