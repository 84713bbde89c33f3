from dataclasses import replace

from ocr.page.lines import Line, join_pieces, merge_runs

_FIRST = Line("a factor of 10", 50, 100, 120, 110, 10, 108, cells=((50, 120),))


def test_a_superscript_and_what_follows_it_are_one_line() -> None:
    raised = replace(_FIRST, text="-4", left=120, right=128, top=97, bottom=103, size=7, baseline=103)
    rest = replace(_FIRST, text="in relation", left=132, right=180)

    joined = join_pieces([_FIRST, raised, rest])

    assert [(line.text, line.left, line.right, line.top, line.size) for line in joined] == [
        ("a factor of 10-4 in relation", 50, 180, 97, 10)
    ]


def test_a_space_that_the_pdf_has_is_kept_however_narrow() -> None:
    raised = replace(_FIRST, text="d", left=120, right=124, top=97, bottom=103, size=7, baseline=103)
    rest = replace(_FIRST, text="with norm one", left=124.5, right=180, follows_space=True)

    assert join_pieces([_FIRST, raised, rest])[0].text == "a factor of 10d with norm one"


def test_stacked_scripts_do_not_become_one_word() -> None:
    upper = replace(_FIRST, text="BC", left=120, right=130, top=97, bottom=103, size=7, baseline=103)
    lower = replace(_FIRST, text="13", left=120, right=131, top=105, bottom=112, size=7, baseline=112)

    assert join_pieces([_FIRST, upper, lower])[0].text == "a factor of 10BC 13"


def test_the_next_line_and_the_other_column_stay_apart() -> None:
    below = replace(_FIRST, top=112, bottom=122, baseline=120)
    beside = replace(_FIRST, left=300, right=400)

    assert len(join_pieces([_FIRST, below])) == 2
    assert len(join_pieces([_FIRST, beside])) == 2


def test_the_order_given_is_kept_even_up_the_page() -> None:
    above = replace(_FIRST, text="set later", top=20, bottom=30, baseline=28)

    assert [line.text for line in join_pieces([_FIRST, above])] == ["a factor of 10", "set later"]


def test_runs_closer_than_the_gap_are_one_cell() -> None:
    assert merge_runs([(40.0, 60.0), (0.0, 10.0), (12.0, 20.0)], 5) == ((0.0, 20.0), (40.0, 60.0))
