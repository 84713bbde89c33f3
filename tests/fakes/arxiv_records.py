"""OAI-PMH answers written by hand, as oaipmh.arxiv.org prints them, for tests that need just one detail changed."""

from __future__ import annotations

from dataclasses import dataclass

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">'
_ABOUT = "<responseDate>2026-11-24T03:30:00Z</responseDate><request>https://oaipmh.arxiv.org/oai</request>"


@dataclass(frozen=True, slots=True)
class RawRecord:
    """The parts of a record that tests vary. `versions` are (name, date, size, source_type)."""

    id: str = "2611.01234"
    datestamp: str = "2026-11-24"
    versions: tuple[tuple[str, str, str, str], ...] = (("v1", "Mon, 23 Nov 2026 17:05:09 GMT", "812kb", "D"),)
    title: str = "Sorting letters\n  by their weight"
    authors: str = "Ada Byron and Mary Somerville"
    categories: str = "cs.IR cs.CL"
    comments: str = ""
    abstract: str = "  We weigh letters.\nThen we sort them.\n  It works.\n"

    def xml(self) -> str:
        """The <record> element."""
        versions = "".join(
            f'<version version="{name}"><date>{date}</date><size>{size}</size>'
            + (f"<source_type>{flags}</source_type>" if flags else "")
            + "</version>"
            for name, date, size, flags in self.versions
        )
        comments = f"<comments>{self.comments}</comments>" if self.comments else ""
        return (
            f"<record><header><identifier>oai:arXiv.org:{self.id}</identifier><datestamp>{self.datestamp}</datestamp>"
            f"<setSpec>cs:cs:IR</setSpec></header><metadata>"
            f'<arXivRaw xmlns="http://arxiv.org/OAI/arXivRaw/"><id>{self.id}</id><submitter>Ada Byron</submitter>'
            f"{versions}<title>{self.title}</title><authors>{self.authors}</authors>"
            f"<categories>{self.categories}</categories>{comments}<journal-ref>J. Post 3 (2026) 1-9</journal-ref>"
            f"<doi>10.5555/letters.3</doi><license>http://creativecommons.org/licenses/by/4.0/</license>"
            f"<abstract>{self.abstract}</abstract></arXivRaw></metadata></record>"
        )


def list_page(*records: RawRecord, token: str | None = None, extra: str = "") -> bytes:
    """An answer to ListRecords; `token` is the resumption token, "" the empty element that ends a list."""
    tail = "" if token is None else f"<resumptionToken>{token}</resumptionToken>"
    body = "".join(record.xml() for record in records) + extra + tail
    return f"{_HEAD}{_ABOUT}<ListRecords>{body}</ListRecords></OAI-PMH>".encode()


def record_page(record: RawRecord) -> bytes:
    """An answer to GetRecord."""
    return f"{_HEAD}{_ABOUT}<GetRecord>{record.xml()}</GetRecord></OAI-PMH>".encode()


def error_page(code: str, words: str = "") -> bytes:
    """An answer that is an error of the protocol, which comes with status 200."""
    return f'{_HEAD}{_ABOUT}<error code="{code}">{words}</error></OAI-PMH>'.encode()
