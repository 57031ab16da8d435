"""The golden run: today's numbers are those kept, and another input would change them."""

from __future__ import annotations

import pytest
from golden import refresh
from golden.refresh import Quarters, changes_of_results, kept, measured


def agrees_with_the_golden_run(values: Quarters) -> None:
    """Every series in every quarter, but for rounding."""
    _, golden = kept()
    assert values.keys() == golden.keys()
    for name in golden:
        assert values[name] == pytest.approx(golden[name], rel=1e-9, abs=1e-9, nan_ok=True), name


def test_today_agrees_with_the_golden_run():
    agrees_with_the_golden_run(measured())


@pytest.mark.parametrize(
    "change",
    [
        {"behaviour.patrol_reach": 0.1111},
        {"behaviour.environment_decay": 0.00451},
        {"kinds.sanitation.severity": 0.701},
        {"policy.fund.yuan": 353_500},
        {"rng": 2},
    ],
    ids=lambda change: next(iter(change)),
)
def test_another_input_is_noticed(change):
    with pytest.raises(AssertionError):
        agrees_with_the_golden_run(measured(**change))


def test_the_changelog_says_what_changed():
    assert any(entry.startswith(kept()[0]) for entry in changes_of_results())


def test_a_change_that_the_changelog_does_not_name_is_refused(monkeypatch, tmp_path):
    monkeypatch.setattr(refresh, "GOLDEN", tmp_path / "community.json")
    monkeypatch.setattr(refresh, "CHANGELOG", tmp_path / "CHANGELOG.md")
    (tmp_path / "CHANGELOG.md").write_text("## 1\n### Added\n- This.\n### Changes results\n- That one\n  is new.\n")
    assert changes_of_results() == ["That one is new."]
    for entry in ("This.", "", "one"):
        with pytest.raises(SystemExit, match="no entry"):
            refresh.refresh(entry)
    assert not (tmp_path / "community.json").exists()
    refresh.refresh("That one")
    assert kept()[0] == "That one"
    agrees_with_the_golden_run(measured())
