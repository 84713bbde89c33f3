from __future__ import annotations

import json
import math
from typing import Any

import pytest

from ocr.endpoints.chat import ChatAnswer
from ocr.transports.completion import read_completion
from pipeline.errors import OcrError
from tests.fakes.model_answers import completion


def _value(text: str = "words", **choice: Any) -> Any:  # Any: JSON
    value = json.loads(completion(text).body)
    value["choices"][0] |= choice
    return value


def test_a_completion_gives_text_reason_and_tokens() -> None:
    answer = read_completion(_value(), gpu_seconds=1.5)

    assert answer == ChatAnswer("words", "stop", 1500, 1, 1.5, None)


def test_confidence_is_the_mean_probability_of_the_tokens() -> None:
    tokens = [{"token": "a", "logprob": math.log(0.5)}, {"token": "b", "logprob": 0.0}]

    assert read_completion(_value(logprobs={"content": tokens})).confidence == pytest.approx(0.75)


@pytest.mark.parametrize("logprobs", [None, {}, {"content": None}, {"content": []}, {"content": [{"token": "a"}]}])
def test_no_confidence_is_told_where_the_endpoint_tells_none(logprobs: object) -> None:
    assert read_completion(_value(logprobs=logprobs)).confidence is None


@pytest.mark.parametrize(
    "content,text", [(None, ""), ([{"type": "text", "text": "a"}, {"type": "text", "text": "b"}], "ab"), (5, "")]
)
def test_a_message_without_words_or_in_parts_is_still_a_message(content: object, text: str) -> None:
    assert read_completion(_value(message={"content": content})).text == text


@pytest.mark.parametrize("usage", [None, {}, [], {"prompt_tokens": None}])
def test_tokens_that_are_not_told_count_nothing(usage: object) -> None:
    assert read_completion(_value() | {"usage": usage}).prompt_tokens == 0


@pytest.mark.parametrize(
    "value", [None, [], "text", {}, {"choices": []}, {"choices": [None]}, {"choices": [{"message": None}]}]
)
def test_anything_else_is_an_error(value: object) -> None:
    with pytest.raises(OcrError, match=r"^no chat completion: "):
        read_completion(value)


def test_an_error_object_with_status_200_is_told_in_its_own_words() -> None:
    with pytest.raises(OcrError, match=r"^no chat completion: out of memory$"):
        read_completion({"error": {"message": "out of memory"}})
