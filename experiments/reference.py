"""Run an experiment, compare it, and keep the small part of its report under ``results/reference/``.

    uv run python experiments/reference.py headline budget

The whole report, with one HTML page and figures as SVG, is in ``results/NAME/report`` then. What is committed is its
text, its tables but the longest, and its figures as PNG with few colours.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path

from PIL import Image

from govsim import run_study
from govsim.compare import compare

RESULTS = Path(__file__).resolve().parents[1] / "results"
TOO_LONG = 100_000
"""Bytes of a table that is left out."""

COLOURS = 64


def progress(done: int, total: int) -> None:
    """Runs done, on one line of a terminal."""
    if sys.stderr.isatty():
        print(f"\r{done:,} of {total:,} runs", end="", file=sys.stderr, flush=True)


def keep(report: Path, kept: Path) -> None:
    """Copy the small part of a report to a folder, in place of what was there."""
    shutil.rmtree(kept, ignore_errors=True)
    for folder in ("tables", "figures"):
        (kept / folder).mkdir(parents=True)
    shutil.copy(report / "report.md", kept)
    for table in report.glob("tables/*.csv"):
        if table.stat().st_size <= TOO_LONG:
            shutil.copy(table, kept / "tables")
    for figure in report.glob("figures/*.png"):
        with Image.open(figure) as image:
            small = image.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
            small.save(kept / "figures" / figure.name, optimize=True)


def main() -> None:
    """Run, compare and keep each experiment that is named."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("experiments", nargs="+", help="names of experiments (govsim list experiments)")
    parser.add_argument("--jobs", type=int, default=-1, help="processes (default: one a core)")
    asked = parser.parse_args()
    for name in asked.experiments:
        out = RESULTS / name
        study = run_study(f"experiment={name}", f"out={out}", f"jobs={asked.jobs}", progress=progress)
        comparison = compare(study)
        keep(comparison.write(out), RESULTS / "reference" / name)
        print(f"\n{comparison.text()}")


if __name__ == "__main__":
    main()
