from flows.evaluation.rows import Row
from flows.evaluation.tables import as_text, pivot, rows_json

_ROWS = [
    Row("jose", "ours", "recall", 0.999876, 15),
    Row("jose", "theirs", "recall", 0.5, 15),
    Row("speed", "ours", "pages per CPU-second", 71.26, 80),
]


def test_a_line_holds_a_data_set_and_metric_and_a_column_a_method() -> None:
    assert pivot(_ROWS) == (
        ["data", "metric", "n", "ours", "theirs"],
        [["jose", "recall", "15", "0.9999", "0.5000"], ["speed", "pages per CPU-second", "80", "71.3", "-"]],
    )


def test_json_holds_every_row() -> None:
    assert rows_json(_ROWS[1:2]) == {
        "rows": [{"dataset": "jose", "method": "theirs", "metric": "recall", "value": 0.5, "n": 15}]
    }


def test_the_table_is_aligned_however_narrow_the_terminal() -> None:
    assert as_text(_ROWS[:2]).splitlines() == [
        "data  metric   n    ours  theirs",
        "jose  recall  15  0.9999  0.5000",
    ]
