"""What a paper's page shows of what was read: figures, tables, bibliography, and what reading took."""

from __future__ import annotations

import re

from starlette.testclient import TestClient

from tests.fakes.site import CLOSED, OPEN, Built


def test_the_teaser_stands_on_top_and_all_figures_in_their_section(client: TestClient) -> None:
    page = client.get(f"/paper/{OPEN.id}").text

    top, _, section = page.partition('<h2 id="figures">')
    assert "Memory taken by the two walks" in top
    assert "A logo." not in top
    assert [int(number) for number in re.findall(r'<figure class="float" id="f(\d)"', section)] == [1, 2, 3]


def test_a_figure_has_its_size_its_words_and_the_way_to_its_page(client: TestClient) -> None:
    page = client.get(f"/paper/{OPEN.id}").text

    shown = re.search(r'<a class="picture" href="([^"]+)"><img src="([^"]+)" ([^>]+)>', page.partition('id="f2"')[2])
    assert shown is not None
    assert shown[1] == f"/paper/{OPEN.id}/pages/3?figure=2#found"
    assert re.fullmatch(rf"/paper/{OPEN.id}/figures/2\.png\?v=[0-9a-f]{{20}}", shown[2])
    assert shown[3] == 'width="310" height="211" alt="Figure 2 on page 3" loading="lazy" decoding="async"'


def test_formulas_in_captions_are_set(client: TestClient) -> None:
    page = client.get(f"/paper/{OPEN.id}").text

    assert re.search(r"<b>Figure 2</b> Memory taken by the two walks, <math.+?</math> &amp; less", page)


def test_a_table_that_was_read_as_one_is_there_as_text_and_bare(client: TestClient) -> None:
    page = client.get(f"/paper/{OPEN.id}").text

    table = page[page.index("<table>") : page.index("</table>")]
    assert '<th scope="col">Method</th>' in table
    assert '<td rowspan="2">ours</td>' in table
    assert "<td><math" in table
    assert "<td>4 kB &lt; 1 MB</td>" in table
    assert not re.search(r"script|onclick|onerror|style|<img|colspan", table)


def test_others_read_the_captions_of_what_may_not_be_shown(client: TestClient) -> None:
    page = client.get(f"/paper/{CLOSED.id}").text

    assert "<img" not in page.partition("<main")[2]
    assert "Its licence does not allow this site to show them." in page
    assert "How labels were made." in page
    assert len(re.findall("It was dear", page)) < 20
    assert "/pages/" not in page


def test_the_owner_reads_the_whole_and_is_told_that_they_alone_do(owner: TestClient) -> None:
    page = owner.get(f"/paper/{CLOSED.id}").text

    assert "Nobody may copy this last sentence." in page
    assert f'<img src="/paper/{CLOSED.id}/figures/1.png' in page
    assert "Shown to you alone, in full and with its pictures" in page


def test_the_owner_is_told_nothing_of_the_sort_where_everybody_may_read(owner: TestClient) -> None:
    assert "Shown to you alone" not in owner.get(f"/paper/{OPEN.id}").text


def test_a_bibliography_links_to_where_each_entry_can_be_read(client: TestClient) -> None:
    page = client.get(f"/paper/{OPEN.id}").text
    entries = [entry.partition("</li>")[0] for entry in page.split('<li id="ref-')[1:]]

    assert "<h3>5 references</h3>" in page
    assert f'<a class="here" href="/paper/{CLOSED.id}">read it here</a>' in entries[0]
    assert "[1] B. Okafor. <cite>Ranking with few labels</cite>. 2026." in entries[0]
    assert "cited on pages 1 and 3" in entries[0]
    assert "read it here" not in entries[1]
    assert '<a href="https://arxiv.org/abs/2001.00001" rel="noreferrer">arXiv:2001.00001</a>' in entries[1]
    assert 'href="https://doi.org/10.1000/p_1%3Cx%3E"' in entries[2]
    assert "<a " not in entries[3]
    assert "&lt;b&gt;Mallory&lt;/b&gt;" in entries[3]
    assert 'href="https://example.org/data?a=1&amp;b=2" rel="noreferrer nofollow">link</a>' in entries[4]


def test_a_paper_names_those_here_that_cite_it(client: TestClient) -> None:
    page = client.get(f"/paper/{OPEN.id}").text

    section = page.partition('<h2 id="citing">Cited here by</h2>')[2].partition("</section>")[0]
    assert f'<a class="title" href="/paper/{CLOSED.id}">Ranking with few labels</a>' in section


def test_a_paper_says_who_read_it_what_is_missing_and_what_it_cost(client: TestClient) -> None:
    page = client.get(f"/paper/{OPEN.id}").text

    section = " ".join(
        re.sub(r"<[^>]+>", " ", page.partition('<h2 id="effort">')[2].partition("</section>")[0]).split()
    )
    assert section == (
        "What reading it took 2.4 s in all, $0.03. "
        "Pages 1–3, 5–6 and 8–9 the text in the PDF its text is good "  # noqa: RUF001 - en dashes are meant
        "Page 4 Surya, on a GPU a tenth of it is mathematics "
        "Page 7 the text in the PDF no text, but no GPU "
        "Page 7, not complete the endpoint refused it"
    )


def test_what_cost_nothing_says_so(client: TestClient) -> None:
    assert "500 ms in all, no cost." in client.get(f"/paper/{CLOSED.id}").text


def test_a_document_whose_file_is_gone_takes_nothing_else_with_it(client: TestClient, built: Built) -> None:
    with built.store.read() as work:
        stored = next(iter(work.reading.documents_of([OPEN.id]).values()))
    built.blobs.path(stored.blob_sha256).unlink()

    answer = client.get(f"/paper/{OPEN.id}")

    assert answer.status_code == 200
    assert "Memory taken by the two walks" in answer.text
    assert "What reading it took" not in answer.text


def test_a_hit_leads_to_its_page_where_that_may_be_shown(client: TestClient, built: Built) -> None:
    page = client.get("/?q=memory").text
    passage = built.chunk_ids[OPEN.id, 3]

    assert f'<a href="/paper/{OPEN.id}/pages/4?p={passage}&amp;q=memory#found">see it on its page</a>' in page
    assert page.count("see it on its page") == 1  # not of the abstract, which is on no page
    assert "see it on its page" not in client.get("/?q=labels").text


def test_the_owners_hits_lead_to_pages_all(owner: TestClient) -> None:
    assert "see it on its page" in owner.get("/?q=labels").text


def test_the_days_say_how_many_pages_were_read_and_at_what_cost(client: TestClient) -> None:
    days, day = client.get("/days").text, client.get("/day/2026-11-17").text

    assert re.search(r'<td class="figure">13</td>\s*<td class="figure">\$0\.03</td>', days)
    assert "<b>13</b> pages" in day
    assert "<b>$0.03</b> for reading them" in day
