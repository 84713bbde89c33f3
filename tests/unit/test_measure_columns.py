from flows.evaluation.columns import PlacedWord, _running_text, split_columns


def _word(text: str, left: float, line: int) -> PlacedWord:
    return PlacedWord(text, left, 700 - 12 * line, left + 30, 708 - 12 * line)


def _column(left: float) -> list[PlacedWord]:
    return [_word("word", left + 40 * place, line) for line in range(30) for place in range(5)]


def test_words_on_both_sides_of_an_empty_gutter_are_two_columns() -> None:
    columns = split_columns([*_column(72), *_column(330)], 612)

    assert columns is not None
    assert [len(column) for column in columns] == [150, 150]


def test_a_title_over_the_gutter_makes_it_no_pure_page() -> None:
    assert split_columns([*_column(72), *_column(330), PlacedWord("title", 200, 720, 400, 740)], 612) is None


def test_a_page_with_one_nearly_empty_column_is_none() -> None:
    assert split_columns([*_column(72), _word("alone", 330, 1)], 612) is None


def test_a_column_is_read_line_by_line_and_its_broken_words_are_joined() -> None:
    column = [_word("tion", 72, 1), _word("informa-", 120, 0), _word("Some", 72, 0), _word("here", 120, 1)]

    assert _running_text(column).split() == ["Some", "information", "here"]
