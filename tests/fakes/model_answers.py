"""Scripts for `tests.fakes.model_server`: a model that reads well, and every way to fail."""

from __future__ import annotations

import html
import io
import itertools
import json
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any  # of what a completion holds

import numpy as np
from numpy.typing import NDArray

from tests.fakes.model_server import MODEL, Asked, Reply, Script

GOOD_PAGE = (
    '<div data-label="Section-Header" data-bbox="80 60 920 100"><h1>On reading pages</h1></div>\n'
    '<div data-label="Text" data-bbox="80 120 920 400"><p>We show that <math>E = mc^2</math> holds for pages.</p></div>'
    '<div data-label="Equation-Block" data-bbox="80 420 920 480">'
    '<math display="block">\\int_0^1 x\\,dx = \\tfrac12</math></div>'
)
GOOD_LAYOUT = json.dumps(
    [
        {"label": "Section-Header", "bbox": "80 60 920 100", "count": 50},
        {"label": "Text", "bbox": "80 120 920 480", "count": 150},
    ]
)
GOOD_BLOCK = "<p>A block read by itself, with <math>a^2</math>.</p>"
LOOPING = GOOD_PAGE + "<p>and again</p>" * 200
WITHOUT_DIVS = "<p>Words that no div holds.</p>"
NO_JSON = "The layout is as follows:"

Text = str | Callable[[Asked], str]


def completion(text: str, finish_reason: str = "stop", **changes: Any) -> Reply:  # Any: fields of the completion
    """What a server says when the model has answered; 1500 tokens in, one out per four characters."""
    written = max(1, len(text) // 4)
    value = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 0,
        "model": MODEL,
        "choices": [
            {"index": 0, "finish_reason": finish_reason, "message": {"role": "assistant", "content": text}},
        ],
        "usage": {"prompt_tokens": 1500, "completion_tokens": written, "total_tokens": 1500 + written},
    }
    return Reply(json.dumps(value | changes).encode(), headers={"content-type": "application/json"})


def refusal(status: int, message: str = "no", retry_after: str = "") -> Reply:
    """An error as OpenAI's API words it."""
    headers = {"content-type": "application/json"} | ({"retry-after": retry_after} if retry_after else {})
    return Reply(json.dumps({"error": {"message": message, "code": status}}).encode(), status, headers)


def always(reply: Reply) -> Script:
    """The same for everybody."""
    return lambda _asked: reply


def answering(page: Text = GOOD_PAGE, layout: Text = GOOD_LAYOUT, block: Text = GOOD_BLOCK) -> Script:
    """A model that says these, or what these functions make of the request."""
    texts: dict[str, Text] = {"page": page, "layout": layout, "block": block, "nothing": ""}

    def answer(asked: Asked) -> Reply:
        text = texts[asked.wants]
        return completion(text if isinstance(text, str) else text(asked))

    return answer


def first(count: int, reply: Reply, then: Script) -> Script:
    """One reply to the first so many requests."""
    numbers = itertools.count()

    def answer(asked: Asked) -> Reply:
        return reply if next(numbers) < count else then(asked)

    return answer


def cold(seconds: float, then: Script, clock: Callable[[], float] = time.monotonic) -> Script:
    """503 until so long after the first request, which is what wakes it."""
    woken: list[float] = []
    lock = threading.Lock()

    def answer(asked: Asked) -> Reply:
        with lock:
            woken[:] = woken or [clock()]
        return then(asked) if clock() >= woken[0] + seconds else refusal(503, "loading the model")

    return answer


def slow(seconds: float, then: Script) -> Script:
    """As another script, but later."""

    def answer(asked: Asked) -> Reply:
        time.sleep(seconds)
        return then(asked)

    return answer


def redirecting(then: Script, hops: int = 1, origin: str = "") -> Script:
    """303 to a result, which says 303 again until `hops` are done; `origin` moves the result to another server."""
    waiting: dict[str, tuple[Asked, int]] = {}
    numbers = itertools.count(1)
    lock = threading.Lock()

    def answer(asked: Asked) -> Reply:
        with lock:
            question, left = waiting.get(asked.path, (asked, hops))
            if left == 0:
                return then(question)
            path = f"/results/{next(numbers)}"
            waiting[path] = (question, left - 1)
        return Reply(status=303, headers={"location": origin + path})

    return answer


def reading(pdfs: Iterable[Path]) -> Script:
    """A model that knows every page of these files when it sees it, and reads its text layer.

    It tells blocks of eight lines, stacked from the top of the page to its foot, and a layout of one block.
    """
    texts, looks = _pages(pdfs)

    def page(asked: Asked) -> str:
        lines = [line for line in seen(asked).splitlines() if line.strip()]
        blocks = [html.escape(" ".join(lines[start : start + 8])) for start in range(0, len(lines), 8)]
        edges = [50 + 900 * place // max(1, len(blocks)) for place in range(len(blocks) + 1)]
        return "".join(
            f'<div data-label="Text" data-bbox="50 {top} 950 {bottom}"><p>{text}</p></div>'
            for text, (top, bottom) in zip(blocks, itertools.pairwise(edges), strict=True)
        )

    def block(asked: Asked) -> str:
        return f"<p>{html.escape(seen(asked))}</p>"

    def seen(asked: Asked) -> str:
        distances = np.abs(looks - _look(asked.picture)).mean(axis=1)
        return texts[int(distances.argmin())]

    whole = json.dumps([{"label": "Text", "bbox": "0 0 1000 1000", "count": 1500}])
    return answering(page, whole, block)


def _pages(pdfs: Iterable[Path]) -> tuple[Sequence[str], NDArray[np.float32]]:
    import pypdfium2

    texts, looks = [], []
    for pdf in pdfs:
        document = pypdfium2.PdfDocument(pdf)
        for page in document:
            texts.append(page.get_textpage().get_text_range().replace("\r\n", "\n").replace("￾", ""))
            drawn = io.BytesIO()
            page.render(scale=96 / 72).to_pil().save(drawn, "PNG", compress_level=1)
            looks.append(_look(drawn.getvalue()))
        document.close()
    return texts, np.stack(looks)


def _look(picture: bytes) -> NDArray[np.float32]:
    """A small grey picture, the same at every resolution but for noise; float32 of shape (2304,)."""
    from PIL import Image

    with Image.open(io.BytesIO(picture)) as image:
        return np.asarray(image.convert("L").resize((48, 48), Image.Resampling.BOX), dtype=np.float32).ravel()
