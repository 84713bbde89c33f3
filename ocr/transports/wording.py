"""What an endpoint says of itself, made fit for messages: short, on one line, and without secrets."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any  # of JSON

_LONGEST = 200
_HIDDEN = "<SECRET>"
_SHORTEST_SECRET = 4  # hiding shorter ones would make messages unreadable and hide nothing


def shorten(value: Any) -> str:
    """A value on one line of at most 200 characters; where it is an error object, the words in it."""
    text = _words(value)
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 3]}..."


def explain(body: bytes, secrets: Iterable[str] = ()) -> str:
    """What the body of a refusal says; empty where it says nothing."""
    text = body.decode("utf-8", "replace").strip()
    try:
        value = json.loads(text)
    except ValueError:
        value = re.sub(r"<(?:script|style).*?</(?:script|style)>|<[^>]*>", " ", text, flags=re.DOTALL)
    except RecursionError:
        value = text
    # Before it is cut, or the head of a secret that stands at the cut would stay.
    return shorten(hide(_words(value), secrets))


def hide(text: str, secrets: Iterable[str]) -> str:
    """The text without these secrets, should an endpoint or a library repeat them."""
    for secret in sorted(secrets, key=len, reverse=True):
        if len(secret) >= _SHORTEST_SECRET:
            text = text.replace(secret, _HIDDEN)
    return text


def _words(value: Any) -> str:
    while isinstance(value, dict):
        found = next((value[name] for name in ("error", "message", "detail", "title") if value.get(name)), None)
        if found is None:
            break
        value = found
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
