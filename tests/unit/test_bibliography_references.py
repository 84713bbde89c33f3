# ruff: noqa: RUF001 (the characters that look alike are the ones PDFs hold)
from ocr.bibliography import find_references, links_of
from pipeline.document import Block, BlockKind, Box, Page, Reference

_BOX = Box(100, 100, 900, 120)


def _page(number: int, *blocks: Block) -> Page:
    numbered = tuple(Block(one.kind, one.text, one.box, order, html=one.html) for order, one in enumerate(blocks))
    return Page(number, 600, 800, numbered, "text_layer")


def _text(text: str) -> Block:
    return Block(BlockKind.TEXT, text, _BOX, 0)


def _entry(text: str, left: int = 100, top: int = 100, html: str = "") -> Block:
    return Block(BlockKind.REFERENCE, text, Box(left, top, 900, top + 20), 0, html=html)


def _labels(*pages: Page) -> list[str]:
    return [one.label for one in find_references(pages)[0]]


def _titles(*pages: Page) -> list[str]:
    return [one.title for one in find_references(pages)[0]]


def _cited(page: Page, *more: Page) -> list[tuple[str, tuple[int, ...]]]:
    texts = {(one.number, block.order): block.text for one in (page, *more) for block in one.blocks}
    _, citations = find_references((page, *more))
    return [(texts[one.page, one.order][one.start : one.end], one.references) for one in citations]


_NUMBERED = (
    _entry("[1] A. Lind. Tides in harbours. Reef Letters, 1:2–3, 2001."),
    _entry("[2] B. Okafor. Sand in harbours. Reef Letters, 2:3–4, 2002."),
    _entry("[3] C. Zhu. Wind in harbours. Reef Letters, 3:4–5, 2003."),
)


def test_a_reference_has_its_fields_and_its_text_without_the_label() -> None:
    (one, *_), _ = find_references([_page(1, *_NUMBERED)])

    assert one == Reference(
        text="A. Lind. Tides in harbours. Reef Letters, 1:2–3, 2001.",
        page=1,
        box=_BOX,
        label="1",
        authors=("Lind, A.",),
        title="Tides in harbours",
        year=2001,
        venue="Reef Letters",
    )


def test_an_entry_that_runs_over_a_page_is_one() -> None:
    pages = (
        _page(1, *_NUMBERED[:2], _entry("[3] C. Zhu. Wind in har-")),
        _page(2, _entry("bours. Reef Letters, 2003."), _entry("[4] D. Berg. Ice in ports. Reef Letters, 4:5–6, 2004.")),
    )

    assert _titles(*pages) == ["Tides in harbours", "Sand in harbours", "Wind in harbours", "Ice in ports"]


def test_an_entry_without_labels_that_runs_over_a_page_is_one() -> None:
    pages = (
        _page(
            1,
            _entry("Lind, A. (2001). Tides in ports. Reef Letters, 1, 2–3."),
            _entry("Okafor, B. (2002). Sand in the mouth of"),
        ),
        _page(
            2,
            _entry("Harbours. Reef Letters, 2, 3–4.", left=120),
            _entry("Zhu, C. (2003). Wind in ports. Reef Letters, 3, 4–5."),
        ),
    )

    assert _titles(*pages) == ["Tides in ports", "Sand in the mouth of Harbours", "Wind in ports"]


def test_a_number_out_of_turn_is_no_label() -> None:
    entries = (
        "1. Lind A. Tides in ports. Reef. 2001.",
        "2. Okafor B. Sand in ports. Reef",
        "77. pp. 1 to 4, 2002.",
        "3. Zhu C. Wind in ports. Reef. 2003.",
    )

    assert _labels(_page(1, *map(_entry, entries))) == ["1", "2", "3"]


def test_a_list_that_is_one_block_is_split_at_its_labels() -> None:
    together = " ".join(block.text for block in _NUMBERED)

    assert _labels(_page(1, _entry(together))) == ["1", "2", "3"]


def test_a_list_that_is_one_block_is_split_at_its_paragraphs() -> None:
    html = (
        "<p>Lind, A. (2001). Tides in ports. <i>Reef</i>, 1, 2.</p>"
        "<p>Okafor, B. (2002). Sand in ports. <i>Reef</i>, 2, 3.</p>"
    )

    assert _titles(_page(1, _entry("Lind ... Okafor ...", html=html))) == ["Tides in ports", "Sand in ports"]


def test_a_list_that_is_one_block_is_split_at_lines_that_begin_with_names() -> None:
    lines = "Lind, A. (2001). Tides in the\nharbours. Reef, 1, 2.\nOkafor, B. (2002). Sand in ports. Reef, 2, 3."

    assert _titles(_page(1, _entry(lines))) == ["Tides in the harbours", "Sand in ports"]


def test_where_an_engine_knows_no_references_what_follows_their_heading_is_taken() -> None:
    heading = Block(BlockKind.HEADING, "References", _BOX, 0)
    appendix = Block(BlockKind.HEADING, "Appendix", _BOX, 0)
    page = _page(1, heading, _text(_NUMBERED[0].text), _text(_NUMBERED[1].text), appendix, _text("[3] More."))

    assert _labels(page) == ["1", "2"]


