import pytest

from ocr.page.lines import Line
from ocr.text.hyphens import Vocabulary, join_lines, join_texts


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


@pytest.mark.parametrize(
    "before, after, expected",
    [
        ("a Dual-", "Pipe schedule", "a DualPipe schedule"),
        ("a machine-", "learning task", "a machine-learning task"),
        ("an object-", "like thing", "an object-like thing"),
        ("an over-", "fitting model", "an overfitting model"),
        ("in CALIBRA-", "TION", "in CALIBRATION"),
        ("both BERT-", "GPT", "both BERT-GPT"),
    ],
)
def test_words_of_the_document_decide_about_those_it_holds_only_broken(before: str, after: str, expected: str) -> None:
    vocabulary = Vocabulary(["DualPipe, a machine and its learning", "over all, a fitting model", "BERT or GPT"])

    assert join_texts(before, after, vocabulary) == expected


def test_the_pieces_of_a_broken_word_are_no_words_of_the_document() -> None:
    vocabulary = Vocabulary(["we speak of trans-", "former models"])

    assert (vocabulary.has("trans"), vocabulary.has("former"), vocabulary.has("models")) == (False, False, True)
