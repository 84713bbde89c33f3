from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from pipeline.chunk import chunk_document
from pipeline.document import Block, BlockKind, Box, Chunk, Document, Page
from pipeline.sentences import size_of
from tests.fakes.papers import make_paper, make_version

_BOX = Box(100, 200, 900, 300)


def _document(*pages: list[tuple[BlockKind, str]]) -> Document:
    return Document(
        tuple(
            Page(
                number,
                612,
                792,
                tuple(Block(kind, text, _BOX, order) for order, (kind, text) in enumerate(blocks)),
                "engine",
            )
            for number, blocks in enumerate(pages, start=1)
        ),
        "engine/1",
    )


def _body(document: Document, abstract: str = "We say what we did.") -> list[Chunk]:
    return chunk_document(make_paper(abstract=abstract), document)[1:]


def _sentences(count: int, words: int = 10, label: str = "word") -> str:
    return " ".join(f"{label.capitalize()}{n} " + " ".join([label] * (words - 2)) + " end." for n in range(count))


def test_chunk_zero_is_the_metadata_abstract() -> None:
    paper = make_paper(abstract="We say\n what we did.", versions=(make_version(1), make_version(2)))

    assert chunk_document(paper, None) == [Chunk(paper.id, 2, 0, "Abstract", 0, "We say what we did.", None)]


def test_a_paper_without_abstract_is_found_by_its_title() -> None:
    assert chunk_document(make_paper(abstract="", title="A title"), None)[0].text == "A title"


def test_sections_are_never_mixed_and_named_by_their_path() -> None:
    document = _document(
        [(BlockKind.HEADING, "3 Method"), (BlockKind.TEXT, "We do it."), (BlockKind.HEADING, "3.2 Loss")],
        [(BlockKind.TEXT, "It is small.")],
    )

    assert [(chunk.ordinal, chunk.section, chunk.page, chunk.text) for chunk in _body(document)] == [
        (1, "3 Method", 1, "We do it."),
        (2, "3 Method > 3.2 Loss", 2, "It is small."),
    ]


def test_long_text_is_cut_between_sentences_to_about_two_hundred_words() -> None:
    chunks = _body(_document([(BlockKind.TEXT, _sentences(60))]))

    assert [size_of(chunk.text) for chunk in chunks] == [220, 220, 160]
    assert all(chunk.text.endswith("end.") for chunk in chunks)


def test_a_chunk_rather_ends_with_a_paragraph() -> None:
    chunks = _body(_document([(BlockKind.TEXT, _sentences(17)), (BlockKind.TEXT, _sentences(17))]))

    assert [size_of(chunk.text) for chunk in chunks] == [170, 170]


def test_a_small_tail_joins_the_chunk_before_it() -> None:
    chunks = _body(_document([(BlockKind.TEXT, _sentences(25))]))

    assert [size_of(chunk.text) for chunk in chunks] == [250]


def test_a_sentence_that_runs_over_a_page_is_one_and_its_hyphen_is_undone() -> None:
    document = _document(
        [
            (BlockKind.TEXT, "The net is trans-"),
            (BlockKind.FOOTNOTE, "1 A note."),
            (BlockKind.CAPTION, "Figure 1: A plot."),
        ],
        [(BlockKind.TEXT, "formed at once. All is well.")],
    )

    assert [(chunk.text, chunk.page) for chunk in _body(document)] == [
        ("The net is transformed at once. All is well.", 1),
        ("Figure 1: A plot.", 1),
        ("1 A note.", 1),
    ]


def test_a_formula_stays_within_its_paragraph() -> None:
    document = _document(
        [(BlockKind.TEXT, "It is given by"), (BlockKind.EQUATION, "E = mc2 (1)"), (BlockKind.TEXT, "where c is fast.")]
    )

    assert [chunk.text for chunk in _body(document)] == ["It is given by E = mc2 (1) where c is fast."]


def test_a_table_is_one_chunk_with_its_caption() -> None:
    document = _document(
        [
            (BlockKind.TEXT, "Before."),
            (BlockKind.CAPTION, "Table 1: Scores."),
            (BlockKind.TABLE, "ours 0.9\ntheirs 0.8"),
            (BlockKind.TEXT, "After."),
        ]
    )

    assert [chunk.text for chunk in _body(document)] == ["Before. After.", "Table 1: Scores. ours 0.9 theirs 0.8"]


def test_what_a_reader_would_not_quote_is_left_out() -> None:
    document = _document(
        [
            (BlockKind.HEADER, "A running title"),
            (BlockKind.TITLE, "A title"),
            (BlockKind.TEXT, "Ada Lind, Somewhere"),
            (BlockKind.HEADING, "Contents"),
            (BlockKind.LIST, "1 Introduction 4"),
            (BlockKind.HEADING, "1 Introduction"),
            (BlockKind.FIGURE, "0.1 0.2"),
            (BlockKind.TEXT, "It begins."),
            (BlockKind.HEADING, "References"),
            (BlockKind.REFERENCE, "[1] A. Lind."),
            (BlockKind.FOOTER, "7"),
        ]
    )

    assert [chunk.text for chunk in _body(document)] == ["It begins."]


def test_text_before_the_first_heading_is_kept_where_there_is_no_title() -> None:
    document = _document([(BlockKind.TEXT, "It begins at once."), (BlockKind.HEADING, "End")])

    assert [(chunk.text, chunk.section) for chunk in _body(document)] == [("It begins at once.", "")]


