"""The stages of a day as plain functions over ports.

harvest -> download -> read -> pages -> chunk -> embed -> index -> rank -> compose -> send

Each asks the store what is still to do, does it, and records it item by item or batch by batch; so each can be
run again alone, and a run that was killed goes on where it stopped. None of them knows the others.
"""

from pipeline.stages.budget import PageLimits, Purse, amount_of, purse_of
from pipeline.stages.chunking import chunk_papers
from pipeline.stages.compose import compose_issues
from pipeline.stages.context import Progress, StageContext, no_progress
from pipeline.stages.download import download_papers
from pipeline.stages.embed import EMBEDDED_AS, Coverage, contract_to_serve, coverage_of, embed_chunks
from pipeline.stages.engine_run import EngineReport
from pipeline.stages.harvest import HarvestReport, HarvestRequest, harvest_day
from pipeline.stages.index import build_index
from pipeline.stages.pages import ENGINE_ORDER, PagesReport, place_pages, read_pages, recall_pages
from pipeline.stages.rank import RankTools, rank_subscribers
from pipeline.stages.read import read_papers
from pipeline.stages.routes import PageEngines, routed, standing
from pipeline.stages.send import Sender, SendReport, send_outbox
from pipeline.stages.wanted import wanted_papers

__all__ = [
    "EMBEDDED_AS",
    "ENGINE_ORDER",
    "Coverage",
    "EngineReport",
    "HarvestReport",
    "HarvestRequest",
    "PageEngines",
    "PageLimits",
    "PagesReport",
    "Progress",
    "Purse",
    "RankTools",
    "SendReport",
    "Sender",
    "StageContext",
    "amount_of",
    "build_index",
    "chunk_papers",
    "compose_issues",
    "contract_to_serve",
    "coverage_of",
    "download_papers",
    "embed_chunks",
    "harvest_day",
    "no_progress",
    "place_pages",
    "purse_of",
    "rank_subscribers",
    "read_pages",
    "read_papers",
    "recall_pages",
    "routed",
    "send_outbox",
    "standing",
    "wanted_papers",
]
