from ocr.page.letter_pitch import close_letters


def _closed(text: str, places: list[float]) -> str:
    visible = [index for index, letter in enumerate(text) if letter != " "]
    return close_letters(text, lambda _: 10.0, dict(zip(visible, places, strict=True)).__getitem__)


def test_letters_of_one_pitch_are_closed_up_and_parted_where_a_place_is_empty() -> None:
    places = [6.0 * column for column in (0, 1, 2, 3, 4, 6, 7, 8)]

    assert _closed("u s i n g F l t", places) == "using Flt"


def test_letters_that_are_words_of_their_own_stay_apart() -> None:
    assert _closed("x y z u v w t", [9.0 * column for column in range(7)]) == "x y z u v w t"


def test_letters_spaced_for_looks_keep_their_own_widths_and_are_left_alone() -> None:
    assert _closed("m i w l o i m", [0, 8, 11, 19, 22, 27, 31]) == "m i w l o i m"


def test_text_around_such_letters_is_kept() -> None:
    text = "see r e t u r n ; here"

    assert close_letters(text, lambda _: 10.0, lambda index: 3.0 * index) == "see return; here"


def test_small_print_in_wide_boxes_is_closed_up_where_it_is_long_enough_to_be_code() -> None:
    word = "initialize_all"

    assert _closed(" ".join(word), [9.2 * column for column in range(len(word))]) == word
