"""The golden run: a small city whose every number is kept, so that no change of results goes unnoticed.

After a change that is meant to change results, write what it changes under a heading "Changes results" of
CHANGELOG.md and name that entry::

    uv run python -m tests.golden.refresh "First calibrated week."
"""

from __future__ import annotations

import json
import math
import re
import sys
from pathlib import Path
from typing import Any

from govsim.calendar import QUARTER
from govsim.city import City
from govsim.recorder import SERIES

__all__ = ["CHANGELOG", "GOLDEN", "Quarters", "changes_of_results", "kept", "measured", "refresh"]

Quarters = dict[str, list[float]]
"""Each series, by quarter; undefined values (a survey before the first) are NaN here and null in the file."""

GOLDEN = Path(__file__).with_name("community.json")
CHANGELOG = Path(__file__).parents[2] / "CHANGELOG.md"

CITY = {"place": "community", "policy": "chengdu_2019", "rng": 1}
_HEADING = "Changes results"


def measured(**changes: Any) -> Quarters:
    """Each series of the golden city, by quarter from the start of its warm-up: flows summed, stocks averaged."""
    city = City(**CITY | changes)
    city.run_model()
    values: Quarters = {}
    for name, weekly in zip(SERIES, city.recorder.values.T, strict=True):
        quarters = [weekly[i : i + QUARTER] for i in range(0, len(weekly), QUARTER)]
        values[name] = [float(q.sum() if SERIES[name].kind == "flow" else q.mean()) for q in quarters]
    return values


def kept() -> tuple[str, Quarters]:
    """The entry of the changelog that the golden run belongs to, and its numbers."""
    file = json.loads(GOLDEN.read_text(encoding="utf-8"))
    return file["entry"], {
        name: [math.nan if value is None else value for value in values] for name, values in file["values"].items()
    }


def changes_of_results() -> list[str]:
    """Entries of the changelog that say what changed results."""
    sections = re.split(r"^#+ +", CHANGELOG.read_text(encoding="utf-8"), flags=re.MULTILINE)
    entries = "\n".join(section for section in sections if section.splitlines()[:1] == [_HEADING])
    return [" ".join(entry.split()) for entry in re.findall(r"^[-*] +(.+(?:\n +\S.*)*)", entries, re.MULTILINE)]


def refresh(entry: str) -> None:
    """Keep today's numbers as golden, under an entry of the changelog.

    Raises:
        SystemExit: no entry under "Changes results" begins so.
    """
    if not any(written.startswith(entry) for written in changes_of_results()) or not entry:
        raise SystemExit(f'CHANGELOG.md has no entry "{entry}" under a heading "{_HEADING}"')
    lines = (
        f"{json.dumps(name)}: {json.dumps([None if math.isnan(value) else value for value in values])}"
        for name, values in measured().items()
    )
    text = f'{{"entry": {json.dumps(entry)}, "values": {{\n' + ",\n".join(lines) + "\n}}\n"
    GOLDEN.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    refresh(" ".join(sys.argv[1:]))
