"""Draws how search grows with the archive: `python growth_plot.py GROWTH.json PICTURE.png`.

GROWTH.json is what `autoreader bench index --growth` writes. Runs in the environment that `make search-peers` makes:
it imports matplotlib and the standard library alone.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any  # of JSON, and of matplotlib's objects

_PANELS = {
    "CPU-ms p50": "milliseconds of one core, a query",
    "MB in memory": "MB in memory, vectors' part",
    "build CPU-s": "CPU-seconds to build",
}


def main(growth: Path, picture: Path) -> None:
    """One panel a figure, both axes logarithmic; what is extrapolated is hollow and dashed."""
    import matplotlib as mpl  # type: ignore[import-not-found]  # in the peers' environment only

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    told = json.loads(growth.read_text(encoding="utf-8"))
    figure, panels = plt.subplots(1, len(_PANELS), figsize=(12, 3.8), layout="constrained")
    for panel, (metric, label) in zip(panels, _PANELS.items(), strict=True):
        _draw(panel, told, metric)
        panel.set(title=label, xscale="log", yscale="log", xlabel="vectors of 384 numbers")
        panel.margins(0.12)
        panel.grid(visible=True, which="major", alpha=0.3)
    panels[0].legend(frameon=False)
    figure.savefig(picture, dpi=110)


def _draw(panel: Any, told: dict[str, Any], metric: str) -> None:
    measured, beyond = told["measured"], told["extrapolated"]
    line = {"color": "#1f5f8b", "marker": "o"}
    panel.plot([one["rows"] for one in measured], [one[metric] for one in measured], label="measured", **line)
    onwards = [*measured[-1:], *beyond]
    places, values = [one["rows"] for one in onwards], [one[metric] for one in onwards]
    panel.plot(places, values, label="extrapolated", linestyle="--", markerfacecolor="white", zorder=1, **line)
    for one in (*measured, *beyond):
        panel.annotate(
            f"{one[metric]:.2g}" if one[metric] < 100 else f"{one[metric]:,.0f}",
            (one["rows"], one[metric]),
            xytext=(0, 7),
            textcoords="offset points",
            ha="center",
            fontsize=8,
        )


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
