"""An issue put into words: everything the templates print, decided here, so that they decide nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from mailer import words
from mailer.links import Tap, TapUrls
from mailer.pictures import MailPicture
from mailer.reasons import MentionView, like_in, mention_view, parts_in_words
from pipeline.digest import DigestItem, Issue, Passage
from pipeline.licence import Licence, licence_of
from pipeline.mathtext import clean, math_to_text, tex_to_text
from pipeline.paper import EventKind

_PASSAGE_CHARS = 600  # about eight lines on a phone's width of 75 characters; the paper is one tap away
_SUBJECT_TITLE_CHARS = 70
_CAPTION_CHARS = 220
_AFTER_LABEL = " .:|-\u2013\u2014"


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of the paper and where they stand."""

    text: str
    place: str


@dataclass(frozen=True, slots=True)
class PictureView:
    """A paper's figure as it is printed: where it comes from (`cid:`), its size, its words, and whose leave we have."""

    source: str
    width: int
    height: int
    alt: str
    caption: str
    licence: Licence
    is_private: bool


@dataclass(frozen=True, slots=True)
class TapView:
    """Where each answer to a paper leads."""

    more: str
    less: str
    save: str
    never: str


@dataclass(frozen=True, slots=True)
class ItemView:
    """One paper as it is printed; `taps` is None where there is no web page to take them."""

    number: int
    paper_id: str
    title: str
    url: str
    authors: str
    categories: tuple[str, ...]
    badge: str
    verdict: str
    is_tentative: bool
    why: str
    quote: Quote | None
    late: str
    is_guess: bool = False
    parts: str = ""
    like: tuple[MentionView, ...] = ()
    also: tuple[MentionView, ...] = ()
    taps: TapView | None = None
    picture: PictureView | None = None

    @property
    def in_short(self) -> ItemView:
        """Without what explains it at length."""
        return replace(self, quote=None, parts="", like=())


@dataclass(frozen=True, slots=True)
class IssueView:
    """A whole mail as it is printed. `left_out` are the papers the size limit kept from being shown in full.

    `commands` tells how to answer where there is no web page that takes answers.
    """

    subject: str
    preview: str
    day: str
    year: int
    counted: str
    items: tuple[ItemView, ...]
    left_out: tuple[ItemView, ...]
    ledger: str
    reading: str
    email: str
    volume: str
    volume_url: str
    commands: str


def view_of(issue: Issue, pictures: Mapping[str, MailPicture], urls: TapUrls) -> IssueView:
    """The issue in full, with these pictures by paper id and links by which its reader answers."""
    items = tuple(
        replace(_item(number, item, issue.day, urls), picture=_picture(item, pictures.get(item.paper_id)))
        for number, item in enumerate(issue.items, start=1)
    )
    chosen = len(items)
    considered = max(issue.considered, chosen)
    return IssueView(
        subject=_subject(issue, items),
        preview=words.clip("; ".join(item.title for item in items[1:4]) or _first_why(items), 180),
        day=words.day_in_words(issue.day),
        year=issue.day.year,
        counted=f"{chosen} of {words.count(considered, 'new paper')}",
        items=items,
        left_out=(),
        ledger=words.ledger_sentence(issue.summary),
        reading=words.reading_sentence(issue.summary),
        email=clean(issue.email),
        volume=words.volume_sentence(issue.volume),
        volume_url=urls.of(Tap.VOLUME),
        commands=words.commands_sentence(clean(issue.email)),
    )


def _subject(issue: Issue, items: Sequence[ItemView]) -> str:
    day = f"{words.day_in_words(issue.day)[:3]} {words.short_day(issue.day)}"
    if not items:
        return f"No new papers for you, {day}"
    return f"{words.count(len(items), 'paper')} for you, {day}: {words.clip(items[0].title, _SUBJECT_TITLE_CHARS)}"


def _first_why(items: Sequence[ItemView]) -> str:
    return items[0].why if items else ""


def _item(number: int, item: DigestItem, day: date, urls: TapUrls) -> ItemView:
    title = tex_to_text(item.title) or f"arXiv:{item.paper_id}"
    is_late = item.announced_on < day
    return ItemView(
        number=number,
        paper_id=clean(item.paper_id),
        title=title,
        url=f"https://arxiv.org/abs/{clean(item.paper_id)}",
        authors=words.authors_in_words([tex_to_text(author) for author in item.authors]),
        categories=tuple(clean(category) for category in item.categories),
        badge="cross-list" if item.kind == EventKind.CROSS.value else "new",
        verdict=_verdict(item, is_answerable=bool(urls.base_url)),
        is_tentative=item.ranked.probability < words.LIKELY,
        why=clean(item.ranked.why),
        quote=_quote(item),
        late=f"announced {words.short_day(item.announced_on)}, reached us late" if is_late else "",
        is_guess=item.ranked.is_exploration,
        parts=parts_in_words(item.ranked.parts),
        like=like_in(item),
        also=tuple(map(mention_view, item.also)),
        taps=_taps(item, urls) if urls.base_url else None,
    )


def _verdict(item: DigestItem, *, is_answerable: bool) -> str:
    if item.ranked.is_exploration:
        return words.guess(is_answerable=is_answerable)
    return words.verdict(item.ranked.probability)


def _taps(item: DigestItem, urls: TapUrls) -> TapView:
    more, less, save, never = (urls.of(tap, item.paper_id) for tap in (Tap.MORE, Tap.LESS, Tap.SAVE, Tap.NEVER))
    return TapView(more, less, save, never)


def _picture(item: DigestItem, picture: MailPicture | None) -> PictureView | None:
    teaser = item.teaser
    if teaser is None or picture is None:
        return None
    label = clean(teaser.label) or "Figure"
    caption = math_to_text(teaser.caption.removeprefix(teaser.label)).lstrip(_AFTER_LABEL)
    return PictureView(
        source=f"cid:{picture.cid}",
        width=picture.width,
        height=picture.height,
        alt=f"{label}, page {teaser.page}",
        caption=words.clip(f"{label}. {caption}", _CAPTION_CHARS) if caption else f"{label}.",
        licence=licence_of(teaser.licence),
        is_private=teaser.is_private,
    )


def _quote(item: DigestItem) -> Quote | None:
    passage = item.ranked.passage
    if passage is None and not item.abstract.strip():
        return None
    passage = passage or Passage(item.abstract, section="", page=0)
    # The abstract is metadata, where all of arXiv's TeX may stand; a page was read by an engine that writes Unicode.
    text = tex_to_text(passage.text) if passage.page < 1 else math_to_text(passage.text)
    return Quote(words.clip(text, _PASSAGE_CHARS), words.place_in_words(passage)) if text else None
