"""The small studies that are committed: each is a study like any other, and says what the committed reports say."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from govsim import load_study
from govsim.compare.effects import effects

REFERENCE = Path(__file__).resolve().parents[2] / "results" / "reference"
STUDIES = sorted(path.parent for path in REFERENCE.glob("studies/*/study.json"))
MOST = 400_000
"""Bytes that a small study may take."""


@pytest.mark.parametrize("folder", STUDIES, ids=lambda path: path.name)
def test_every_point_has_its_runs(folder: Path):
    study = load_study(folder)
    assert set(study.runs["point"]) == set(study.points["point"])
    assert study.runs.groupby("point")["seed"].nunique().nunique() == 1
    assert study.manifest["experiment"] == folder.name
    assert sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) < MOST


def test_the_small_headline_says_what_the_report_says():
    report = pd.read_csv(REFERENCE / "headline" / "tables" / "effects.csv")
    mine = effects(load_study(REFERENCE / "studies" / "headline").runs, list(dict.fromkeys(report["outcome"])))
    for column in ("difference", "low", "high", "n"):
        assert mine[column].to_numpy() == pytest.approx(report[column].to_numpy(), rel=1e-9)
