"""The query language: plain words, and the operators people know from other search engines.

    graph sampling                    words: by meaning and by words together
    "unbiased sampling"               passages (with their paper's title) that hold these words in this order
    -survey  -"large language model"  not papers that say so in title or abstract, nor passages that do
    author:hinton  author:"Y. LeCun"  initials stand for given names
    title:diffusion                   the title has the word (or "words in this order")
    cat:cs.IR  cat:cs.*               several are alternatives; -cat:cs.CV leaves one out
    date:2026-11-01..2026-11-15       first listed then; either end may be missing; 2026-11, 2026 and 30d (days) work
    day:2026-11-17  day:today         the listing of a day; today is the newest one
    id:2401.12345                     this paper; several are alternatives
    like:2401.12345                   papers near to this one
    has:code  has:figure  has:table   its text links to code, shows a figure, a table
    sort:date                         the newest first; sort:score is the default

What is no operator is a word: "BERT: pre-training" and "C++ -> Rust" are just searched for. A known operator with a
value that makes no sense is an error that points at its place.
"""

from __future__ import annotations

import calendar
import contextlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from index import marking
from index.terms import analyzer
from pipeline.errors import UsageError
from pipeline.paper import ArxivId


class Feature(StrEnum):
    """What `has:` asks for."""

    CODE = "code"
    FIGURE = "figure"
    TABLE = "table"


class Sort(StrEnum):
    """What `sort:` asks for."""

    SCORE = "score"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """A query taken apart. `words` are what is searched for by meaning and words, phrases included.

    `excluded` and `titles` and `phrases` are words, or several in their order. All conditions must hold, but `ids` and
    `categories` are alternatives. `is_newest_day` asks for the newest listing, whichever that is.
    """

    words: str = ""
    phrases: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    excluded_categories: tuple[str, ...] = ()
    excluded_authors: tuple[str, ...] = ()
    excluded_titles: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    is_newest_day: bool = False
    also_categories: tuple[str, ...] = ()  # a second set of alternatives, of which one must hold as well
    ids: tuple[str, ...] = ()
    like: tuple[str, ...] = ()
    has: tuple[Feature, ...] = ()
    sort: Sort = Sort.SCORE


def parse_query(text: str, today: date) -> SearchQuery:
    """Takes a query apart. `today` is where `date:30d` counts from: the newest listing that can be found.

    Raises UsageError for an operator whose value makes no sense, with the query and a mark under the place.
    """
    parser = _Parser(text, today)
    for match in _TOKEN.finditer(text):
        parser.take(match)
    return parser.finish()


def plain_words(text: str) -> str:
    """What a query searches for, without its operators; never an error. For marking words in what was found."""
    return " ".join(_word_of(match) for match in _TOKEN.finditer(text) if _is_sought(match)).strip()


def highlight(text: str, query: str) -> list[tuple[int, int]]:
    """Where in a text the words stand that a query searches for: character ranges, ascending, end exclusive."""
    return marking.highlight(text, plain_words(query))


_FIELDS = {
    "author": "author",
    "au": "author",
    "title": "title",
    "ti": "title",
    "cat": "cat",
    "category": "cat",
    "date": "date",
    "day": "day",
    "id": "id",
    "like": "like",
    "has": "has",
    "sort": "sort",
}
_TOKEN = re.compile(
    rf'(?<!\S)(?P<minus>-(?=["\w])(?!\d))?(?:(?P<field>(?i:{"|".join(_FIELDS)})):(?=\S))?'
    r'(?:"(?P<quoted>[^"]*)"|(?P<bare>\S+))'
)
_NEGATABLE = frozenset({"", "author", "title", "cat"})
_CATEGORY = re.compile(r"[a-z]+(?:-[a-z]+)*(?:\.(?:[A-Za-z-]+|\*))?|\*")
_DAYS = re.compile(r"(?P<count>\d{1,5})d", re.IGNORECASE)
_PERIOD = re.compile(r"(?P<year>\d{4})(?:-(?P<month>\d{2})(?:-(?P<day>\d{2}))?)?")


def _name(match: re.Match[str]) -> str:
    """The operator of a token; empty where it has none, or where its value holds no word and so is just text."""
    name = _FIELDS[match["field"].lower()] if match["field"] else ""
    return "" if name in ("author", "title") and not _has_words(_value(match)) else name


def _value(match: re.Match[str]) -> str:
    return match["bare"] if match["quoted"] is None else match["quoted"]


def _has_words(text: str) -> bool:
    return bool(analyzer().analyze(text))


def _is_sought(match: re.Match[str]) -> bool:
    return not match["minus"] and _name(match) in ("", "title", "author")


def _word_of(match: re.Match[str]) -> str:
    is_text = not _name(match) and match["quoted"] is None
    return match[0] if is_text else _value(match)


