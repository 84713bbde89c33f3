import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ocr import open_extractor
from ocr.sandbox.extractor import SandboxedExtractor
from pipeline.config import OcrSettings
from pipeline.document import Document
from pipeline.errors import ReadError
from tests.fakes import hostile_pdfs
from tests.fakes.papers import make_pdf
from tests.fakes.processes import await_work, children, is_running

_SETTINGS = OcrSettings(workers=1, timeout_s=30, memory_mb=700)


@pytest.fixture
def extractor() -> Iterator[SandboxedExtractor]:
    with open_extractor(_SETTINGS) as opened:
        yield opened


def _write(folder: Path, name: str, content: bytes) -> Path:
    target = folder / name
    target.write_bytes(content)
    return target


def test_a_paper_is_read_in_another_process(extractor: SandboxedExtractor, tmp_path: Path) -> None:
    document = extractor.extract(_write(tmp_path, "a.pdf", make_pdf(["One line of text"])))

    assert document.text == "One line of text"
    assert document.engine_key == extractor.engine_key
    assert document.seconds > 0


def test_a_bad_file_costs_one_paper_with_its_reason(extractor: SandboxedExtractor, tmp_path: Path) -> None:
    bad = _write(tmp_path, "bad.pdf", hostile_pdfs.make_encrypted())
    good = _write(tmp_path, "good.pdf", make_pdf(["Fine"]))

    outcomes = dict(extractor.extract_many([bad, good, tmp_path / "absent.pdf"]))

    assert {path.name: getattr(outcome, "message", "read") for path, outcome in outcomes.items()} == {
        "bad.pdf": "encrypted: needs a password",
        "good.pdf": "read",
        "absent.pdf": f"cannot read {tmp_path / 'absent.pdf'}: No such file or directory",
    }


def test_a_paper_that_takes_too_long_is_given_up_and_the_next_one_is_read(tmp_path: Path) -> None:
    slow = _write(tmp_path, "slow.pdf", hostile_pdfs.make_text_bomb(8_000_000))
    good = _write(tmp_path, "good.pdf", make_pdf(["Fine"]))

    with open_extractor(OcrSettings(workers=1, timeout_s=1.0, memory_mb=4000)) as extractor:
        with pytest.raises(ReadError, match=r"^took longer than 1 s to read$"):
            extractor.extract(slow)
        assert extractor.extract(good).text == "Fine"


def test_a_paper_that_eats_all_memory_is_given_up_and_the_next_one_is_read(tmp_path: Path) -> None:
    bomb = _write(tmp_path, "bomb.pdf", hostile_pdfs.make_text_bomb(6_000_000))
    good = _write(tmp_path, "good.pdf", make_pdf(["Fine"]))

    with open_extractor(OcrSettings(workers=1, memory_mb=256)) as extractor:
        with pytest.raises(ReadError, match=r"256 MB"):
            extractor.extract(bomb)
        assert extractor.extract(good).text == "Fine"


def test_a_crash_is_named_by_its_signal(tmp_path: Path) -> None:
    slow = _write(tmp_path, "slow.pdf", hostile_pdfs.make_text_bomb(8_000_000))
    before = children()

    with open_extractor(OcrSettings(workers=1, timeout_s=30, memory_mb=4000)) as extractor:
        extractor.extract(_write(tmp_path, "good.pdf", make_pdf(["Fine"])))
        (reader,) = children() - before
        with ThreadPoolExecutor(1) as threads:
            reading = threads.submit(extractor.extract, slow)
            await_work(reader, 0.05)
            os.kill(reader, signal.SIGSEGV)
            with pytest.raises(ReadError, match=r"^crashed the reading process \(SIGSEGV\)$"):
                reading.result()


def test_a_process_that_died_between_two_papers_is_replaced(extractor: SandboxedExtractor, tmp_path: Path) -> None:
    good = _write(tmp_path, "good.pdf", make_pdf(["Fine"]))
    before = children()
    extractor.extract(good)
    (reader,) = children() - before
    os.kill(reader, signal.SIGKILL)
    os.waitid(os.P_PID, reader, os.WEXITED | os.WNOWAIT)

    assert extractor.extract(good).text == "Fine"


