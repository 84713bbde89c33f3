"""`eval read` and `bench read` on papers made here, without the peers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from flows.cli import main
from flows.evaluation.truth import find_truth
from tests.fakes.papers import make_pdf

_WORDS = [f"{first}{second}{third}" for first in "bdfgk" for second in "aeiou" for third in ("lem", "nur", "stip")]
_TEXT = " ".join(f"{word} {word}ing" for word in _WORDS[::2] for _ in range(5))


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder like the shared one, with a paper and its JATS; the peers' environment is not there."""
    monkeypatch.chdir(tmp_path)
    jose = tmp_path / "data" / "pdf" / "jose"
    jose.mkdir(parents=True)
    (jose / "one.pdf").write_bytes(make_pdf([f"# A paper\n{_TEXT}"]))
    body = f"<body><sec><title>A paper</title><p>{_TEXT} <tex-math>hidden formula</tex-math></p></sec></body>"
    (jose / "one.jats.xml").write_text(f"<article>{body}</article>", encoding="utf-8")
    return tmp_path / "data"


def _run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    monkeypatch.setattr("sys.argv", ["autoreader", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    out, err = capsys.readouterr()
    return int(ended.value.code or 0), out, err


def _rows(out: str) -> dict[tuple[str, str, str], Any]:  # Any: JSON
    return {(row["dataset"], row["method"], row["metric"]): row["value"] for row in json.loads(out)["rows"]}


def test_a_paper_is_measured_against_its_source(
    data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = _run(monkeypatch, capsys, "eval", "read", str(data), "--only", "text", "--json")

    rows = _rows(out)
    assert code == 0
    assert [rows["jose", "autoreader", metric] for metric in ("recall", "precision", "order")] == [1.0, 1.0, 1.0]
    assert rows["jose", "pypdfium2 raw", "recall"] == 1.0


def test_speed_is_told_for_each_reader_at_hand(
    data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = _run(monkeypatch, capsys, "bench", "read", str(data), "--rounds", "1", "--json")

    assert code == 0
    assert _rows(out)["speed", "autoreader", "pages per CPU-second"] > 0


@pytest.mark.parametrize("command", ["eval", "bench"])
def test_a_folder_that_is_not_there_is_one_clear_error(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = _run(monkeypatch, capsys, command, "read", str(tmp_path / "nowhere"))

    assert (code, out) == (2, "")
    assert err.startswith("autoreader: no folder ")
    assert err.count("\n") == 1


def test_an_unknown_part_is_a_usage_error(
    data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, err = _run(monkeypatch, capsys, "eval", "read", str(data), "--only", "nonsense")

    assert code == 2
    assert "--only nonsense: there is text, references, gate" in err


def test_a_folder_with_nothing_to_measure_is_a_usage_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, err = _run(monkeypatch, capsys, "eval", "read", str(tmp_path), "--only", "text")

    assert code == 2
    assert "nothing to measure" in err


def test_peers_that_are_not_there_are_named_with_what_would_install_them(
    data: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    _run(monkeypatch, capsys, "eval", "read", str(data), "--only", "text", "--json")

    assert any("docling-parse: not installed; `make peers`" in message for message in caplog.messages)


def test_the_truth_of_latexml_leaves_mathematics_and_numbers_out(tmp_path: Path) -> None:
    text = " ".join(_WORDS * 4)
    note = "<note><tags><tag>17th</tag></tags>a footnote</note>"
    (tmp_path / "x.latexml.xml").write_text(
        f"<document><title>On words</title><para><p>{text} <Math><XMTok>alpha</XMTok></Math>{note}</p></para>"
        "<bibliography><bibitem>Knuth</bibitem></bibliography></document>",
        encoding="utf-8",
    )

    truth = find_truth(tmp_path / "x.pdf")

    assert truth is not None
    assert truth.body == ("words", *_WORDS * 4, "footnote")
    assert truth.running == ("words", *_WORDS * 4)
    assert truth.all == (*truth.body, "knuth")


def test_the_truth_of_pandoc_leaves_tex_labels_and_scripts_out(tmp_path: Path) -> None:
    text = " ".join(_WORDS * 4)
    table = "  method   score\n  -------- ------\n  ours     high"
    (tmp_path / "x.pandoc.txt").write_text(
        f"{text} $\\alpha$ see Eq. [eq:main] and k_(est)\n\n[ A caption. ]\n\n{table}", encoding="utf-8"
    )

    truth = find_truth(tmp_path / "x.pdf")

    assert truth is not None
    assert truth.running == (*_WORDS * 4, "see", "and")
    assert truth.all == (*_WORDS * 4, "see", "and", "caption", "method", "score", "ours", "high")


def test_an_empty_truth_is_none(tmp_path: Path) -> None:
    (tmp_path / "x.pandoc.txt").write_text("", encoding="utf-8")

    assert find_truth(tmp_path / "x.pdf") is None
