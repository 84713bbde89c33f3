"""The answer of `/v1/chat/completions`, whoever carried it."""

from __future__ import annotations

import math
from typing import Any  # of JSON

from ocr.endpoints.chat import ChatAnswer
from ocr.transports.wording import shorten
from pipeline.errors import OcrError


def read_completion(value: Any, gpu_seconds: float = 0.0) -> ChatAnswer:
    """A chat completion as OpenAI's API describes it. Raises OcrError for anything else, an error object too.

    https://platform.openai.com/docs/api-reference/chat/object
    """
    choice = _first_choice(value)
    message = choice.get("message")
    if not isinstance(message, dict):
        raise OcrError(f"no chat completion: {shorten(value)}")
    usage = value.get("usage") or {}
    return ChatAnswer(
        text=_text(message.get("content")),
        finish_reason=str(choice.get("finish_reason") or ""),
        prompt_tokens=_count(usage, "prompt_tokens"),
        completion_tokens=_count(usage, "completion_tokens"),
        gpu_seconds=gpu_seconds,
        confidence=_confidence(choice.get("logprobs")),
    )


def _first_choice(value: Any) -> dict[str, Any]:
    choices = value.get("choices") if isinstance(value, dict) else None
    if not isinstance(choices, list) or not choices or not isinstance(choices[0], dict):
        raise OcrError(f"no chat completion: {shorten(value)}")
    first: dict[str, Any] = choices[0]
    return first


def _text(content: Any) -> str:
    """The words of a message; some servers send them in parts, and null for none."""
    if isinstance(content, list):
        return "".join(str(part.get("text", "")) for part in content if isinstance(part, dict))
    return content if isinstance(content, str) else ""


def _count(usage: Any, name: str) -> int:
    number = usage.get(name) if isinstance(usage, dict) else None
    return number if isinstance(number, int) else 0


def _confidence(logprobs: Any) -> float | None:
    """The mean probability of the tokens; None where the endpoint does not tell them."""
    tokens = logprobs.get("content") if isinstance(logprobs, dict) else None
    if not isinstance(tokens, list):
        return None
    logs = [token.get("logprob") for token in tokens if isinstance(token, dict)]
    told = [math.exp(min(log, 0.0)) for log in logs if isinstance(log, int | float)]
    return sum(told) / len(told) if told else None
