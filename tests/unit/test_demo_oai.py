from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from urllib.parse import urlencode

import pytest
from lxml import etree

from flows.demo.archive import Archive
from flows.demo.oai import answer_oai, set_of
from flows.demo.sample import SampleDay
from pipeline.paper import EventKind, PaperVersion, SourceName
from tests.fakes.papers import make_sample, make_version

_NS = {
    "o": "http://www.openarchives.org/OAI/2.0/",
    "raw": "http://arxiv.org/OAI/arXivRaw/",
    "arxiv": "http://arxiv.org/OAI/arXiv/",
}
_MONDAY, _TUESDAY = date(2026, 11, 16), date(2026, 11, 17)
_RAW = {"verb": "ListRecords", "metadataPrefix": "arXivRaw"}


@pytest.fixture
def archive() -> Archive:
    monday = SampleDay(_MONDAY, (make_sample("2611.00001", categories=("cs.LG", "stat.ML")),))
    tuesday = SampleDay(
        _TUESDAY,
        (
            make_sample("2611.00002", categories=("astro-ph.EP",)),
            make_sample("2611.00003", categories=("cs.IR",)),
            make_sample("2611.00004", listed_by=[SourceName.FEED]),
        ),
    )
    return Archive((monday, tuesday), _TUESDAY)


def _ask(archive: Archive, arguments: dict[str, str], page_size: int = 10) -> etree._Element:
    return etree.fromstring(answer_oai(archive, urlencode(arguments), "http://base/oai", page_size))


def _get(paper_id: str, prefix: str) -> dict[str, str]:
    return {"verb": "GetRecord", "metadataPrefix": prefix, "identifier": f"oai:arXiv.org:{paper_id}"}


def _error(answer: etree._Element) -> str:
    error = answer.find("o:error", _NS)
    return "" if error is None else error.get("code", "")


def _ids(answer: etree._Element) -> list[str]:
    found = answer.iterfind(".//o:identifier", _NS)
    return [(element.text or "").removeprefix("oai:arXiv.org:2611.0000") for element in found]


def _text(answer: etree._Element, path: str) -> str:
    return (answer.findtext(f".//{path}", namespaces=_NS) or "").strip()


@pytest.mark.parametrize(
    "arguments, code",
    [
        ({}, "badVerb"),
        ({"verb": "ListEverything"}, "badVerb"),
        ({"verb": "Identify", "from": "2026-11-16"}, "badArgument"),
        ({"verb": "ListRecords"}, "badArgument"),
        ({"verb": "GetRecord", "metadataPrefix": "arXivRaw"}, "badArgument"),
        ({**_RAW, "from": "16.11.2026"}, "badArgument"),
        ({**_RAW, "from": "20261116"}, "badArgument"),
        ({**_RAW, "from": "2026-11-17", "until": "2026-11-16"}, "badArgument"),
        ({**_RAW, "resumptionToken": "x"}, "badArgument"),
        ({"verb": "ListRecords", "resumptionToken": "x"}, "badResumptionToken"),
        ({"verb": "ListRecords", "metadataPrefix": "marc"}, "cannotDisseminateFormat"),
        (
            {"verb": "GetRecord", "metadataPrefix": "marc", "identifier": "oai:arXiv.org:2611.00001"},
            "cannotDisseminateFormat",
        ),
        ({"verb": "GetRecord", "metadataPrefix": "arXiv", "identifier": "oai:arXiv.org:2611.09999"}, "idDoesNotExist"),
        ({"verb": "GetRecord", "metadataPrefix": "arXiv", "identifier": "2611.00001"}, "idDoesNotExist"),
        ({**_RAW, "from": "2026-11-18"}, "noRecordsMatch"),
        ({**_RAW, "set": "math"}, "noRecordsMatch"),
    ],
)
def test_a_request_that_breaks_the_protocol_gets_its_error(
    archive: Archive, arguments: dict[str, str], code: str
) -> None:
    assert _error(_ask(archive, arguments)) == code


def test_an_argument_given_twice_is_a_bad_argument(archive: Archive) -> None:
    answer = answer_oai(archive, "verb=ListRecords&metadataPrefix=arXiv&metadataPrefix=arXivRaw", "http://base/oai", 10)

    assert _error(etree.fromstring(answer)) == "badArgument"


def test_identify_tells_granularity_and_base_url(archive: Archive) -> None:
    answer = _ask(archive, {"verb": "Identify"})

    assert _text(answer, "o:granularity") == "YYYY-MM-DD"
    assert _text(answer, "o:baseURL") == "http://base/oai"
    assert _text(answer, "o:responseDate") == "2026-11-17T03:45:00Z"


