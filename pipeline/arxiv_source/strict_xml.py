"""Reads an answer as XML, or says why it is not what was asked for."""

from __future__ import annotations

import logging
import re

from lxml import etree

from pipeline.errors import SourceFormatError

logger = logging.getLogger(__name__)

# Control characters that XML 1.0 forbids. In UTF-8 these bytes are never a part of another character.
_FORBIDDEN = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def parse_strictly(content: bytes, root: str, url: str) -> etree._Element:
    """The root element, which must be `root` in Clark notation.

    Nothing is recovered: a truncated document, HTML, or "Rate exceeded." with status 200 raises SourceFormatError,
    because a lenient parser makes an empty or short page of them (as the `arxiv` package 4.0.2 does). No entities, no
    document type, no network. The one thing forgiven is a forbidden control character, which some abstracts hold:
    it is dropped with a warning, for else one careless paste would block a whole harvest for days.
    """
    try:
        element = _parse(content)
    except etree.XMLSyntaxError as error:
        cleaned = _FORBIDDEN.sub(b"", content)
        if cleaned == content:
            raise SourceFormatError(f"{url} answered no complete XML: {error}; {_begin(content)}", url=url) from error
        logger.warning("dropped %d forbidden control characters from %s", len(content) - len(cleaned), url)
        return parse_strictly(cleaned, root, url)
    if element.getroottree().docinfo.internalDTD is not None:
        raise SourceFormatError(f"{url} answered a document with a DOCTYPE; {_begin(content)}", url=url)
    if element.tag != root:
        raise SourceFormatError(f"{url} answered <{element.tag}> where <{root}> was expected", url=url)
    return element


def _parse(content: bytes) -> etree._Element:
    parser = etree.XMLParser(
        recover=False,
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    return etree.fromstring(content, parser=parser)


def _begin(content: bytes) -> str:
    return f"it begins {content[:60].decode('utf-8', errors='replace')!r}"


def text_of(element: etree._Element, path: str, namespaces: dict[str, str]) -> str:
    """The text at a path with runs of white space made one blank; empty where there is none."""
    return " ".join((element.findtext(path, namespaces=namespaces) or "").split())