def test_a_process_is_used_again_until_it_has_read_its_share(tmp_path: Path) -> None:
    good = _write(tmp_path, "good.pdf", make_pdf(["Fine"]))
    before = children()
    readers = []

    with SandboxedExtractor(_SETTINGS, papers_a_process=2) as extractor:
        for _ in range(4):
            extractor.extract(good)
            readers += sorted(children() - before)

    assert readers[0] == readers[1] != readers[2] == readers[3]


def test_many_papers_are_read_side_by_side_and_all_come_back(tmp_path: Path) -> None:
    papers = [_write(tmp_path, f"{n}.pdf", make_pdf([f"Paper number {n}"])) for n in range(12)]

    with open_extractor(OcrSettings(workers=3)) as extractor:
        outcomes = list(extractor.extract_many(iter(papers)))

    texts = {path.stem: outcome.text for path, outcome in outcomes if isinstance(outcome, Document)}
    assert texts == {str(n): f"Paper number {n}" for n in range(12)}


def test_a_caller_may_stop_listening_early(extractor: SandboxedExtractor, tmp_path: Path) -> None:
    papers = [_write(tmp_path, f"{n}.pdf", make_pdf(["Fine"])) for n in range(6)]
    outcomes = extractor.extract_many(papers)

    next(outcomes)
    outcomes.close()  # type: ignore[attr-defined]  # the port promises an Iterator, ours is a generator

    assert extractor.extract(papers[0]).text == "Fine"


def test_no_process_is_left_after_closing(tmp_path: Path) -> None:
    before = children()
    with open_extractor(OcrSettings(workers=2)) as extractor:
        list(extractor.extract_many([_write(tmp_path, f"{n}.pdf", make_pdf(["Fine"])) for n in range(4)]))
        assert len(children() - before) == 2

    assert children() == before
    with pytest.raises(ReadError, match="closed"):
        extractor.extract(tmp_path / "0.pdf")


def test_closing_ends_what_is_being_read(tmp_path: Path) -> None:
    slow = _write(tmp_path, "slow.pdf", hostile_pdfs.make_text_bomb(8_000_000))
    extractor = open_extractor(OcrSettings(workers=1, timeout_s=60, memory_mb=4000))
    outcomes: list[Document | ReadError] = []
    reading = threading.Thread(target=lambda: outcomes.extend(outcome for _, outcome in extractor.extract_many([slow])))
    before = children()
    reading.start()
    while not children() - before:
        time.sleep(0.01)

    extractor.close()
    reading.join(10)

    assert [type(outcome) for outcome in outcomes] == [ReadError]
    assert children() == before


def test_no_reading_process_outlives_a_parent_that_was_killed(tmp_path: Path) -> None:
    slow = _write(tmp_path, "slow.pdf", hostile_pdfs.make_text_bomb(20_000_000))
    program = (
        "import sys; from pathlib import Path; from ocr import open_extractor\n"
        "from pipeline.config import OcrSettings\n"
        "open_extractor(OcrSettings(workers=1, memory_mb=8000)).extract(Path(sys.argv[1]))"
    )
    parent = subprocess.Popen([sys.executable, "-c", program, str(slow)], cwd=Path(__file__).parents[2])
    children_of_parent = Path(f"/proc/{parent.pid}/task/{parent.pid}/children")
    while not (readers := children_of_parent.read_text().split()):
        time.sleep(0.01)
    await_work(int(readers[0]), 1.0)  # it takes half a second to start: deep in the page by then

    parent.kill()
    parent.wait()

    while is_running(int(readers[0])):  # as long as a test may take
        time.sleep(0.02)
    assert not is_running(int(readers[0]))


def test_the_reading_process_gets_none_of_the_parents_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTOREADER_SECRET_KEY", "do not tell")
    before = children()

    with open_extractor(_SETTINGS) as extractor:
        extractor.extract(_write(tmp_path, "good.pdf", make_pdf(["Fine"])))
        (reader,) = children() - before
        environment = Path(f"/proc/{reader}/environ").read_bytes()

    assert b"AUTOREADER" not in environment
