"""What tests of the page share: a place that runs in a moment, and warm-ups that leave the user's own alone."""

from __future__ import annotations

import pytest

SMALL = ("place.residents=12000", "warmup=8", "weeks=24")
"""Two communities, eleven compounds, nine grids."""


@pytest.fixture(autouse=True)
def warmups_of_our_own(tmp_path_factory, monkeypatch):
    folder = tmp_path_factory.getbasetemp() / "warmups"
    monkeypatch.setattr("govsim.app.twins.default_folder", lambda: folder)
