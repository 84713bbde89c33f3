"""The requests the model was trained to answer, as bodies of a chat completion."""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass
from typing import Any  # of JSON

from ocr.surya.contract import Contract, Picture

_PNG_LEVEL = 3  # of compression: on pages half the default's time and no more bytes; the pixels are the same


@dataclass(frozen=True, slots=True)
class Sampling:
    """How the model chooses among likely tokens."""

    temperature: float
    top_p: float


GREEDY = Sampling(0.0, 0.1)  # what the package asks for first
WARM = Sampling(0.2, 0.95)  # what it asks for after a loop


@dataclass(frozen=True, slots=True)
class Requests:
    """Makes the bodies; `wants_confidence` asks for the probability of every token, which makes answers long."""

    contract: Contract
    model: str
    wants_confidence: bool = False

    def page(self, picture: Picture, sampling: Sampling) -> dict[str, Any]:
        """All of a page as HTML."""
        return self._body(picture, self.contract.page_prompt, self.contract.page_tokens, sampling)

    def layout(self, picture: Picture, sampling: Sampling) -> dict[str, Any]:
        """The blocks of a page, without their text."""
        schema = {"name": "structured_output", "schema": self.contract.layout_schema, "strict": True}
        body = self._body(picture, self.contract.layout_prompt, self.contract.layout_tokens, sampling)
        return body | {"response_format": {"type": "json_schema", "json_schema": schema}}

    def block(self, picture: Picture, count: int, sampling: Sampling) -> dict[str, Any]:
        """One block that was cut out of a page; `count` is the layout's estimate of its tokens."""
        return self._body(picture, self.contract.block_prompt, self.contract.block_tokens(count), sampling)

    def _body(self, picture: Picture, prompt: str, tokens: int, sampling: Sampling) -> dict[str, Any]:
        content = [
            {"type": "image_url", "image_url": {"url": _data_url(self.contract.fit(picture))}},
            {"type": "text", "text": prompt},
        ]
        body = {
            "model": self.model,
            "messages": [{"role": "user", "content": content}],
            "max_tokens": tokens,
            "temperature": sampling.temperature,
            "top_p": sampling.top_p,
        }
        return body | ({"logprobs": True} if self.wants_confidence else {})


def _data_url(picture: Picture) -> str:
    file = io.BytesIO()
    picture.save(file, "PNG", compress_level=_PNG_LEVEL)
    return f"data:image/png;base64,{base64.b64encode(file.getvalue()).decode()}"
