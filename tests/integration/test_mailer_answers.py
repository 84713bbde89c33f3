"""What a digest says of its reasons, and the links by which it is answered."""

from __future__ import annotations

import re

import pytest
from pydantic import SecretStr

from mailer import Tap, TapLink, open_composer, read_tap
from mailer.composer import HTML_LIMIT_BYTES
from pipeline.config import MailSettings, WebSettings
from pipeline.digest import Issue, Mention, Part, Passage
from pipeline.ports import ComposedMail
from pipeline.subscriber import Volume
from tests.fakes.issues import FixedClock, make_issue, make_item

SECRET = "s" * 32
PARTS = (
    Part("citations", 0.4, "cites two of them"),
    Part("interest", 2.1, 'matches "pruning"'),
    Part("moon", -0.9, "was written at full moon"),
    Part("category", 0.1, "is in cs.IR"),
)
SENT = MailSettings(smtp_url=SecretStr("smtp://mail.example.org"))
SITE = WebSettings(base_url="https://example.org/papers/")


def compose(issue: Issue, mail: MailSettings = SENT, web: WebSettings = SITE) -> ComposedMail:
    return open_composer(mail, web, SECRET, FixedClock()).compose(issue)


def text_of(mail: ComposedMail) -> str:
    body = mail.message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def words_of(page: str) -> str:
    """The page's visible words."""
    return " ".join(re.sub(r"<[^>]+>", " ", page[page.index("</head>") :]).split())


def links_to(page: str, folder: str) -> list[TapLink]:
    """What the links of a mail say that lead to a folder of the site."""
    tokens = re.findall(rf"https://example.org/papers/{folder}/([\w.-]+)", page)
    return [read_tap(SECRET, token) for token in tokens]


def test_each_paper_has_its_taps_in_page_and_text() -> None:
    mail = compose(make_issue(make_item(), make_item("hep-th/9901001"), subscriber_id=41))

    for part in (mail.html, text_of(mail)):
        assert links_to(part, "tap") == [
            TapLink(41, tap, paper_id)
            for paper_id in ("2611.00001", "hep-th/9901001")
            for tap in (Tap.MORE, Tap.LESS, Tap.SAVE)
        ]
        assert links_to(part, "never") == [
            TapLink(41, Tap.NEVER, "2611.00001"),
            TapLink(41, Tap.NEVER, "hep-th/9901001"),
        ]
        assert links_to(part, "volume") == [TapLink(41, Tap.VOLUME)]


def test_no_link_holds_the_reader_s_address() -> None:
    mail = compose(make_issue())

    links = re.findall(r'https?://[^\s"<>]+', mail.html + text_of(mail))
    assert links
    assert not [link for link in links if "ada" in link or "@" in link]


def test_a_mail_that_is_sent_without_a_web_page_has_no_taps() -> None:
    mail = compose(make_issue(), web=WebSettings())

    assert "More like this" not in mail.html + text_of(mail)
    assert "Fewer or more" not in mail.html + text_of(mail)
    for part in (words_of(mail.html), " ".join(text_of(mail).split())):
        assert "Whoever runs this changes that with: autoreader profile ada@example.org --volume few;" in part


@pytest.mark.parametrize(
    "host, address",
    [
        ("127.0.0.1", "http://127.0.0.1:8421"),
        ("0.0.0.0", "http://127.0.0.1:8421"),  # noqa: S104 (nothing is bound here)
        ("::1", "http://[::1]:8421"),
    ],
)
def test_a_mail_that_stays_on_this_machine_leads_to_its_page(host: str, address: str) -> None:
    mail = compose(make_issue(), MailSettings(), WebSettings(host=host))

    assert f'href="{address}/tap/' in mail.html
    assert f"More like this: {address}/tap/" in text_of(mail)


def test_the_parts_of_a_score_are_told_in_words_the_weightiest_first() -> None:
    mail = compose(make_issue(make_item(parts=PARTS)))

    told = "For it: your interest (strongly); what it cites (a little). Against it: was written at full moon (clearly)."
    assert told in words_of(mail.html)
    assert told in " ".join(text_of(mail).split())


@pytest.mark.parametrize("parts", [(), (Part("words", 0.1, "has its words"), Part("likes", -0.1, "is far"))])
def test_parts_that_hardly_count_are_not_told(parts: tuple[Part, ...]) -> None:
    assert "For it" not in words_of(compose(make_issue(make_item(parts=parts))).html)


def test_the_liked_papers_it_resembles_are_named_unless_the_sentence_names_them() -> None:
    like = (
        Mention("2501.00001", "On $n^2$ walks"),
        Mention("2501.00002", 'On "big" $T$ trees'),
        Mention("2501.00003", ""),
    )
    why = "Similar to \"On 'big' T trees\", which you liked."

    mail = compose(make_issue(make_item(like=like, why=why)))

    assert "Close to On n² walks and arXiv:2501.00003 , which you liked." in words_of(mail.html)
    assert 'href="https://arxiv.org/abs/2501.00001"' in mail.html
    assert 'Close to "On n² walks" (2501.00001), which you liked.' in text_of(mail)


def test_near_repetitions_stand_under_the_paper_they_repeat() -> None:
    mail = compose(make_issue(make_item(also=(Mention("2611.00007", "The same again"),))))

    assert "Also, nearly the same: The same again (2611.00007)" in words_of(mail.html)
    assert 'Also, nearly the same: "The same again" (2611.00007).' in text_of(mail)


@pytest.mark.parametrize(
    "web, told", [(SITE, "border of what you like: tell me"), (WebSettings(), "border of what you like")]
)
def test_an_exploration_is_marked_as_the_guess_it_is(web: WebSettings, told: str) -> None:
    mail = compose(make_issue(make_item(is_exploration=True, probability=0.45)), web=web)

    assert f"A guess at the {told} A study" in words_of(mail.html)
    assert f"a guess at the {told}\n" in text_of(mail)
    assert "worth your time A study" not in words_of(mail.html)


@pytest.mark.parametrize(
    "volume, told",
    [
        (Volume.FEW, "You get few papers: only those that are surest to be worth your time."),
        (Volume.NORMAL, "You get the normal amount: papers that are more likely worth your time than not."),
        (Volume.MANY, "You get many papers: also those that only may be worth your time."),
    ],
)
def test_the_foot_says_how_much_is_asked_for(volume: Volume, told: str) -> None:
    mail = compose(make_issue(volume=volume))

    assert f"{told} Fewer or more" in words_of(mail.html)
    assert told in " ".join(text_of(mail).split())


def test_markup_in_reasons_is_text() -> None:
    evil = '<script>alert(1)</script><img src=x onerror="alert(2)">'
    kin = (Mention("2501.00001", evil),)
    item = make_item(parts=(Part(evil, 1.0, evil),), like=kin, also=kin)

    page = compose(make_issue(item)).html

    assert "<script" not in page
    assert "<img" not in page


def test_twelve_papers_with_all_there_is_to_say_leave_a_third_of_the_room_free() -> None:
    passage = Passage("Sixty characters of a passage that is quoted to its full end. " * 10, "5 Results", 7)
    mentions = tuple(Mention(f"2501.{number:05}", "A title of middling length, told in full") for number in range(3))
    items = [
        make_item(f"2611.{number:05}", passage=passage, why="Because. " * 20, parts=PARTS, like=mentions, also=mentions)
        for number in range(12)
    ]

    page = compose(make_issue(*items)).html

    assert page.count("<blockquote") == 12
    assert len(page.encode()) < HTML_LIMIT_BYTES * 2 / 3
