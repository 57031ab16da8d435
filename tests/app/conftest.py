"""Tests of the page keep their warm-ups apart from the user's own."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def warmups_of_our_own(tmp_path_factory, monkeypatch):
    folder = tmp_path_factory.getbasetemp() / "warmups"
    monkeypatch.setattr("govsim.app.twins.default_folder", lambda: folder)
