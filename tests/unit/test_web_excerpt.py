from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from web.excerpt import excerpt
from web.markup import Text

_SENTENCES = "First there was nothing at all. Then came the walk of the landmark. It ended well for everybody in town."


def _marks(text: str, *words: str) -> list[tuple[int, int]]:
    return sorted((text.index(word), text.index(word) + len(word)) for word in words)


def test_a_short_text_is_quoted_whole() -> None:
    assert excerpt(Text("all of it"), [(0, 3)], 20) == (Text("all of it"), [(0, 3)])


def test_a_quotation_begins_with_the_sentence_of_the_found_words() -> None:
    cut, marks = excerpt(Text(_SENTENCES), _marks(_SENTENCES, "walk", "landmark"), 50)

    assert cut.text == "… Then came the walk of the landmark. …"
    assert [cut.text[start:stop] for start, stop in marks] == ["walk", "landmark"]


def test_without_found_words_it_is_the_beginning() -> None:
    assert excerpt(Text(_SENTENCES), [], 40)[0].text == "First there was nothing at all. …"


def test_a_formula_is_never_cut() -> None:
    text = "word " * 10 + "$a + b + c + d$ " + "word " * 10
    start = text.index("$")

    cut, _ = excerpt(Text(text, ((start, start + 15),)), [], start + 5)

    assert cut.text.endswith("$a + b + c + d$ …")
    assert [cut.text[first:last] for first, last in cut.formulas] == ["$a + b + c + d$"]


@example(words=["a", " ", "a"], wanted={0, 1}, width=5)
@given(
    words=st.lists(st.text("abc. $", min_size=1, max_size=12), min_size=1, max_size=60),
    wanted=st.sets(st.integers(0, 59), max_size=5),
    width=st.integers(5, 200),
)
def test_marks_stand_on_the_same_words_as_before(words: list[str], wanted: set[int], width: int) -> None:
    text, marks = "", []
    for number, word in enumerate(words):
        if number in wanted:
            marks.append((len(text), len(text) + len(word)))
        text += word + " "

    cut, kept = excerpt(Text(text), marks, width)

    assert len(cut.text) <= width + len("… ") + len(" …") or len(text) <= width
    assert {cut.text[start:stop] for start, stop in kept} <= {text[start:stop] for start, stop in marks}