def test_from_and_until_choose_by_day_both_included(archive: Archive) -> None:
    assert _ids(_ask(archive, _RAW)) == ["1", "2", "3"]
    assert _ids(_ask(archive, {**_RAW, "from": "2026-11-17"})) == ["2", "3"]
    assert _ids(_ask(archive, {**_RAW, "until": "2026-11-16"})) == ["1"]


@pytest.mark.parametrize(
    "chosen, ids",
    [("cs", ["1", "3"]), ("cs:cs:LG", ["1"]), ("stat:stat:ML", ["1"]), ("physics:astro-ph", ["2"]), ("physics", ["2"])],
)
def test_a_set_holds_what_is_in_or_below_it(archive: Archive, chosen: str, ids: list[str]) -> None:
    assert _ids(_ask(archive, {**_RAW, "set": chosen})) == ids


@pytest.mark.parametrize(
    "category, name",
    [
        ("cs.LG", "cs:cs:LG"),
        ("astro-ph.EP", "physics:astro-ph:EP"),
        ("hep-th", "physics:hep-th"),
        ("q-bio.QM", "q-bio:q-bio:QM"),
    ],
)
def test_sets_are_named_group_archive_category(category: str, name: str) -> None:
    assert set_of(category) == name


def test_a_long_list_comes_in_pages_and_its_last_page_says_so(archive: Archive) -> None:
    first = _ask(archive, _RAW, page_size=2)
    token = _text(first, "o:resumptionToken")
    last = _ask(archive, {"verb": "ListRecords", "resumptionToken": token}, page_size=2)

    assert (_ids(first), _ids(last)) == (["1", "2"], ["3"])
    assert last.find(".//o:resumptionToken", _NS) is not None
    assert _text(last, "o:resumptionToken") == ""


def test_a_list_of_one_page_has_no_token(archive: Archive) -> None:
    assert _ask(archive, _RAW).find(".//o:resumptionToken", _NS) is None


def test_a_token_dies_with_its_day(archive: Archive) -> None:
    token = _text(_ask(archive, _RAW, page_size=1), "o:resumptionToken")

    later = _ask(replace(archive, at=date(2026, 11, 18)), {"verb": "ListRecords", "resumptionToken": token})

    assert _error(later) == "badResumptionToken"


def test_an_omitted_record_is_known_to_get_record(archive: Archive) -> None:
    answer = _ask(archive, _get("2611.00004", "arXivRaw"))

    assert _text(answer, "raw:id") == "2611.00004"


def test_raw_tells_versions_categories_and_lines_of_text_as_arxiv_does() -> None:
    withdrawn = PaperVersion(2, datetime(2026, 11, 16, 12, 0, 5, tzinfo=UTC), 0, "I")
    sample = make_sample(
        "2611.00001",
        EventKind.WITHDRAWN,
        authors=("Åsa Žižek", "Bo Okafor", "Ci Ng"),
        versions=(make_version(), withdrawn),
        doi="10.99999/x",
        journal_ref="J. Invented 3 (2026)",
    )
    archive = Archive((SampleDay(_TUESDAY, (sample,)),), _TUESDAY)

    answer = _ask(archive, _get("2611.00001", "arXivRaw"))

    versions = answer.findall(".//raw:version", _NS)
    assert [version.get("version") for version in versions] == ["v1", "v2"]
    assert [_text(version, "raw:date") for version in versions] == [
        "Fri, 13 Nov 2026 20:00:00 GMT",
        "Mon, 16 Nov 2026 12:00:05 GMT",
    ]
    assert [_text(version, "raw:size") for version in versions] == ["101kb", "0kb"]
    assert _text(versions[1], "raw:source_type") == "I"
    assert _text(answer, "raw:authors") == r"\r{A}sa \v{Z}i\v{z}ek, Bo Okafor and Ci Ng"
    assert _text(answer, "raw:doi") == "10.99999/x"
    assert _text(answer, "raw:journal-ref") == "J. Invented 3 (2026)"
    abstract = answer.findtext(".//raw:abstract", namespaces=_NS) or ""
    assert abstract.startswith("  We describe")
    assert abstract.count("\n") == 2


def test_the_parsed_format_tells_names_apart(archive: Archive) -> None:
    answer = _ask(archive, _get("2611.00001", "arXiv"))

    assert _text(answer, "arxiv:keyname") == "Lind"
    assert _text(answer, "arxiv:forenames") == "Ada"
    assert _text(answer, "arxiv:created") == "2026-11-13"
    assert _text(answer, "arxiv:updated") == ""
