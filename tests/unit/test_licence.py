from __future__ import annotations

import pytest

from pipeline.licence import (
    Audience,
    Licence,
    Shown,
    audience_of_mail,
    audience_of_site,
    licence_of,
    may_show,
)

# Every licence arXiv offers or ever offered (https://info.arxiv.org/help/license), as its records write them.
FREE = (
    "http://creativecommons.org/licenses/by/4.0/",
    "http://creativecommons.org/licenses/by/3.0/",
    "http://creativecommons.org/licenses/by-sa/4.0/",
    "http://creativecommons.org/publicdomain/zero/1.0/",
    "http://creativecommons.org/licenses/publicdomain/",
)
NOT_FREE = (
    "http://arxiv.org/licenses/nonexclusive-distrib/1.0/",
    "http://arxiv.org/licenses/assumed-1991-2003/",
    "http://creativecommons.org/licenses/by-nc-sa/3.0/",
    "http://creativecommons.org/licenses/by-nc-sa/4.0/",
    "http://creativecommons.org/licenses/by-nc-nd/4.0/",
)
NONE = (
    "",
    " ",
    "unknown",
    "CC BY 4.0",
    "javascript:alert(1)",
    "http://creativecommons.org/licenses/by/",
    "http://creativecommons.org/licenses/by-free/4.0/",
    "http://creativecommons.org/licenses/by/4.0-not/",
    "https://creativecommons.org.evil.example/licenses/by/4.0/",
    "https://evil.example/http://creativecommons.org/licenses/by/4.0/",
    "https://creativecommons.org@evil.example/licenses/by/4.0/",
    "https://creativecommons.org:99999/licenses/by/4.0/",
    "http://[creativecommons.org/licenses/by/4.0/",
)


@pytest.mark.parametrize("what", [Shown.TEXT, Shown.PICTURE])
@pytest.mark.parametrize("url", FREE)
def test_a_licence_that_allows_redistribution_lets_everybody_see_it(url: str, what: Shown) -> None:
    assert may_show(url, what, Audience.PUBLIC)


@pytest.mark.parametrize("what", [Shown.TEXT, Shown.PICTURE])
@pytest.mark.parametrize("url", [*NOT_FREE, *NONE])
def test_any_other_licence_and_none_keeps_it_from_others(url: str, what: Shown) -> None:
    assert not may_show(url, what, Audience.PUBLIC)


@pytest.mark.parametrize("what", list(Shown))
@pytest.mark.parametrize("url", [*FREE, *NOT_FREE, *NONE])
def test_the_owner_sees_everything(url: str, what: Shown) -> None:
    assert may_show(url, what, Audience.OWNER)


@pytest.mark.parametrize("url", [*FREE, *NOT_FREE, *NONE])
def test_a_short_quotation_is_always_fine(url: str) -> None:
    assert may_show(url, Shown.QUOTATION, Audience.PUBLIC)


@pytest.mark.parametrize("url", [*FREE, *NOT_FREE])
def test_scheme_case_and_a_missing_slash_at_the_end_change_nothing(url: str) -> None:
    variants = (url.replace("http:", "https:"), url.rstrip("/"), url.upper(), f" {url}\n", f"{url}deed.de")

    assert {may_show(one, Shown.PICTURE, Audience.PUBLIC) for one in variants} == {url in FREE}


def test_licences_have_names_and_words() -> None:
    assert licence_of("https://creativecommons.org/licenses/by-sa/4.0") == Licence(
        "CC BY-SA 4.0",
        "you may share and adapt it under the same licence, with attribution",
        "https://creativecommons.org/licenses/by-sa/4.0",
    )
    names = [licence_of(url).name for url in (*FREE[-2:], *NOT_FREE)]
    assert names == [
        *("CC0 1.0", "public domain", "arXiv licence", "arXiv licence"),
        *("CC BY-NC-SA 3.0", "CC BY-NC-SA 4.0", "CC BY-NC-ND 4.0"),
    ]


@pytest.mark.parametrize("url", NONE)
def test_what_is_no_known_licence_is_not_linked_to(url: str) -> None:
    assert licence_of(url) == Licence("no licence on record", "all rights stay with the authors")


@pytest.mark.parametrize(
    "host, base_url, audience",
    [
        ("127.0.0.1", "", Audience.OWNER),
        ("localhost", "", Audience.OWNER),
        ("::1", "", Audience.OWNER),
        ("127.0.0.1", "https://papers.example.org", Audience.PUBLIC),
        ("0.0.0.0", "", Audience.PUBLIC),  # noqa: S104 - the point of the test
        ("::", "", Audience.PUBLIC),
        ("192.168.1.5", "", Audience.PUBLIC),
        ("localhost.example.org", "", Audience.PUBLIC),
        ("", "", Audience.PUBLIC),
    ],
)
def test_a_page_that_only_this_machine_reaches_is_its_owners(host: str, base_url: str, audience: Audience) -> None:
    assert audience_of_site(host, base_url) is audience


@pytest.mark.parametrize(
    "recipient, owner, audience",
    [
        ("ada@example.org", "ada@example.org", Audience.OWNER),
        ("Ada@Example.org", "Ada Lind <ada@example.org>", Audience.OWNER),
        ("bo@example.org", "ada@example.org", Audience.PUBLIC),
        ("ada@example.org", "", Audience.PUBLIC),
        ("", "", Audience.PUBLIC),
    ],
)
def test_a_mail_is_the_owners_where_it_goes_to_the_contact(recipient: str, owner: str, audience: Audience) -> None:
    assert audience_of_mail(recipient, owner) is audience