def test_numbers_ranges_and_notes_in_brackets_cite() -> None:
    text = _text("As in [1], [1, 3] and [1–3], see [2, Theorem 4]; but not x ∈ [1, 2], a[2], [0, 1], [7] or [sic].")

    assert _cited(_page(1, text, *_NUMBERED)) == [
        ("[1]", (0,)),
        ("[1, 3]", (0, 2)),
        ("[1–3]", (0, 1, 2)),
        ("[2, Theorem 4]", (1,)),
    ]


def test_labels_of_letters_cite() -> None:
    entries = (
        _entry("[Lin01] A. Lind. Tides in ports. Reef, 1:2, 2001."),
        _entry("[OZ+02] B. Okafor et al. Sand in ports. Reef, 2:3, 2002."),
    )

    assert _cited(_page(1, _text("By [Lin01, OZ+02] and [Lin02]."), *entries)) == [("[Lin01, OZ+02]", (0, 1))]


_NAMED = (
    _entry("Lind, A. (2001). Tides in ports. Reef, 1, 2."),
    _entry("Lind, A., & Okafor, B. (2001). Sand in ports. Reef, 2, 3."),
    _entry("van der Berg, C., Zhu, D., & Lind, A. (2019a). Wind in ports. Reef, 3, 4."),
    _entry("van der Berg, C., Zhu, D., & Lind, A. (2019b). Ice in ports. Reef, 4, 5."),
    _entry("Reef Core Team. (2021). Reefs. Reef, 5, 6."),
)


def test_names_and_years_cite_in_and_out_of_brackets() -> None:
    text = _text(
        "Lind (2001) and Lind and Okafor (2001) say so (van der Berg et al., 2019a; Reef Core Team, 2021). "
        "So do Van der Berg et al. (2019a, b), but not Smith (2001) in 2001."
    )

    assert _cited(_page(1, text, *_NAMED)) == [
        ("Lind (2001)", (0,)),
        ("Lind and Okafor (2001)", (1,)),
        ("van der Berg et al., 2019a", (2,)),
        ("Reef Core Team, 2021", (4,)),
        ("Van der Berg et al. (2019a, b)", (2, 3)),
    ]


def test_several_years_of_the_same_names_cite_together() -> None:
    text = _text("It is known (e.g., van der Berg et al. 2019a, 2019b).")

    assert _cited(_page(1, text, *_NAMED)) == [("van der Berg et al. 2019a, 2019b", (2, 3))]


def test_nothing_cites_where_there_is_no_list() -> None:
    assert find_references([_page(1, _text("As in [1] and Lind (2001)."))]) == ((), ())


def test_a_link_over_an_entry_tells_the_doi_that_is_not_printed() -> None:
    page = _page(1, *(_entry(block.text, top=100 + 30 * index) for index, block in enumerate(_NUMBERED)))
    links = {1: [(Box(200, 132, 400, 145), "https://doi.org/10.1234/reef.2")]}

    assert [one.doi for one in find_references([page], links)[0]] == ["", "10.1234/reef.2", ""]


def test_a_link_tells_the_whole_of_a_doi_that_was_torn_and_nothing_else_changes_a_printed_one() -> None:
    page = _page(1, _entry("[1] A. Lind. Tides in ports. Reef, 2001. doi:10.1234/reef", top=100), _entry(
        "[2] B. Okafor. Sand in ports. Reef, 2002. doi:10.1234/sand", top=130))  # fmt: skip
    links = {
        1: [
            (Box(200, 102, 400, 118), "https://doi.org/10.1234/reef-1"),
            (Box(200, 132, 400, 148), "https://doi.org/10.9/x"),
        ]
    }

    assert [one.doi for one in find_references([page], links)[0]] == ["10.1234/reef-1", "10.1234/sand"]


def test_a_link_belongs_to_the_entry_it_lies_in_not_to_one_whose_box_spans_both_columns() -> None:
    spanning = Block(BlockKind.REFERENCE, _NUMBERED[0].text, Box(100, 50, 900, 900), 0)
    page = _page(1, spanning, _entry(_NUMBERED[1].text, top=130))
    links = {1: [(Box(200, 132, 400, 145), "https://doi.org/10.1234/reef.2")]}

    assert [one.doi for one in find_references([page], links)[0]] == ["", "10.1234/reef.2"]


def test_identifiers_found_before_are_kept_where_a_page_is_read_anew() -> None:
    page = _page(1, *(_entry(block.text, top=100 + 30 * index) for index, block in enumerate(_NUMBERED)))
    before = Reference("", 1, Box(100, 130, 900, 150), doi="10.1234/reef.2", arxiv_id="2001.00001")

    found, _ = find_references([page], links_of([before]))

    assert (found[1].doi, found[1].arxiv_id) == ("10.1234/reef.2", "2001.00001")
