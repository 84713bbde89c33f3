"""OAI-PMH 2.0 as oaipmh.arxiv.org speaks it: Identify, ListRecords and GetRecord in `arXivRaw` and `arXiv`.

https://www.openarchives.org/OAI/openarchivesprotocol.html; its error codes are in section 3.6.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import parse_qs, quote, unquote, urlencode

from lxml import etree

from flows.demo.answer import XSI_NS, add, namespaces, serialise, utc_stamp
from flows.demo.archive import Archive, Record
from flows.demo.oai_formats import FORMATS, tell

OAI_NS = "http://www.openarchives.org/OAI/2.0/"
_ID_PREFIX = "oai:arXiv.org:"
_EARLIEST = "2005-09-16"  # what arXiv's Identify says
_PHYSICS = frozenset(
    {"astro-ph", "cond-mat", "gr-qc", "hep-ex", "hep-lat", "hep-ph", "hep-th", "math-ph", "nlin", "nucl-ex"}
    | {"nucl-th", "physics", "quant-ph"}
)
_ARGUMENTS = {
    "Identify": (frozenset[str](), frozenset[str]()),
    "GetRecord": (frozenset({"identifier", "metadataPrefix"}), frozenset[str]()),
    "ListRecords": (frozenset({"metadataPrefix"}), frozenset({"from", "until", "set"})),
}


class _ProtocolError(Exception):
    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def answer_oai(archive: Archive, query: str, base_url: str, page_size: int) -> bytes:
    """The answer to a query string; a request that breaks the protocol gets the protocol's error, with status 200."""
    root = etree.Element(f"{{{OAI_NS}}}OAI-PMH", nsmap=namespaces(OAI_NS, xsi=XSI_NS))
    root.set(f"{{{XSI_NS}}}schemaLocation", f"{OAI_NS} {OAI_NS}OAI-PMH.xsd")
    add(root, "responseDate", utc_stamp(archive.now))
    try:
        arguments = _arguments(query)
        content = _content(archive, arguments, base_url, page_size)
    except _ProtocolError as error:
        # Section 3.6: no attributes repeat a request whose verb or arguments were bad.
        add(root, "request", base_url)
        add(root, "error", str(error), code=error.code)
    else:
        add(root, "request", base_url, **arguments)
        root.append(content)
    return serialise(root)


def set_of(category: str) -> str:
    """A category's set: cs:cs:LG, physics:astro-ph:EP, physics:hep-th."""
    archive, _, subject = category.partition(".")
    group = "physics" if archive in _PHYSICS else archive
    return ":".join(part for part in (group, archive, subject) if part)


def _arguments(query: str) -> dict[str, str]:
    values = parse_qs(query, keep_blank_values=True)
    if len(values.get("verb", ())) != 1 or values["verb"][0] not in _ARGUMENTS:
        raise _ProtocolError("badVerb", f"the verb is one of {', '.join(sorted(_ARGUMENTS))}")
    if repeated := [name for name, given in values.items() if len(given) > 1]:
        raise _ProtocolError("badArgument", f"given more than once: {', '.join(repeated)}")
    arguments = {name: given[0] for name, given in values.items()}
    names = arguments.keys() - {"verb"}
    if "resumptionToken" in names and arguments["verb"] == "ListRecords":
        if names != {"resumptionToken"}:
            raise _ProtocolError("badArgument", "resumptionToken is an exclusive argument")
        return arguments
    required, optional = _ARGUMENTS[arguments["verb"]]
    if missing := required - names:
        raise _ProtocolError("badArgument", f"missing: {', '.join(sorted(missing))}")
    if unknown := names - required - optional:
        raise _ProtocolError("badArgument", f"not an argument of {arguments['verb']}: {', '.join(sorted(unknown))}")
    return arguments


def _content(archive: Archive, arguments: Mapping[str, str], base_url: str, page_size: int) -> etree._Element:
    content = etree.Element(f"{{{OAI_NS}}}{arguments['verb']}")
    match arguments["verb"]:
        case "Identify":
            _identify(content, base_url)
        case "GetRecord":
            _get_record(content, archive, arguments)
        case _:
            _list_records(content, archive, arguments, page_size)
    return content


