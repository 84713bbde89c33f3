"""A whole digest from the real templates: what a subscriber sees."""

from __future__ import annotations

import re
from datetime import date
from email import message_from_bytes, policy
from html.parser import HTMLParser

import pytest
from pydantic import SecretStr

from mailer import open_composer, read_unsubscribe
from mailer.composer import HTML_LIMIT_BYTES
from pipeline.config import MailSettings, WebSettings
from pipeline.digest import DayState, DaySummary, Issue, Passage
from pipeline.ports import ComposedMail
from tests.fakes.issues import DAY, FixedClock, make_issue, make_item

SECRET = "s" * 32


def compose(issue: Issue, base_url: str = "https://papers.example.org") -> ComposedMail:
    mail = MailSettings(sender="autoreader <digest@example.org>", smtp_url=SecretStr("smtp://mail.example.org"))
    return open_composer(mail, WebSettings(base_url=base_url), SECRET, FixedClock()).compose(issue)


def text_of(mail: ComposedMail) -> str:
    body = mail.message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


class _Words(HTMLParser):
    """The visible text of a page, its tags and its links."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self._said: list[str] = []
        self._in_style = False
        self.feed(page)
        self.text = " ".join(" ".join(self._said).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self._in_style = tag == "style"
        self.links += [value for name, value in attrs if name == "href" and value]

    def handle_endtag(self, tag: str) -> None:
        del tag
        self._in_style = False

    def handle_data(self, data: str) -> None:
        if not self._in_style:
            self._said.append(data)


def test_the_subject_says_how_many_papers_for_which_day_and_the_best_of_them() -> None:
    mail = compose(make_issue(make_item(title="Pruning in $O(\\log n)$ memory"), make_item("2611.00002")))

    assert mail.message["Subject"] == "2 papers for you, Tue 17 Nov: Pruning in O(log n) memory"


def test_the_plain_text_reads_well_by_itself() -> None:
    late = make_item(
        "2611.00002",
        title="A title of many words that runs on until it no longer fits into a single line of text",
        authors=("A. A", "B. B", "C. C", "D. D", "E. E", "F. F"),
        kind="cross",
        probability=0.5,
        announced_on=date(2026, 11, 12),
        passage=None,
        abstract="We ask $n^2$ \\emph{questions}\nand answer 5% of them.",
    )

    text = text_of(compose(make_issue(make_item(), late)))

    assert re.sub(r"https://papers.example.org/(\w+)/\S+", r"<\1>", text) == (
        """\
Tuesday 17 November 2026
2 of 48 new papers, chosen for you
============================================================================

1. A study numbered 2611.00001
   Ada Lind, Bo Okafor
   new · cs.IR · cs.CL
   very likely worth your time
   https://arxiv.org/abs/2611.00001

   It answers your question about pruning.

   > The pruned index keeps most of the quality.
   > (5 Results, page 7)

   More like this: <tap>
   Less like this: <tap>
   Save: <tap>
   Never this author, not this topic: <never>

----------------------------------------------------------------------------

2. A title of many words that runs on until it no longer fits into a single
   line of text
   A. A, B. B, C. C, D. D and 2 more
   cross-list · cs.IR · cs.CL
   maybe worth your time
   announced 12 Nov, reached us late
   https://arxiv.org/abs/2611.00002

   It answers your question about pruning.

   > We ask n² questions and answer 5% of them.
   > (abstract)

   More like this: <tap>
   Less like this: <tap>
   Save: <tap>
   Never this author, not this topic: <never>

----------------------------------------------------------------------------

arXiv listed 48 papers for Tuesday 17 November; 48 are stored, 45 read in
full. Reading 45 papers, 812 pages: $0.43.

You get the normal amount: papers that are more likely worth your time than
not.
Fewer or more: <volume>

This mail goes to ada@example.org because that address was subscribed to new
arXiv papers on its interests.
Unsubscribe: <unsubscribe>
Search everything read so far: https://papers.example.org

