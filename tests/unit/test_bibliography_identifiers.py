import pytest

from ocr.bibliography.identifiers import Identifiers, identifiers_of_url, take_identifiers


@pytest.mark.parametrize(
    "printed,doi",
    [
        ("doi:10.1234/abc.567.", "10.1234/abc.567"),
        ("https://doi.org/10.1234/Abc-9", "10.1234/abc-9"),
        ("https://doi.org/ 10.1234/zen.77", "10.1234/zen.77"),
        ("https: //doi.org/10.1234/77", "10.1234/77"),
        ("https://doi.org/10. 1234/x.2018.09.004", "10.1234/x.2018.09.004"),
        ("10.1234/ zen.7463", "10.1234/zen.7463"),
        ("doi:10.1234/RevD. 106.034504, more", "10.1234/revd.106.034504"),
        ("doi:10.1234/JX.2021. 3065877.", "10.1234/jx.2021.3065877"),
        ("doi 10.1234/S0022-1694(02) 00164-6.", "10.1234/s0022-1694(02)00164-6"),
        ("10.1002/(SICI)1097-0258(19980815/30)17:15/16<1661::AID-X968>3.0.CO;2-2.",
         "10.1002/(sici)1097-0258(19980815/30)17:15/16<1661::aid-x968>3.0.co;2-2"),
        ("(doi:10.1234/JH06(2010)043)", "10.1234/jh06(2010)043"),
        ("doi:10.1234/RevD.85.094025. 2012.", "10.1234/revd.85.094025"),
        ("doi:10.1234/141000671. 11see the site", "10.1234/141000671"),
        ("doi:10.1234/abc,arXiv:1401.0001", "10.1234/abc"),
        ("pages 10.12 to 14", ""),
    ],
)  # fmt: skip
def test_a_doi_is_found_whole_also_where_a_line_end_tore_it(printed: str, doi: str) -> None:
    assert take_identifiers(printed)[0].doi == doi


@pytest.mark.parametrize(
    "printed,arxiv_id",
    [
        ("arXiv preprint arXiv:2401.12345v2, 2024", "2401.12345"),
        ("CoRR, abs/1810.07951, 2018", "1810.07951"),
        ("[hep-lat/0201010]", "hep-lat/0201010"),
        ("[arXiv:hep -th/0312052]", "hep-th/0312052"),
        ("math.KT/0407054", "math/0407054"),
        ("( Preprint 1402. 1517)", "1402.1517"),
        ("http://arxiv.org/abs/1808. 01876", "1808.01876"),
        ("https://arxiv.org/pdf/2103.00020.pdf", "2103.00020"),
        ("arXiv:1105.0630 [hep-th]", "1105.0630"),
        ("doi:10.48550/arXiv.2306.00001", "2306.00001"),
        ("URL https://doi.org/10.48550/arX iv.2408.15664.", "2408.15664"),
        ("pp. 1313.15001", ""),
    ],
)
def test_an_arxiv_identifier_is_found_in_all_its_forms(printed: str, arxiv_id: str) -> None:
    assert take_identifiers(printed)[0].arxiv_id == arxiv_id


@pytest.mark.parametrize(
    "printed,url",
    [
        ("URL: https://harbour. example.org/a/.", "https://harbour.example.org/a/"),
        ("https://example.org/course/ deep-reading-course/", "https://example.org/course/deep-reading-course/"),
        ("https://example.org/ Accessed in May", "https://example.org/"),
        ("https://example.org/code; GitHub.", "https://example.org/code"),
        ("(http://www.example.org/a_(b))", "http://www.example.org/a_(b)"),
    ],
)
def test_an_address_is_found_whole_and_without_what_follows(printed: str, url: str) -> None:
    assert take_identifiers(printed)[0].url == url


def test_the_rest_of_the_text_keeps_no_identifier() -> None:
    _, rest = take_identifiers("Lind, A. Title. doi:10.1234/abc https://example.org/x")

    assert "10.1234" not in rest
    assert "example" not in rest
    assert rest.startswith("Lind, A. Title.")


@pytest.mark.parametrize(
    "url,expected",
    [
        ("https://doi.org/10.1234%2Fabc", Identifiers(doi="10.1234/abc")),
        ("https://link.example.org/doi/10.1234/Abc.1", Identifiers(doi="10.1234/abc.1")),
        ("http://arxiv.org/abs/hep-th/9901001v3", Identifiers(arxiv_id="hep-th/9901001")),
        ("https://example.org/paper", Identifiers(url="https://example.org/paper")),
        ("mailto:lind@example.org", Identifiers()),
    ],
)
def test_a_link_tells_what_it_points_to(url: str, expected: Identifiers) -> None:
    assert identifiers_of_url(url) == expected