def _identify(content: etree._Element, base_url: str) -> None:
    for tag, text in (
        ("repositoryName", "arXiv (loopback)"),
        ("baseURL", base_url),
        ("protocolVersion", "2.0"),
        ("adminEmail", "help@arxiv.example"),
        ("earliestDatestamp", _EARLIEST),
        ("deletedRecord", "persistent"),
        ("granularity", "YYYY-MM-DD"),
    ):
        add(content, tag, text)


def _get_record(content: etree._Element, archive: Archive, arguments: Mapping[str, str]) -> None:
    metadata_format = _known_format(arguments["metadataPrefix"])
    identifier = arguments["identifier"]
    record = archive.record(identifier.removeprefix(_ID_PREFIX)) if identifier.startswith(_ID_PREFIX) else None
    if record is None:
        raise _ProtocolError("idDoesNotExist", f"no item {identifier}")
    _add_record(content, record, metadata_format)


def _known_format(prefix: str) -> str:
    if prefix not in FORMATS:
        raise _ProtocolError("cannotDisseminateFormat", f"metadataPrefix is one of {', '.join(FORMATS)}")
    return prefix


@dataclass(frozen=True, slots=True)
class _Selection:
    """Which records a ListRecords is about, and how many of them were given already."""

    prefix: str
    since: str
    until: str
    set_spec: str
    skip: int = 0

    def takes(self, record: Record) -> bool:
        if not self.since <= record.day.isoformat() <= self.until:
            return False
        wanted = f"{self.set_spec}:" if self.set_spec else ""
        return any(f"{set_of(category)}:".startswith(wanted) for category in record.sample.paper.categories)


def _list_records(content: etree._Element, archive: Archive, arguments: Mapping[str, str], page_size: int) -> None:
    token = arguments.get("resumptionToken")
    chosen = _fresh(arguments) if token is None else _resumed(token, archive)
    found = [record for record in archive.harvestable() if chosen.takes(record)]
    if not found:
        raise _ProtocolError("noRecordsMatch", "nothing matches from, until and set")
    for record in found[chosen.skip : chosen.skip + page_size]:
        _add_record(content, record, chosen.prefix)
    following = chosen.skip + page_size
    if following < len(found):
        # arXiv's attribute is `expires` where the protocol says expirationDate (oaipmh/templates/token.xml).
        midnight = datetime.combine(archive.now.date() + timedelta(days=1), time(), UTC)
        add(content, "resumptionToken", _token(chosen, following, archive), expires=utc_stamp(midnight))
    elif token is not None:
        add(content, "resumptionToken")  # section 3.5: the last part of a list says so by an empty token


def _fresh(arguments: Mapping[str, str]) -> _Selection:
    since, until = arguments.get("from", _EARLIEST), arguments.get("until", "9999-12-31")
    for name, text in (("from", since), ("until", until)):
        if not _is_day(text):
            raise _ProtocolError("badArgument", f"{name} is a day such as 2026-11-17")
    if since > until:
        raise _ProtocolError("badArgument", "from is later than until")
    return _Selection(_known_format(arguments["metadataPrefix"]), since, until, arguments.get("set", ""))


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _token(chosen: _Selection, skip: int, archive: Archive) -> str:
    fields = {"prefix": chosen.prefix, "since": chosen.since, "until": chosen.until, "set": chosen.set_spec}
    return quote(urlencode({**fields, "skip": skip, "issued": archive.at.isoformat()}), safe="")


def _resumed(token: str, archive: Archive) -> _Selection:
    """The selection a token stands for. Tokens die with their day, as arXiv's do."""
    fields = {name: given[0] for name, given in parse_qs(unquote(token), keep_blank_values=True).items()}
    try:
        chosen = _Selection(fields["prefix"], fields["since"], fields["until"], fields["set"], int(fields["skip"]))
        is_alive = fields["issued"] == archive.at.isoformat()
    except (KeyError, ValueError):
        raise _ProtocolError("badResumptionToken", "this token was not issued here") from None
    if not is_alive:
        raise _ProtocolError("badResumptionToken", "this token has expired")
    return chosen


def _add_record(content: etree._Element, record: Record, metadata_format: str) -> None:
    paper = record.sample.paper
    element = add(content, "record")
    header = add(element, "header")
    add(header, "identifier", f"{_ID_PREFIX}{paper.id}")
    add(header, "datestamp", record.day.isoformat())
    for set_spec in sorted({set_of(category) for category in paper.categories}):
        add(header, "setSpec", set_spec)
    tell(add(element, "metadata"), record.sample.paper, metadata_format)