@dataclass
class _Parser:
    text: str
    today: date
    words: list[str] = field(default_factory=list)
    found: dict[str, list[str]] = field(default_factory=dict)
    has: list[Feature] = field(default_factory=list)
    since: date | None = None
    until: date | None = None
    is_newest_day: bool = False
    sort: Sort = Sort.SCORE

    def take(self, match: re.Match[str]) -> None:
        name = _name(match)
        if match["minus"] and name not in _NEGATABLE:
            raise self._error(match, f"-{name}: is not possible; leave out words, author:, title: or cat:")
        readers: dict[str, Callable[[re.Match[str]], None]] = {
            "": self._take_text,
            "author": self._take_value,
            "title": self._take_value,
            "cat": self._take_category,
            "date": self._take_date,
            "day": self._take_day,
            "id": self._take_id,
            "like": self._take_id,
            "has": self._take_feature,
            "sort": self._take_sort,
        }
        readers[name](match)

    def finish(self) -> SearchQuery:
        if self.since and self.until and self.since > self.until:
            raise UsageError(f"{self.text}\nthe dates exclude each other: from {self.since} to {self.until}")
        values = {name: tuple(dict.fromkeys(texts)) for name, texts in self.found.items()}
        return SearchQuery(
            words=" ".join(self.words),
            phrases=values.get("phrase", ()),
            excluded=values.get("-", ()),
            authors=values.get("author", ()),
            titles=values.get("title", ()),
            categories=values.get("cat", ()),
            excluded_categories=values.get("-cat", ()),
            excluded_authors=values.get("-author", ()),
            excluded_titles=values.get("-title", ()),
            since=self.since,
            until=self.until,
            is_newest_day=self.is_newest_day,
            ids=values.get("id", ()),
            like=values.get("like", ()),
            has=tuple(dict.fromkeys(self.has)),
            sort=self.sort,
        )

    def _take_text(self, match: re.Match[str]) -> None:
        value = _value(match)
        if match["minus"] and _has_words(value):
            self._keep("-", value)
            return
        self.words.append(_word_of(match) if match["quoted"] is None else value)
        if match["quoted"] is not None and _has_words(value):
            self._keep("phrase", value)

    def _take_value(self, match: re.Match[str]) -> None:
        self._keep(("-" if match["minus"] else "") + _name(match), _value(match))

    def _take_category(self, match: re.Match[str]) -> None:
        for value in _value(match).split(","):
            if not _CATEGORY.fullmatch(value):
                raise self._error(match, f"{value!r} is no category (expected e.g. cs.IR, or cs.* for all of cs)")
            self._keep("-cat" if match["minus"] else "cat", value)

    def _take_date(self, match: re.Match[str]) -> None:
        first, dots, last = _value(match).partition("..")
        if days := _DAYS.fullmatch(first):
            try:
                since: date | None = self.today - timedelta(days=int(days["count"]))
            except OverflowError:
                since = date.min
            until = self._period(match, last)[1] if last else None
        else:
            since, until = self._period(match, first) if first else (None, None)
            if dots:
                until = self._period(match, last)[1] if last else None
        if since is None and until is None:
            raise self._error(match, _NO_DATE)
        self._narrow(since, until)

    def _take_day(self, match: re.Match[str]) -> None:
        value = _value(match)
        if value.lower() in ("today", "newest"):
            self.is_newest_day = True
            return
        first, last = self._period(match, value)
        if first != last:
            raise self._error(match, f"{value!r} is no day (expected e.g. 2026-11-17, or today)")
        self._narrow(first, last)

    def _take_id(self, match: re.Match[str]) -> None:
        for value in _value(match).split(","):
            try:
                self._keep(_name(match), ArxivId.parse(value).id)
            except UsageError:
                raise self._error(match, f"{value!r} is no arXiv identifier (expected e.g. 2401.12345)") from None

    def _take_feature(self, match: re.Match[str]) -> None:
        try:
            self.has += [Feature(value.lower().removesuffix("s")) for value in _value(match).split(",")]
        except ValueError:
            raise self._error(match, "expected has:code, has:figure or has:table") from None

    def _take_sort(self, match: re.Match[str]) -> None:
        try:
            self.sort = Sort(_value(match).lower())
        except ValueError:
            raise self._error(match, "expected sort:score or sort:date") from None

    def _narrow(self, since: date | None, until: date | None) -> None:
        """Several conditions on the date must all hold."""
        self.since = max(filter(None, (self.since, since)), default=None)
        self.until = min(filter(None, (self.until, until)), default=None)

    def _period(self, match: re.Match[str], text: str) -> tuple[date, date]:
        """First and last day of a year, month or day. Raises UsageError."""
        period = _PERIOD.fullmatch(text)
        if period is not None:
            with contextlib.suppress(ValueError):  # 2026-13, or a 30th of February
                return _first_and_last(*(int(period[name] or 0) for name in ("year", "month", "day")))
        raise self._error(match, _NO_DATE)

    def _keep(self, name: str, value: str) -> None:
        self.found.setdefault(name, []).append(value)

    def _error(self, match: re.Match[str], what: str) -> UsageError:
        place = f"{self.text}\n{' ' * match.start()}{'^' * len(match[0])}"
        return UsageError(f"{match[0]!r}, character {match.start() + 1}: {what}\n{place}")


def _first_and_last(year: int, month: int, day: int) -> tuple[date, date]:
    """Of a year, of a month, or of a day; 0 stands for what was not written. Raises ValueError."""
    if day:
        return date(year, month, day), date(year, month, day)
    last_month = month or 12
    return date(year, month or 1, 1), date(year, last_month, calendar.monthrange(year, last_month)[1])


_NO_DATE = "expected a date or a range: 2026-11-17, 2026-11, 2026-11-01..2026-11-15, ..2026-10, 30d"
