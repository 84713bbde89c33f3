"""The sentence that answers, within a quoted passage."""

from __future__ import annotations

import pytest

from pipeline.digest import Passage
from web.passages import show_passage

FILLER = "Here is what nobody asked for in so many words. " * 12


def shown(text: str, sentence: str, *, page: int = 3, width: int = 480) -> str:
    start = text.index(sentence)
    passage = Passage(text, "3 Method", page, None, 7)
    return str(show_passage(passage, "walks", width, (start, start + len(sentence))).html)


def test_it_is_set_apart_with_its_words_marked() -> None:
    assert shown("One. Two walks & more. Three.", "Two walks & more.") == (
        'One. <strong class="answer">Two <mark>walks</mark> &amp; more.</strong> Three.'
    )


def test_a_long_passage_is_cut_around_it() -> None:
    html = shown(f"{FILLER}Two walks meet. {FILLER}", "Two walks meet.", width=120)

    assert html.startswith('… <strong class="answer">Two <mark>walks</mark> meet.</strong> Here is')


def test_one_near_the_beginning_leaves_the_beginning_in_place() -> None:
    html = shown(f"One. Two walks meet. {FILLER}", "Two walks meet.", width=120)

    assert html.startswith('One. <strong class="answer">Two')


def test_one_that_is_too_long_is_cut_with_the_passage() -> None:
    sentence = "Two walks " + "meet and part " * 30 + "for ever."

    html = shown(f"{FILLER}{sentence} {FILLER}", sentence, width=120)

    assert html.startswith("… Two <mark>walks</mark> meet and part")
    assert html.endswith("…")


def test_one_that_is_nearly_all_there_is_needs_no_emphasis() -> None:
    assert shown("One. Two walks meet again and again.", "Two walks meet again and again.") == (
        "One. Two <mark>walks</mark> meet again and again."
    )


@pytest.mark.parametrize(
    "text, sentence, expected",
    [
        (
            r"We \emph{go} far. Two walks of $n$ steps lose 5\%. The end comes late.",
            r"Two walks of $n$ steps lose 5\%.",
            'We go far. <strong class="answer">Two <mark>walks</mark> of <math',
        ),
        (
            r"We {\em go. Two walks} meet. The end comes late, and with it the rest of all.",
            r"Two walks} meet.",
            "We go. Two <mark>walks</mark> meet. The end",
        ),
    ],
    ids=["TeX within", "TeX across"],
)
def test_in_an_abstract_it_is_found_after_its_tex_was_read(text: str, sentence: str, expected: str) -> None:
    assert shown(text, sentence, page=0).startswith(expected)


def test_a_formula_is_never_torn() -> None:
    assert "<strong" not in shown("We see $a. Two walks b$ here. And then the rest comes.", "Two walks b$ here.")
