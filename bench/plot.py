"""The figures as a picture: `plot.py results.json picture.svg`. The same figures, the same bytes."""

import json
import sys
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("svg")
# Nothing of the day, the machine or chance in it; text stays text, in the reader's own font.
matplotlib.rcParams.update({"svg.hashsalt": "countersign", "svg.fonttype": "none", "font.family": "sans-serif"})

from matplotlib import pyplot as plt  # noqa: E402, after the backend

NAMES = {"postgres": "PostgreSQL", "sqlite": "SQLite"}
COLOURS = {1: "#9ecae1", 32: "#3182bd", 256: "#08306b"}
LIMITS = {"pgbench_per_second": ("|", "pgbench, the same statement"), "bare_per_second": ("x", "a bare handler")}


def draw(result: dict[str, Any], path: Path) -> None:
    kinds = [kind for kind in NAMES if any(row["database"] == kind for row in result["rows"])]
    figure, axes = plt.subplots(1, len(kinds), figsize=(4.6 * len(kinds), 3.8), sharex=True, squeeze=False)
    for axis, kind in zip(axes[0], kinds, strict=True):
        panel(axis, kind, [row for row in result["rows"] if row["database"] == kind])
    handles = {
        label: handle for axis in axes[0] for handle, label in zip(*axis.get_legend_handles_labels(), strict=True)
    }
    labels = sorted(handles, key=lambda label: not label.startswith("at "))
    figure.legend(
        [handles[label] for label in labels], labels, loc="lower center", ncols=len(labels), frameon=False, fontsize=8
    )
    on, version = result["machine"], result["versions"]["countersign"]
    figure.suptitle(
        f"Requests per second at so many connections; {on['cores']} cores for load, server and database ({version})",
        fontsize=10,
    )
    figure.tight_layout(rect=(0, 0.06, 1, 1))
    figure.savefig(path, facecolor="white", metadata={"Date": None, "Creator": None})


def panel(axis: Any, kind: str, rows: list[dict[str, Any]]) -> None:
    """Dots, as on a scale of powers of ten the length of a bar would say nothing."""
    workloads = list(dict.fromkeys(row["workload"] for row in rows))
    for row in rows:
        connections = row["connections"]
        height = -workloads.index(row["workload"]) + {1: 0.22, 32: 0.0, 256: -0.22}.get(connections, 0.0)
        colour = COLOURS.get(connections, "#444444")
        axis.plot(row["per_second"], height, "o", color=colour, label=f"at {connections}", markersize=6)
        for limit, (mark, label) in LIMITS.items():
            if row[limit]:
                axis.plot(row[limit], height, mark, color=colour, label=label, markersize=7)
    axis.set_xscale("log")
    axis.xaxis.set_major_formatter("{x:,.0f}")
    axis.set_yticks([-at for at in range(len(workloads))], workloads)
    axis.set_title(NAMES[kind], fontsize=10)
    axis.grid(axis="x", which="both", color="#e5e5e5", linewidth=0.6)
    axis.set_axisbelow(True)
    for side in ("top", "right", "left"):
        axis.spines[side].set_visible(False)
    axis.tick_params(length=0, labelsize=8)


if __name__ == "__main__":
    draw(json.loads(Path(sys.argv[1]).read_text()), Path(sys.argv[2]))
