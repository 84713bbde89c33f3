import json
from pathlib import Path

import pytest

from flows.evaluation.page_tests import PageTest, load_page_tests

_PAGE = "A title\nThe first \u201cwords\u201d of it\nand the last ones"


def _test(kind: str, text: str, after: str = "", most_differences: int = 0) -> PageTest:
    return PageTest(Path("page.pdf"), 1, kind, text, after, most_differences)


@pytest.mark.parametrize(
    "test, expected",
    [
        (_test("present", 'The first "words" of it and'), True),
        (_test("present", "nowhere"), False),
        (_test("present", "The forst words of it", most_differences=3), True),
        (_test("present", "The forst words of it", most_differences=1), False),
        (_test("absent", "nowhere"), True),
        (_test("absent", "A title"), False),
        (_test("order", "first", "last"), True),
        (_test("order", "last", "first"), False),
        (_test("order", "first", "nowhere"), False),
    ],
)
def test_a_page_passes_or_fails(test: PageTest, *, expected: bool) -> None:
    assert test.holds(_PAGE) is expected


def test_only_tests_about_text_are_loaded_and_their_files_lie_flat(tmp_path: Path) -> None:
    rows = [
        {"pdf": "heads/one.pdf", "page": 2, "type": "order", "before": "a", "after": "b", "max_diffs": 1},
        {"pdf": "two.pdf", "page": 1, "type": "math", "math": "x"},
    ]
    (tmp_path / "tests.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")

    assert load_page_tests(tmp_path) == [PageTest(tmp_path / "heads_one.pdf", 2, "order", "a", "b", 1)]
