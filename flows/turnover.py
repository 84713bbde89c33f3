"""Changing the embedding model: the old one serves until the new one has embedded as much."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from flows.wiring import Parts
from pipeline.document import EmbeddingContract
from pipeline.errors import IndexStateError
from pipeline.ports import Encoder
from pipeline.stages import Coverage, contract_to_serve, coverage_of

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Turnover:
    """A change of models under way: what serves, what follows it, and how far that has come."""

    live: EmbeddingContract
    wanted: EmbeddingContract
    coverage: Coverage  # of the wanted one

    def __str__(self) -> str:
        return (
            f"{self.live.model} serves until {self.wanted.model} covers as much: "
            f"{self.coverage.embedded} of {self.coverage.chunks} passages are embedded with it"
        )


def view_turnover(parts: Parts) -> Turnover | None:
    """The change that is under way; None where the model that is set serves, or may do so from the next index on."""
    from index import live_contract

    wanted, live = parts.encoder.contract, live_contract(parts.home.index)
    if live is None or contract_to_serve(wanted, live, lambda key: coverage_of(parts.context, key)) == wanted:
        return None
    return Turnover(live, wanted, coverage_of(parts.context, wanted.key))


def contract_to_build(parts: Parts) -> EmbeddingContract:
    """The contract of which the next generation is built."""
    turnover = view_turnover(parts)
    return turnover.live if turnover else parts.encoder.contract


def encoder_to_follow(parts: Parts) -> Encoder | None:
    """The old model, while it serves, so that new papers are found by meaning meanwhile; None where there is none.

    Where it is no longer on this machine, they are found by their words until the new one takes over.
    """
    turnover = view_turnover(parts)
    if turnover is None:
        return None
    logger.info("%s", turnover)
    try:
        return parts.encoders.for_contract(turnover.live)
    except IndexStateError as error:
        logger.warning("new papers are found by their words alone for now: %s", error)
        return None
