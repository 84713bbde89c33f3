"""`/opensearch.xml`: lets a browser search here from its address bar."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response
from markupsafe import Markup

from pipeline.errors import NotFoundError
from pipeline.licence import is_loopback
from web.audience import named_host
from web.site import SiteDep

router = APIRouter()

# https://github.com/dewitt/opensearch/blob/master/opensearch-1-1-draft-6.md
_DESCRIPTION = Markup("""<?xml version="1.0" encoding="UTF-8"?>
<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/">
  <ShortName>autoreader</ShortName>
  <Description>Search arXiv papers that were read in full</Description>
  <InputEncoding>UTF-8</InputEncoding>
  <Image width="64" height="64" type="image/svg+xml">{base}/static/favicon.svg</Image>
  <Url type="text/html" method="get" template="{base}/?q={{searchTerms}}"/>
</OpenSearchDescription>
""")


@router.get("/opensearch.xml")
def description(request: Request, site: SiteDep) -> Response:
    """The description, with the public address if one is set, else that of this machine.

    Any other name in the Host header is the visitor's word alone, and a browser would keep it: NotFoundError.
    """
    base = site.settings.base_url
    if not base:
        if not is_loopback(named_host(request)):
            raise NotFoundError("the address of this site is not set (web.base_url)")
        base = str(request.base_url)
    return Response(_DESCRIPTION.format(base=base.rstrip("/")), media_type="application/opensearchdescription+xml")
