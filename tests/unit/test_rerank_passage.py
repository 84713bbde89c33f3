from __future__ import annotations

from dataclasses import replace

from pipeline.digest import Passage
from pipeline.document import Box, Chunk
from pipeline.sentences import split_sentences
from rerank.passage import MAX_CHARS, Question, narrow, opening, sentences_of, shorten

CHUNK = Chunk("2611.00001", 1, 3, "4.2 Loss", 5, "", Box(100, 200, 900, 400), id=77)


def _narrow(text: str, *wanted: str) -> str:
    chunk = replace(CHUNK, text=text)
    return narrow(chunk, sentences_of(chunk), Question(dict.fromkeys(wanted, 1 / max(len(wanted), 1)))).text


def test_the_sentence_with_the_wanted_words_is_quoted() -> None:
    assert _narrow("We went out. The owl hunts at night. It rained.", "owl", "night") == "The owl hunts at night."


def test_a_neighbour_that_brings_another_wanted_word_is_quoted_too() -> None:
    text = "We went out. The owl hunts. It likes the night. It rained."

    assert _narrow(text, "owl", "night") == "The owl hunts. It likes the night."


def test_no_more_than_three_sentences_are_quoted() -> None:
    text = "Owls call. Foxes dig. Elks rest. Yaks eat."

    assert _narrow(text, "owl", "fox", "elk", "yak") == "Owls call. Foxes dig. Elks rest."


def test_windows_longer_than_the_limit_are_not_quoted() -> None:
    first, second = f"The owl {'sat there ' * 25}still.", f"The fox {'ran about ' * 25}fast."

    assert _narrow(f"{first} {second}", "owl", "fox") == first


def test_a_single_sentence_that_is_too_long_is_cut_between_words() -> None:
    quoted = _narrow(f"The owl {'sat there ' * 60}still.", "owl")

    assert len(quoted) <= MAX_CHARS
    assert quoted.endswith(" there…")


def test_formulas_and_rows_of_numbers_are_not_quoted_for_one_word() -> None:
    assert (
        _narrow("Owl 1.2 3.4 5.6 7.8 9.0. We count owls and foxes here.", "owl", "elk")
        == "We count owls and foxes here."
    )


def test_a_sentence_of_formulas_gives_way_to_prose_that_answers_nearly_as_well() -> None:
    formulas = "Let the owl be \U0001d453(\U0001d465) + \U0001d452 with \U0001d452 = \U0001d441(0, \U0001d70f)."

    assert (
        _narrow(f"{formulas} The owl of this paper hunts by ear.", "owl", "yak")
        == "The owl of this paper hunts by ear."
    )


def test_a_sentence_near_in_meaning_is_quoted_though_it_shares_no_word() -> None:
    chunk = replace(CHUNK, text="We went out. Strigids stalk mice. It rained.")

    assert narrow(chunk, sentences_of(chunk), Question({"owl": 1.0}, (0.1, 0.5, 0.2))).text == "Strigids stalk mice."


def test_without_any_wanted_word_the_first_sentence_is_quoted() -> None:
    assert _narrow("We went out. The owl hunts.", "yak") == "We went out."


def test_the_passage_keeps_where_its_chunk_stands() -> None:
    chunk = replace(CHUNK, text="The owl hunts.")

    assert narrow(chunk, sentences_of(chunk), Question({})) == Passage("The owl hunts.", "4.2 Loss", 5, CHUNK.box, 77)


def test_an_opening_is_the_first_sentence() -> None:
    assert opening(replace(CHUNK, text="The owl hunts. It rained.")).text == "The owl hunts."
    assert opening(replace(CHUNK, text="")).text == ""


def test_quoted_sentences_are_whole_sentences_of_the_text() -> None:
    text = "As Smith et al. showed, owls hunt, cf. Fig. 3. Foxes do not. See Sec. 2 for elks."
    whole = [text[start:end] for start, end in split_sentences(text)]

    assert _narrow(text, "fox") == "Foxes do not."
    assert _narrow(text, "owl") == whole[0] == "As Smith et al. showed, owls hunt, cf. Fig. 3."


def test_shortening_keeps_what_fits() -> None:
    assert shorten("owl fox", 7) == "owl fox"
    assert shorten("owl fox elk", 9) == "owl fox…"
    assert shorten("owlfoxelk", 5) == "owlf…"
