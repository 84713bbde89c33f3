"""Headers on every answer: what a browser may do with our pages, which is nearly nothing."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# The pages have no script, no frame and no font; so an injected one has nowhere to run.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
SECURITY_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",  # an unsubscribe link is a key: it must not travel to the next site
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
_STATIC_CACHE = "public, max-age=31536000, immutable"  # their links carry a hash of their content
_PAGE_CACHE = "no-cache"


class SecurityHeaders:
    """ASGI middleware that adds the headers; one that a page set itself is kept."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes everything on, but for the headers of an HTTP answer."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        is_versioned = "/static/" in scope["path"] and scope["query_string"].startswith(b"v=")

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", _STATIC_CACHE if is_versioned else _PAGE_CACHE)
            await send(message)

        await self.app(scope, receive, send_with_headers)
