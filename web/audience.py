"""Who is looking: the owner of this installation, or anybody."""

from __future__ import annotations

import re
from typing import Annotated

from fastapi import Depends, Request

from pipeline.licence import Audience, audience_of_site, is_loopback
from web.site import SiteDep

_HOST = re.compile(r"^\[?(?P<name>[^\[\]]+?)\]?(?::\d{1,5})?$")
_SET_BY_PROXIES = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip", "via")


def audience_of(request: Request, site: SiteDep) -> Audience:
    """The owner only where the site is theirs alone, and was asked for directly, under a name of this machine.

    A proxy in front of a loopback address makes it public. A strange name in the Host header is a page elsewhere that
    has pointed its own name at this machine (DNS rebinding).
    """
    audience = audience_of_site(site.settings.host, site.settings.base_url)
    is_direct = not any(name in request.headers for name in _SET_BY_PROXIES)
    return audience if is_direct and is_loopback(named_host(request)) else Audience.PUBLIC


def named_host(request: Request) -> str:
    """The name the site was asked for by, without its port; empty where it makes no sense."""
    match = _HOST.match(request.headers.get("host", ""))
    return match["name"] if match else ""


AudienceDep = Annotated[Audience, Depends(audience_of)]
