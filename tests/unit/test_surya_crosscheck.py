from __future__ import annotations

from ocr.surya.crosscheck import disagreement, emptiness, has_good_text
from pipeline.document import Block, BlockKind, Box, Page, PageStatus

_WHOLE = Box(0, 0, 1000, 1000)
_PROSE = " ".join(f"word{chr(97 + number)}{chr(97 + number)}" for number in range(26))


def _block(text: str, kind: BlockKind = BlockKind.TEXT, box: Box = _WHOLE) -> Block:
    return Block(kind, text, box, 0)


def _evidence(*blocks: Block, status: PageStatus = PageStatus.OK) -> Page:
    return Page(1, 612, 792, blocks, "text_layer", status)


def test_an_answer_with_the_words_of_the_text_layer_agrees() -> None:
    assert disagreement(_evidence(_block(_PROSE)), [_block(_PROSE.upper())]) == ""


def test_half_a_page_does_not_agree() -> None:
    half = " ".join(_PROSE.split()[:13])

    assert disagreement(_evidence(_block(_PROSE)), [_block(half)]) == (
        "the answer holds only 50% of the words of the text layer"
    )


def test_words_said_twice_do_not_agree() -> None:
    fault = disagreement(_evidence(_block(_PROSE)), [_block(f"{_PROSE} {_PROSE}")])

    assert fault == "only 50% of the answer's words stand in the text layer"


def test_words_in_what_the_model_sees_as_a_picture_need_not_be_read() -> None:
    labels = _block(_PROSE.replace("word", "axis"), box=Box(0, 0, 1000, 400))
    prose = _block(_PROSE, box=Box(0, 500, 1000, 900))
    picture = _block("", BlockKind.FIGURE, Box(0, 0, 1000, 450))

    assert disagreement(_evidence(labels, prose), [picture, prose]) == ""


def test_running_headers_are_owed_by_nobody() -> None:
    header = _block(_PROSE.replace("word", "head"), BlockKind.HEADER)

    assert disagreement(_evidence(header, _block(_PROSE)), [_block(_PROSE)]) == ""
    assert disagreement(_evidence(_block(_PROSE)), [header, _block(_PROSE)]) == ""


def test_commands_of_formulas_are_no_words_of_the_answer() -> None:
    formulas = " ".join(rf"$\mathcal{{x}} \overline{{y}} \{word}$" for word in _PROSE.split())

    assert disagreement(_evidence(_block(_PROSE)), [_block(f"{_PROSE} {formulas}")]) == ""


def test_accents_are_the_same_however_they_are_written() -> None:
    evidence = _PROSE.replace("word", "wo\u0301rd")

    assert disagreement(_evidence(_block(evidence)), [_block(_PROSE.replace("word", "wórd"))]) == ""


def test_a_scan_is_no_evidence() -> None:
    scan = _evidence(_block(_PROSE), status=PageStatus.DEGRADED)

    assert disagreement(scan, [_block("anything")]) == ""
    assert not has_good_text(scan)


def test_text_without_spaces_is_not_counted_in_words() -> None:
    chinese = _block("\u673a\u5668\u5b66\u4e60" * 40)

    assert disagreement(_evidence(chinese), [_block(_PROSE)]) == ""


def test_an_empty_answer_is_fine_for_a_blank_page_only() -> None:
    blank = _evidence()

    assert emptiness(blank, [], lambda: True) == ""
    assert emptiness(blank, [], lambda: False) == "the answer is empty, and the page is not blank"


def test_an_empty_answer_is_never_fine_where_the_page_has_text() -> None:
    assert emptiness(_evidence(_block("Words")), [], lambda: True) == (
        "the answer is empty, and the page's own text is not"
    )


def test_a_page_that_is_one_picture_may_hold_no_other_text_unless_it_is_a_scan() -> None:
    picture = _block("", BlockKind.FIGURE)

    assert emptiness(_evidence(_block("label")), [picture], lambda: False) == ""
    assert emptiness(_evidence(), [picture], lambda: False) == ""
    assert emptiness(_evidence(status=PageStatus.DEGRADED), [picture], lambda: False) == (
        "the answer is empty, and the page is not blank"
    )
