"""Reads a page in two steps, its layout and then block by block: slower, and no loop spoils more than one block."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from ocr.surya.answers import BadAnswerError, Found, Place, checked, cut_out, read_layout
from ocr.surya.asking import Asking
from ocr.surya.contract import Contract, Picture
from ocr.surya.requests import GREEDY, WARM, Requests
from pipeline.errors import OcrRejectedError

_USUAL, _SHARPEST = 1.0, 2.0  # times the resolution of the settings: the layout's and, as in the package, the blocks'
_MOST_UNREAD = 0.5  # of the blocks


class BlockReader:
    """Reads one page that way."""

    def __init__(self, asking: Asking, requests: Requests) -> None:
        self._asking = asking
        self._requests = requests
        self._contract: Contract = requests.contract

    def read(self) -> tuple[list[Found], Picture, str]:
        """The blocks, the picture they were seen in, and which of them could not be read (empty for none).

        Raises BadAnswerError where the layout or more than half of the blocks are no use, and as Asking.
        """
        answer, picture = self._asking.ask_of_page(
            _USUAL, lambda picture: self._requests.layout(picture, GREEDY), is_kept=False
        )
        places = read_layout(checked(answer, self._contract), picture, self._contract)
        sharp = self._asking.draw(_SHARPEST)
        read = [(place, self._block(place, sharp)) for place in places]
        lost = [place for place, html in read if html is None]
        readable = [place for place in places if place.label not in self._contract.unread]
        if len(lost) > _MOST_UNREAD * len(readable):
            raise BadAnswerError(f"of {len(readable)} blocks, {len(lost)} could not be read")
        found = [Found(place.label, place.box, html) for place, html in read if html is not None]
        return found, picture, _describe(lost, len(readable))

    def _block(self, place: Place, sharp: Picture) -> str | None:
        """One block's HTML, empty for what holds no text; None where no answer was of use."""
        if place.label in self._contract.unread:
            return ""
        picture = cut_out(sharp, place.box, self._contract)
        for sampling in (GREEDY, WARM):
            body = self._requests.block(picture, place.count, sampling)
            try:
                return self._contract.clean_block(checked(self._asking.ask(body, is_kept=False), self._contract))
            except (BadAnswerError, OcrRejectedError):
                continue
        return None


def _describe(lost: Sequence[Place], of: int) -> str:
    kinds = ", ".join(f"{count} {label}" for label, count in Counter(place.label for place in lost).items())
    return f"{len(lost)} of {of} blocks could not be read: {kinds}" if lost else ""
