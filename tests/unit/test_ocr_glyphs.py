import pytest

from ocr.page.glyphs import FILLER, HYPHEN, clean, junk_count


@pytest.mark.parametrize(
    "raw, expected",
    [
        ("e\ufb03cient \ufb02ow", "efficient flow"),
        ("a\u00adb\u200bc", "abc"),
        ("one\u00a0two\u2003three  four ", "one two three four"),
        ("sum \ue001\x10 of", "sum of"),
        (f"\U0001d43e{FILLER} = 1", "\U0001d43e = 1"),
        ("x\u0302 stays", "x\u0302 stays"),
        ("plain text", "plain text"),
    ],
)
def test_a_line_reads_as_a_reader_would_type_it(raw: str, expected: str) -> None:
    assert clean(raw) == expected


def test_junk_is_what_says_nothing_and_line_ends_are_none() -> None:
    assert junk_count(f"ab\r\ncd{HYPHEN}ef\U0001d43e{FILLER}") == 0
    assert junk_count("ab\ue000\ufffd\x01") == 3
