import pytest

from ocr.hyphens import Vocabulary, join_lines, join_texts
from ocr.lines import Line


def _line(text: str, *, is_hyphenated: bool = False) -> Line:
    return Line(text, 0, 0, 100, 10, 10, 10, is_hyphenated=is_hyphenated)


def test_a_word_parted_at_a_line_end_is_joined() -> None:
    lines = [_line("the trans", is_hyphenated=True), _line("former reads"), _line("all")]

    assert join_lines(lines, Vocabulary([])) == "the transformer reads all"


@pytest.mark.parametrize(
    "before, after, expected",
    [
        ("GPT-", "4 writes", "GPT-4 writes"),
        ("DeepSeek-", "V2", "DeepSeek-V2"),
        ("a self-", "attention layer", "a self-attention layer"),
        ("a semi-", "parametric fit", "a semi-parametric fit"),
        ("the pre-", "training", "the pretraining"),
        ("a range 3 -", "4", "a range 3 - 4"),
        ("", "first", "first"),
    ],
)
def test_a_hyphen_stays_where_the_word_is_written_with_one(before: str, after: str, expected: str) -> None:
    vocabulary = Vocabulary(["our semi-parametric method", "pretraining once", "Pretraining twice, pre-training never"])

    assert join_texts(before, after, vocabulary) == expected
