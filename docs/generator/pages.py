"""The pages that are made from declarations, by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from generator import attitudes, choices, coverage, engine, odd, parameters

__all__ = ["PAGES", "write"]

PAGES: Mapping[str, Callable[[], str]] = {
    "entities": odd.entities,
    "rules": odd.rules,
    "schedule": odd.schedule,
    "submodels": odd.submodels,
    "leaves_out": odd.leaves_out,
    "initialization": odd.initialization,
    "behaviour": lambda: parameters.page("behaviour"),
    "before": lambda: parameters.page("before"),
    "place": lambda: parameters.page("place"),
    "kinds": lambda: parameters.page("kinds"),
    "run": lambda: parameters.page("run"),
    "grades": parameters.grades,
    "grade_counts": parameters.counts,
    "ranges": parameters.index,
    "instruments": choices.instruments,
    "bundles": choices.bundles,
    "theories": choices.theories,
    "scenarios": choices.scenarios,
    "places": choices.places,
    "targets": choices.targets,
    "arrows": attitudes.arrows,
    "coverage": coverage.page,
    "holdings": engine.holdings,
    "widths": engine.widths,
}
"""What each file of ``_made`` holds."""


def write(folder: Path) -> None:
    """Write every page that is not there as it should be; what is no page goes."""
    folder.mkdir(exist_ok=True)
    wanted = {f"{name}.md": make() for name, make in PAGES.items()}
    for path in folder.iterdir():
        if path.name not in wanted:
            path.unlink()
    for name, text in wanted.items():
        path = folder / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
