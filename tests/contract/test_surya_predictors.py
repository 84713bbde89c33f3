"""The package `surya-ocr` as it is installed: its own predictors over our transport, and its requests beside ours."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from PIL import Image

from ocr.endpoints.chat import ChatRequest
from ocr.surya.answers import checked, read_layout, read_page
from ocr.surya.blocks import make_blocks
from ocr.surya.contract import Contract, load_contract
from ocr.surya.requests import GREEDY, WARM, Requests
from ocr.transports.openai_http import OpenAiHttp, open_openai_http
from pipeline.config import OcrSettings
from tests.fakes.model_answers import GOOD_BLOCK, GOOD_LAYOUT, GOOD_PAGE, answering
from tests.fakes.model_server import MODEL, Asked, ModelServer
from tests.fakes.page_pictures import PagePictures


@pytest.fixture(scope="module")
def contract() -> Contract:
    return load_contract()


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with ModelServer(answering()) as running:
        yield running


@pytest.fixture
def transport(server: ModelServer) -> Iterator[OpenAiHttp]:
    opened = open_openai_http(OcrSettings(surya_url=server.url))
    yield opened
    opened.close()


def _picture(dpi: int = 96) -> Image.Image:
    with Image.open(io.BytesIO(PagePictures().picture(None, 1, None, dpi))) as image:  # type: ignore[arg-type]  # unread
        return image.convert("RGB")


class Manager:
    """What the package's predictors call, over our requests and our transport. Any: it ships no types."""

    def __init__(self, contract: Contract, transport: OpenAiHttp) -> None:
        self._requests = Requests(contract, MODEL)
        self._transport = transport

    def generate(self, batch: list[Any]) -> list[Any]:
        from surya.inference.schema import BatchOutputItem

        answers = [self._transport.chat(ChatRequest(self._body(item), timeout_s=10)) for item in batch]
        return [
            BatchOutputItem(raw=answer.text, token_count=answer.completion_tokens, error=False, metadata=item.metadata)
            for answer, item in zip(answers, batch, strict=True)
        ]

    def _body(self, item: Any) -> dict[str, Any]:
        match item.prompt_type:
            case "high_accuracy_bbox":
                return self._requests.page(item.image, GREEDY)
            case "layout":
                return self._requests.layout(item.image, GREEDY)
            case _:
                return self._requests.block(item.image, item.max_tokens - 100, GREEDY)


def _theirs(server: ModelServer, prompt_type: str, **item: Any) -> list[Asked]:  # Any: fields of the package's item
    """What the package's own client sends for one picture."""
    from openai import OpenAI
    from surya.inference.backends.openai_client import chat_completions_batch
    from surya.inference.schema import BatchInputItem

    with OpenAI(base_url=server.url, api_key="EMPTY") as client:
        chat_completions_batch(
            [BatchInputItem(image=_picture(), prompt_type=prompt_type, **item)],
            client=client,
            model_name=MODEL,
            request_logprobs_default=False,
        )
    return server.posts


def _parts(body: Any) -> tuple[Any, bytes]:  # Any: JSON
    """A body without its picture, and the picture."""
    plain = json.loads(json.dumps(body))
    url = plain["messages"][0]["content"][0]["image_url"].pop("url")
    return plain, base64.b64decode(url.removeprefix("data:image/png;base64,"))


def _pixels(png: bytes) -> np.ndarray[Any, Any]:
    with Image.open(io.BytesIO(png)) as image:
        assert (image.format, image.mode) == ("PNG", "RGB")
        return np.asarray(image)


