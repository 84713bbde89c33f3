"""Prints an issue: the words of `view`, templates, pictures, and letterhead, in a size that no mail program cuts."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass, replace

import css_inline
import jinja2

from mailer.letterhead import Letterhead
from mailer.links import TapUrls, unsubscribe_url
from mailer.pictures import attach, pictures_of, standing_alone, used_in
from mailer.view import IssueView, view_of
from pipeline.digest import Issue
from pipeline.ports import Clock, ComposedMail

HTML_LIMIT_BYTES = 90_000  # Gmail hides what is beyond 102 kB, the unsubscribe link first
_WIDTH = 76  # of the plain text, in characters


@dataclass(frozen=True, slots=True)
class _Links:
    """Where a reader can go; an empty string where there is nothing to go to."""

    web: str
    unsubscribe: str
    mailto: str
    sender: str


class DigestComposer:
    """Implements `pipeline.ports.Composer`. `base_url` is the web page's public address, empty where there is none."""

    def __init__(self, letterhead: Letterhead, base_url: str, clock: Clock) -> None:
        self._letterhead = letterhead
        self._base_url = base_url.rstrip("/")
        self._clock = clock
        self._templates = jinja2.Environment(
            loader=jinja2.PackageLoader("mailer"),
            autoescape=jinja2.select_autoescape(["html"]),
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.filters["fill"] = _fill
        self._inliner = css_inline.CSSInliner(keep_style_tags=True, minify_css=True, load_remote_stylesheets=False)

    def compose(self, issue: Issue) -> ComposedMail:
        """The mail: same issue, same Message-ID, and at the same moment the same bytes."""
        pictures = pictures_of(issue.items, self._letterhead.sender.domain)
        links = self._links(issue)
        view = view_of(issue, pictures, TapUrls(self._base_url, self._letterhead.secret, issue.subscriber_id))
        subject, text = (self._print(f"digest-{part}.txt", view, links) for part in ("subject", "body"))
        html = self._html_within_limit(view, links)
        message = self._letterhead.write(issue, subject, self._clock.now(), links.unsubscribe)
        # Quoted-printable, not 8bit: it passes servers without 8BITMIME unchanged, which a signature depends on.
        message.set_content(text, cte="quoted-printable")
        message.add_alternative(html, subtype="html", cte="quoted-printable")
        shown = used_in(html, pictures.values())
        boundary = self._letterhead.message_id(issue)[1:33]
        attach(message, shown, f"={boundary}-pictures=")
        message.set_boundary(f"={boundary}=")
        return ComposedMail(message, standing_alone(html, shown))

    def _links(self, issue: Issue) -> _Links:
        secret, has_web = self._letterhead.secret, bool(self._base_url)
        return _Links(
            web=self._base_url,
            unsubscribe=unsubscribe_url(self._base_url, secret, issue.subscriber_id) if has_web else "",
            mailto=self._letterhead.mailto,
            sender=self._letterhead.sender.addr_spec,
        )

    def _print(self, template: str, view: IssueView, links: _Links) -> str:
        return self._templates.get_template(template).render(issue=view, links=links)

    def _html_within_limit(self, view: IssueView, links: _Links) -> str:
        """The fullest page within the limit: first the last passages and details are left out, then the last papers."""
        papers = len(view.items)
        # Step n of 2 * papers leaves out n passages, and past the last passage n - papers papers. Sizes only fall.
        page = self._html(view, links)
        if _fits(page):
            return page
        least, most = 1, 2 * papers
        while least < most:
            middle = (least + most) // 2
            if _fits(self._html(_shortened(view, middle), links)):
                most = middle
            else:
                least = middle + 1
        return self._html(_shortened(view, least), links)

    def _html(self, view: IssueView, links: _Links) -> str:
        return self._inliner.inline(self._print("digest-body.html", view, links))


def _fits(html: str) -> bool:
    return len(html.encode()) <= HTML_LIMIT_BYTES


def _shortened(view: IssueView, step: int) -> IssueView:
    papers = len(view.items)
    quoted, shown = max(papers - step, 0), min(2 * papers - step, papers)
    items = tuple(item if position < quoted else item.in_short for position, item in enumerate(view.items[:shown]))
    return replace(view, items=items, left_out=view.items[shown:])


def _fill(text: str, first: str = "", later: str | None = None) -> str:
    """Wraps a paragraph; `first` begins its first line, `later` (or the same) the others. Links are never broken."""
    return textwrap.fill(
        text,
        _WIDTH,
        initial_indent=first,
        subsequent_indent=first if later is None else later,
        break_long_words=False,
        break_on_hyphens=False,
    )