def test_the_abstract_is_not_told_twice() -> None:
    abstract = "We study how readers of long papers find the one passage that answers them."
    printed = "We study how readers of long papers find the one pas- sage that answers them."
    document = _document(
        [
            (BlockKind.HEADING, "Abstract"),
            (BlockKind.TEXT, printed),
            (BlockKind.TEXT, "An extended abstract says more."),
        ]
    )

    assert [chunk.text for chunk in _body(document, abstract)] == ["An extended abstract says more."]


_ABSTRACT = "We study how readers of long papers find the one passage that answers them."


def test_the_body_of_a_letter_without_headings_is_not_filed_under_its_abstract() -> None:
    body = _sentences(4, label="body")
    document = _document(
        [
            (BlockKind.HEADING, "Abstract"),
            (BlockKind.TEXT, _ABSTRACT),
            (BlockKind.TEXT, "PACS: 1.2"),
            (BlockKind.TEXT, body),
        ]
    )

    chunks = _body(document, _ABSTRACT)

    assert [(chunk.section, chunk.text) for chunk in chunks] == [("Abstract", "PACS: 1.2"), ("", body)]


def test_an_abstract_unlike_the_metadatas_ends_with_its_page() -> None:
    told, body = _sentences(3, label="told"), _sentences(3, label="body")
    document = _document([(BlockKind.HEADING, "Abstract"), (BlockKind.TEXT, told)], [(BlockKind.TEXT, body)])

    assert [(chunk.section, chunk.text) for chunk in _body(document)] == [("Abstract", told), ("", body)]


def test_an_abstract_unlike_the_metadatas_is_not_longer_than_abstracts_are() -> None:
    told, body = _sentences(15, label="told"), _sentences(30, label="body")
    document = _document([(BlockKind.HEADING, "Abstract"), (BlockKind.TEXT, told), (BlockKind.TEXT, body)])

    assert {chunk.section: chunk.text.split()[1] for chunk in _body(document)} == {"Abstract": "told", "": "body"}


def test_a_section_after_the_abstract_is_where_its_heading_says() -> None:
    body = _sentences(4, label="body")
    document = _document(
        [
            (BlockKind.HEADING, "Abstract"),
            (BlockKind.TEXT, _ABSTRACT),
            (BlockKind.HEADING, "1 Start"),
            (BlockKind.TEXT, body),
        ]
    )

    assert [chunk.section for chunk in _body(document, _ABSTRACT)] == ["1 Start"]


def test_the_box_is_that_of_the_blocks_on_the_first_page() -> None:
    pages = _document([(BlockKind.TEXT, "One."), (BlockKind.TEXT, "Two.")], [(BlockKind.TEXT, "Three.")]).pages
    second = replace(pages[0].blocks[1], box=Box(50, 400, 500, 450))
    document = Document((replace(pages[0], blocks=(pages[0].blocks[0], second)), pages[1]), "engine/1")

    assert [(chunk.page, chunk.box) for chunk in _body(document)] == [(1, Box(50, 200, 900, 450))]


def test_a_sentence_longer_than_a_chunk_is_cut() -> None:
    chunks = _body(_document([(BlockKind.TEXT, "word " * 500)]))

    assert [size_of(chunk.text) for chunk in chunks] == [220, 220, 60]


_words = st.sampled_from(["alpha", "Beta", "gamma,", "delta.", "e.g.", "(Eta", "42", "trans-", "\u4e2d" * 30, "Q?"])
_texts = st.lists(_words, min_size=1, max_size=120).map(" ".join)
_prose_blocks = st.tuples(st.sampled_from([BlockKind.TEXT, BlockKind.LIST, BlockKind.EQUATION, BlockKind.CODE]), _texts)
_other_blocks = st.tuples(
    st.sampled_from([BlockKind.CAPTION, BlockKind.TABLE, BlockKind.FOOTNOTE, BlockKind.HEADING]), _texts
)


def _letters(text: str) -> str:
    return "".join(text.split()).replace("-", "")


@given(st.lists(st.lists(_prose_blocks, max_size=6), max_size=4))
def test_prose_is_kept_whole_and_in_order(pages: list[list[tuple[BlockKind, str]]]) -> None:
    chunks = _body(_document(*pages))

    expected = "".join(_letters(text) for page in pages for _, text in page)
    assert "".join(_letters(chunk.text) for chunk in chunks) == expected


@given(st.lists(st.lists(st.one_of(_prose_blocks, _other_blocks), max_size=8), max_size=4))
def test_no_text_is_lost_and_no_chunk_is_too_long(pages: list[list[tuple[BlockKind, str]]]) -> None:
    chunks = chunk_document(make_paper(abstract="Nothing of the kind."), _document(*pages))

    kept = "".join(_letters(text) for page in pages for kind, text in page if kind is not BlockKind.HEADING)
    assert sorted("".join(_letters(chunk.text) for chunk in chunks[1:])) == sorted(kept)
    assert all(0 < size_of(chunk.text) <= 260 for chunk in chunks)
    assert [chunk.ordinal for chunk in chunks] == list(range(len(chunks)))
    assert all(chunk.page >= 1 and chunk.box == _BOX for chunk in chunks[1:])
