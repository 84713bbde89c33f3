"""`eval rank` and `bench rank`: how well and how fast a day is ordered for its readers."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated

import typer

from flows.console import JsonFlag, print_json, print_text, progress_bars


def eval_rank(
    data: Annotated[
        Path,
        typer.Argument(
            help="JSON lines of curated lists or of labelled requests, plain or .gz; or a folder with such a file."
        ),
    ],
    *,
    papers: Annotated[
        Path | None,
        typer.Option(
            "--papers", help="JSON lines of papers; default: ../stream/papers.jsonl.gz beside lists, else the store."
        ),
    ] = None,
    interests: Annotated[
        Path | None, typer.Option("--interests", help="What readers say they want: TOML or JSON, texts by name.")
    ] = None,
    home: Annotated[
        Path | None, typer.Option("--home", help="Keeps the vectors here; default: they are made anew each time.")
    ] = None,
    days: Annotated[int, typer.Option("--days", min=0, help="At most so many days a list, spread evenly; 0: all.")] = 0,
    cached_only: Annotated[
        bool, typer.Option("--cached-only", help="Only days whose vectors are all in --home.")
    ] = False,
    general: Annotated[
        list[str] | None, typer.Option("--general", help="A list without a topic, beside those whose name says so.")
    ] = None,
    only: Annotated[
        list[str] | None, typer.Option("--only", help="A method to be compared, e.g. autoreader; default: all.")
    ] = None,
    cold_start: Annotated[bool, typer.Option("--cold-start", help="From no like to twenty.")] = False,
    calibration: Annotated[bool, typer.Option("--calibration", help="What probabilities come true.")] = False,
    merged: Annotated[bool, typer.Option("--merged", help="Lists put together as one reader too.")] = False,
    ablation: Annotated[bool, typer.Option("--ablation", help="What each part of the ranker adds.")] = False,
    plot: Annotated[Path | None, typer.Option("--plot", help="A folder for pictures (needs matplotlib).")] = None,
    as_json: JsonFlag = False,
) -> None:
    """How well papers are ordered for readers whose choices are known, beside six other ways to do it.

    A line of DATA is a curated list {list, saves: [{id, added}]}: its older saves are the profile, and each later day
    of PAPERS ({id, title, authors, abstract, first_listed}) is ranked for what it saved of it. Or it is a request as
    `rank --requests` takes it {user, likes, interests, negatives, dislikes, authors, candidates} with `relevant`, a
    list of ids, or `ratings`, grades by id; its papers ({id, title, abstract}, ids of any kind) come from PAPERS or
    the store.

    Figures are means over readers with 95 % bootstrap intervals over readers. Of ratings it is the weight of pairs in
    the wrong order, of that of all pairs.
    """
    from flows.evaluation.rank_evaluation import RankParts, evaluate_ranking
    from flows.evaluation.rank_reading import RankSource, find_readers, read_interests
    from flows.evaluation.rank_rows import as_text, rows_json
    from flows.evaluation.text_vectors import TextVectors
    from index import open_encoder
    from pipeline.config import IndexSettings
    from rerank import open_ablated

    said = read_interests(interests) if interests is not None else {}
    source = RankSource(find_readers(data), papers, days, tuple(general or ()), cached_only)
    parts = RankParts(
        said,
        tuple(only or ()),
        ablated=open_ablated if ablation else None,
        cold_start=cold_start,
        calibration=calibration,
        merged=merged,
        plot=plot,
    )
    encoder = open_encoder(IndexSettings(), "title. text")
    with tempfile.TemporaryDirectory() as scratch, progress_bars() as progress:
        rows = evaluate_ranking(source, parts, TextVectors(home or Path(scratch), encoder, progress), encoder, progress)
    if as_json:
        print_json(rows_json(rows))
    else:
        print_text(as_text(rows))


def bench_rank(
    *,
    subscribers: Annotated[int, typer.Option("--subscribers", min=1, help="Each with interests of their own.")] = 1000,
    papers: Annotated[int, typer.Option("--papers", min=1, help="Of the day.")] = 2300,
    passages: Annotated[int, typer.Option("--passages", min=1, help="Of a paper.")] = 20,
    sample: Annotated[int, typer.Option("--sample", min=20, help="Papers from which a taste is learnt.")] = 4000,
    as_json: JsonFlag = False,
) -> None:
    """How fast a day is judged for many subscribers, all papers for each, and how long learning from one's likes takes.

    Judged is before sentences are sought and reasons written, which only the papers of a digest get.

    Vectors and texts are drawn: no model and no store takes part.
    """
    from flows.evaluation.rank_speed import DrawnEncoder, RankBench
    from flows.evaluation.tables import as_text, rows_json
    from rerank.hybrid import HybridRanker

    with progress_bars() as progress:
        bench = RankBench(subscribers, papers, passages, sample)
        rows = list(bench.rows(lambda: HybridRanker(DrawnEncoder()), progress))
    if as_json:
        print_json(rows_json(rows))
    else:
        print_text(as_text(rows))
