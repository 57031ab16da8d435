"""Targets and calibrations small enough to run: a working folder of a user with configs of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

TARGETS = """\
# Planted targets
easy:
  what: cases that arise
  source: nowhere
  kind: flow
  reported: {raised}
  per: {{thousand residents: 2, weeks: 2}}
  band: count
  statistic: {{mean: raised_per_1000, from: 2017-09-11}}
  fitted: {fitted}
held:
  what: trust
  source: nowhere either
  kind: opinion
  reported: {trust}
  band: share
  statistic: {{outcome: trust}}
  fitted: false
sure:
  what: satisfaction, in a band that nothing misses
  source: nowhere at all
  kind: opinion
  reported: 0.5
  per: {{one: 0.01}}
  band: count
  statistic: {{total: workers}}
  fitted: {sure}
"""

CALIBRATION = """\
# Planted calibration
targets: planted
policy: fund
constants: [place=community, weeks=2, warmup=1]
parameters:
  behaviour.rate_scale: [0.75, 1.25]
  behaviour.skill: range
waves: 2
sets: 6
seeds: 2
"""


class Folder:
    """A working folder of a user."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.write("calibration/planted", CALIBRATION)

    def write(self, name: str, text: str) -> Path:
        path = self.root / "configs" / f"{name}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def targets(self, raised: float, trust: float = 0.5, fitted: str = "true", sure: str = "false") -> None:
        """Targets of which ``easy`` is 4 times less than what was ``raised``."""
        self.write("target/planted", TARGETS.format(raised=raised, trust=trust, fitted=fitted, sure=sure))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Folder:
    monkeypatch.chdir(tmp_path)
    return Folder(tmp_path)