@pytest.mark.parametrize("kind", ["page", "layout", "block"])
def test_our_requests_are_the_packages_own(kind: str, server: ModelServer, contract: Contract) -> None:
    from surya.inference.prompts import LAYOUT_JSON_SCHEMA
    from surya.inference.util import image_token_budget
    from surya.settings import settings

    ours = Requests(contract, MODEL)
    if kind == "page":
        mine = ours.page(_picture(), GREEDY)
        sent = _theirs(server, "high_accuracy_bbox", max_tokens=settings.SURYA_MAX_TOKENS_FULL_PAGE)
    elif kind == "layout":
        mine = ours.layout(_picture(), GREEDY)
        sent = _theirs(server, kind, max_tokens=settings.SURYA_MAX_TOKENS_LAYOUT, guided_json=LAYOUT_JSON_SCHEMA)
    else:
        mine = ours.block(_picture(), 300, GREEDY)
        sent = _theirs(server, kind, max_tokens=image_token_budget(300, settings.SURYA_MAX_TOKENS_BLOCK_CEILING))

    (my_body, my_picture), (their_body, their_picture) = _parts(mine), _parts(dict(sent[0].body))
    assert my_body == their_body
    assert np.array_equal(_pixels(my_picture), _pixels(their_picture))


def test_after_a_loop_we_ask_as_warmly_as_the_package_does(server: ModelServer, contract: Contract) -> None:
    server.script = answering(page=GOOD_PAGE + "<p>again</p>" * 200)

    second = _theirs(server, "high_accuracy_bbox", max_tokens=100)[1].body

    ours = Requests(contract, MODEL).page(_picture(), WARM)
    assert (second["temperature"], second["top_p"]) == (ours["temperature"], ours["top_p"])


def test_the_contract_is_the_one_these_tests_were_written_for(contract: Contract) -> None:
    assert contract.version == "0.22.1"
    assert (contract.page_tokens, contract.layout_tokens, contract.block_tokens(300)) == (12288, 3072, 400)
    assert (len(contract.kinds), contract.scale) == (19, 1000)
    assert contract.unread == {"Figure", "Picture", "Diagram", "BlankPage"}
    assert [contract.fit(_picture(dpi)).size for dpi in (96, 144, 192)] == [(812, 1064), (1232, 1596), (1624, 2100)]


def test_the_packages_full_page_predictor_reads_what_we_read(
    server: ModelServer, transport: OpenAiHttp, contract: Contract
) -> None:
    from surya.recognition import RecognitionPredictor

    picture = _picture()
    theirs = RecognitionPredictor(Manager(contract, transport))([picture])[0].blocks

    answer = transport.chat(ChatRequest(Requests(contract, MODEL).page(picture, GREEDY), timeout_s=10))
    ours = read_page(checked(answer, contract), picture, contract)
    assert [(block.label, block.html) for block in theirs] == [(block.label, block.html) for block in ours]
    assert [block.kind.value for block in make_blocks(ours, 2)] == ["heading", "text", "equation"]
    assert len(server.posts) == 2


def test_the_packages_layout_and_block_predictors_run_over_our_transport(
    server: ModelServer, transport: OpenAiHttp, contract: Contract
) -> None:
    from surya.layout import LayoutPredictor
    from surya.recognition import RecognitionPredictor

    manager, picture = Manager(contract, transport), _picture()
    layout = LayoutPredictor(manager)([picture])
    page = RecognitionPredictor(manager)([picture], layout)[0]

    places = read_layout(GOOD_LAYOUT, picture, contract)
    assert [(box.label, box.count) for box in layout[0].bboxes] == [(place.label, place.count) for place in places]
    assert [block.html for block in page.blocks] == [GOOD_BLOCK, GOOD_BLOCK]
    assert [asked.wants for asked in server.posts] == ["layout", "block", "block"]
    assert [asked.body["max_tokens"] for asked in server.posts] == [3072, 150, 250]


def test_what_we_cut_out_of_a_page_is_what_the_package_cuts_out(contract: Contract) -> None:
    from surya.recognition import _crop_block

    from ocr.surya.answers import cut_out

    picture = _picture()
    box = read_layout(GOOD_LAYOUT, picture, contract)[1].box
    width, height = picture.size

    theirs = _crop_block(picture, [[0.08 * width, 0.12 * height], [0.92 * width, 0.48 * height]])
    assert np.array_equal(np.asarray(cut_out(picture, box, contract)), np.asarray(theirs))
