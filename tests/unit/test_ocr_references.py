from dataclasses import replace

from ocr.page.lines import Line
from ocr.text.references import is_references_heading, split_entries

_LINE = Line("", 50, 0, 290, 10, 9, 8)


def _set(*rows: tuple[str, float, float]) -> list[Line]:
    return [replace(_LINE, text=text, left=left, top=top, bottom=top + 9, baseline=top + 7) for text, left, top in rows]


def _texts(lines: list[Line]) -> list[str]:
    return [" ".join(line.text for line in entry) for entry in split_entries(lines, 612)]


def test_numbered_entries_begin_at_their_marks() -> None:
    lines = _set(("[1] A. Lind. One.", 50, 10), ("2020.", 60, 21), ("[2] B. Okafor.", 50, 32), ("Two.", 60, 43))

    assert _texts(lines) == ["[1] A. Lind. One. 2020.", "[2] B. Okafor. Two."]


def test_hanging_entries_begin_where_the_line_stands_out_in_either_column() -> None:
    lines = _set(
        ("Lind, A. 2020.", 50, 10),
        ("One.", 62, 21),
        ("Okafor, B.", 50, 32),
        ("Two.", 330, 10),
        ("Zhu, C. Three.", 318, 21),
        ("End.", 330, 32),
    )

    assert _texts(lines) == ["Lind, A. 2020. One.", "Okafor, B. Two.", "Zhu, C. Three. End."]


def test_entries_without_mark_or_indent_are_parted_by_their_gaps() -> None:
    lines = _set(("Lind, A.", 50, 10), ("One.", 50, 21), ("Okafor, B.", 50, 37), ("Two.", 50, 48), ("More.", 50, 59))

    assert _texts(lines) == ["Lind, A. One.", "Okafor, B. Two. More."]


def test_entries_whose_first_line_is_indented_begin_there() -> None:
    rows = (
        ("Lind, A., and", 62),
        ("Berg, D. One goes", 50),
        ("on.", 50),
        ("Okafor, B.", 62),
        ("Two", 50),
        ("it is.", 50),
        ("Zhu, C. It", 62),
        ("was three.", 50),
    )
    lines = _set(*((text, left, 10 + 11 * index) for index, (text, left) in enumerate(rows)))

    assert _texts(lines) == ["Lind, A., and Berg, D. One goes on.", "Okafor, B. Two it is.", "Zhu, C. It was three."]


def test_a_number_out_of_turn_belongs_to_its_entry() -> None:
    lines = _set(("1. A. Lind. Pages 4 to", 50, 10), ("77. Reef.", 60, 21), ("2. B. Okafor. Two.", 50, 32))

    assert _texts(lines) == ["1. A. Lind. Pages 4 to 77. Reef.", "2. B. Okafor. Two."]


def test_labels_may_hold_names_and_years() -> None:
    lines = _set(("[Lind et al., 2020] A. Lind.", 50, 10), ("One.", 50, 21), ("[Okafor, 2021b] B. Okafor.", 50, 32))

    assert _texts(lines) == ["[Lind et al., 2020] A. Lind. One.", "[Okafor, 2021b] B. Okafor."]


def test_no_lines_are_no_entries() -> None:
    assert split_entries([], 612) == []


def test_the_heading_may_be_numbered_or_in_capitals() -> None:
    assert is_references_heading("9. References")
    assert is_references_heading("REFERENCES")
    assert is_references_heading("R E F E R E N C E S")
    assert is_references_heading("References and Notes")
    assert is_references_heading("Bibliographie")
    assert not is_references_heading("References and further reading in the field")
