"""Lets a site live in a folder of its public address, as in `https://example.org/papers/`."""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send


class PublicFolder:
    """ASGI middleware that tells the router the folder; a proxy may leave it in the path or take it off."""

    def __init__(self, app: ASGIApp, root_path: str) -> None:
        self.app = app
        self.root_path = root_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes everything on with `root_path` set, where there is a folder."""
        if scope["type"] == "http" and self.root_path:
            scope = {**scope, "root_path": self.root_path}
        await self.app(scope, receive, send)