Thank you to arXiv for use of its open access interoperability.
"""
    )


def test_the_page_says_the_same_as_the_plain_text() -> None:
    page = _Words(compose(make_issue(make_item(kind="cross", announced_on=date(2026, 11, 12)))).html)

    for part in (
        "Tuesday 17 November 1 of 48 new papers, chosen for you",
        "Very likely worth your time A study numbered 2611.00001 Ada Lind, Bo Okafor",
        "cross-list cs.IR · cs.CL · announced 12 Nov, reached us late It answers your question about pruning.",
        "The pruned index keeps most of the quality. 5 Results, page 7",
        "arXiv listed 48 papers for Tuesday 17 November; 48 are stored, 45 read in full. Reading 45",
        "This mail goes to ada@example.org because",
        "Thank you to arXiv for use of its open access interoperability.",
    ):
        assert part in page.text
    assert page.links[0] == "https://arxiv.org/abs/2611.00001"


def test_the_page_in_the_mail_is_the_page_for_the_browser() -> None:
    mail = compose(make_issue())

    arrived = message_from_bytes(mail.message.as_bytes(policy=policy.SMTP), policy=policy.SMTP)
    part = arrived.get_body(("html",))

    assert part is not None
    assert part.get_content().split() == mail.html.split()
    assert [one.get_content_type() for one in arrived.iter_parts()] == ["text/plain", "text/html"]


def test_the_same_issue_at_the_same_moment_is_the_same_message_to_the_byte() -> None:
    first, second = compose(make_issue()), compose(make_issue())

    assert first.message["Message-ID"] == second.message["Message-ID"]
    assert first.message.as_bytes() == second.message.as_bytes()


def test_markup_in_a_paper_is_text_in_the_mail() -> None:
    evil = '<script>alert(1)</script><img src=x onerror="alert(2)">'
    item = make_item(title=evil, authors=(evil,), categories=(evil,), why=evil, passage=Passage(evil, evil, 3))

    mail = compose(make_issue(item, email="a<b>@example.org"))

    page = _Words(mail.html)
    assert not {"script", "img", "b"} & set(page.tags)
    assert page.text.count(evil) >= 4
    assert evil in text_of(mail).replace("\n   ", " ")


def test_no_html_is_left_in_the_plain_text() -> None:
    text = text_of(compose(make_issue(make_item(title='Q&A for "R&D": it\'s <new>'))))

    assert '1. Q&A for "R&D": it\'s <new>\n' in text


def test_a_title_of_several_lines_is_one_line_and_no_header() -> None:
    mail = compose(make_issue(make_item(title="First line\r\nBcc: eve@example.org\n\nX: y")))

    assert mail.message["Subject"].endswith(": First line Bcc: eve@example.org X: y")
    assert mail.message["Bcc"] is None


def test_dark_mode_and_the_phone_s_layout_survive_the_inlining() -> None:
    html = compose(make_issue()).html

    assert "@media (prefers-color-scheme: dark)" in html
    assert "@media (max-width: 480px)" in html
    assert '<meta name="color-scheme" content="light dark">' in html
    assert html.index('<meta charset="utf-8">') < 1024  # the first kilobyte is where browsers look for it
    assert 'class="card" style="' in html


def test_nothing_is_fetched_when_the_mail_is_opened() -> None:
    page = _Words(compose(make_issue()).html)

    assert not {"img", "link", "script", "iframe", "object", "form"} & set(page.tags)
    assert "url(" not in compose(make_issue()).html


def test_the_unsubscribe_link_is_in_header_text_and_page_and_names_the_subscriber() -> None:
    mail = compose(make_issue(subscriber_id=41))

    link = mail.message["List-Unsubscribe"].split(">")[0].removeprefix("<")
    assert link in text_of(mail)
    assert link in _Words(mail.html).links
    assert read_unsubscribe(SECRET, link.removeprefix("https://papers.example.org/unsubscribe/")) == 41


def test_without_a_web_page_one_unsubscribes_by_mail() -> None:
    mail = compose(make_issue(), base_url="")

    assert "To unsubscribe, write to digest@example.org with the subject" in text_of(mail)
    assert _Words(mail.html).links[-1] == "mailto:digest@example.org?subject=unsubscribe"


def test_a_page_of_any_length_stays_below_the_size_at_which_mail_programs_cut() -> None:
    passage = Passage("Sixty characters of a passage that is quoted to its full end. " * 10, "5 Results", 7)
    items = [make_item(f"2611.{number:05}", passage=passage, why="Because. " * 40) for number in range(50)]

    html = compose(make_issue(*items)).html

    page = _Words(html)
    assert len(html.encode()) <= HTML_LIMIT_BYTES
    assert page.text.count("maybe") == 0
    assert all(f"https://arxiv.org/abs/2611.{number:05}" in page.links for number in range(50))


def test_the_last_passages_go_before_any_paper_goes() -> None:
    passage = Passage("Sixty characters of a passage that is quoted to its full end. " * 10, "5 Results", 7)
    items = [make_item(f"2611.{number:05}", passage=passage) for number in range(40)]

    mail = compose(make_issue(*items))

    quoted = [card.count("<blockquote") for card in mail.html.split('class="card"')[1:]]
    assert len(quoted) == 40
    assert 0 < sum(quoted) < 40
    assert quoted == sorted(quoted, reverse=True)
    assert "more on the web" not in _Words(mail.html).text
    assert text_of(mail).count("page 7") == 40


@pytest.mark.parametrize("base_url, where", [("https://papers.example.org", "on the web"), ("", "in the archive")])
def test_papers_that_do_not_fit_are_counted_and_linked(base_url: str, where: str) -> None:
    items = [make_item(f"2611.{number:05}", why="A long reason to read it. " * 80) for number in range(50)]

    mail = compose(make_issue(*items), base_url)

    page = _Words(mail.html)
    shown = mail.html.count('class="card"')
    assert 15 < shown < 50
    assert f"{50 - shown} more {where}" in page.text.replace(" :", ":")
    assert "https://arxiv.org/abs/2611.00049" in page.links
    assert len(mail.html.encode()) <= HTML_LIMIT_BYTES


def test_an_issue_without_papers_says_so() -> None:
    empty = Issue(7, "ada@example.org", DAY, (), 12, DaySummary(DAY, DayState.COMPLETE, 12, 12, 12))

    mail = compose(empty)

    assert mail.message["Subject"] == "No new papers for you, Tue 17 Nov"
    assert "Nothing new today was close enough to what you asked for." in text_of(mail)
    assert "Nothing new today was close enough to what you asked for." in _Words(mail.html).text
