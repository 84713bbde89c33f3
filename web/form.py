"""The fields of a form that was sent to us, read with a limit: anybody may send us anything."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import parse_qs

from fastapi import Depends, Request

from pipeline.errors import UsageError

_MOST_BYTES = 64_000
_MOST_FIELDS = 200

Form = dict[str, list[str]]


async def form_of(request: Request) -> Form:
    """The values by name, in their order; empty ones are left out. Raises UsageError for what is too large."""
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > _MOST_BYTES:
            raise UsageError("This form is too large.")
    try:
        return parse_qs(body.decode(), max_num_fields=_MOST_FIELDS)
    except ValueError:  # too many fields, or not UTF-8
        raise UsageError("This form cannot be read.") from None


FormDep = Annotated[Form, Depends(form_of)]
