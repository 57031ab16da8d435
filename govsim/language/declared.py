"""Texts that are declared in plain English and looked up where they are shown, collected for the catalogues."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from govsim.language import DATES

__all__ = ["declared"]

GROUPS = ("place", "behaviour", "scenario", "policy")
"""Groups of options whose names stand in titles and labels."""
LABELS = ("off", "on", "with", "without")
"""Words that labels of policies and levers are made with, besides names."""
WORLDS = ("policy", "baseline", "difference")
FACTS = (
    "study", "experiment", "question", "command", "place", "compared", "theories", "scenarios", "budgets", "seeds",
    "runs", "intervals", "code",
)  # fmt: skip
"""What a report says of its study."""
TABLES = (
    "effects", "main_effects", "interactions", "cells", "shapley", "shapes", "responses", "marginals", "frontier",
    "spending", "best_buys", "ranking", "regret", "rankings", "flips", "reversals", "incidence_contrasts", "incidence",
    "inequality", "inequality_left_out", "shock_contrasts", "shock_recovery", "shock_excess", "one_at_a_time",
    "importance", "sobol", "morris", "members", "pairing", "identical_points", "identical_replicates", "failures",
)  # fmt: skip
"""Tables of a report."""
CELLS = (
    "tier",
    "note",
    "on paper",
    "value",
    "levers",
    "uncertainties",
    "pair",
    "factorial",
    "fractional",
    "one at a time",
    "0..1",
)
"""What else stands in cells and heads of tables."""


def declared() -> dict[str, list[str]]:
    """Every declared text with the places where it is declared."""
    found: dict[str, list[str]] = {}
    for where, texts in _declarations():
        for text in texts:
            if text and where not in found.setdefault(text, []):
                found[text].append(where)
    return found


def _declarations() -> Iterator[tuple[str, Iterable[str]]]:
    """Where texts are declared, and the texts."""
    from govsim.app.charts import CHARTS, LEAVE, SPENT_ON
    from govsim.app.shown import SHOWN
    from govsim.cases import CHANNELS, STAGES, WHY
    from govsim.compare import doses, effects, factorial, frontier, inequality, regret, resilience
    from govsim.compare.figures.curves import CURVES
    from govsim.compare.words import HEADINGS
    from govsim.config.compose import compose
    from govsim.config.overrides import options
    from govsim.explain.words import declared as of_stories
    from govsim.measures.outcomes import GROUPS as HEADS
    from govsim.measures.outcomes import OUTCOMES
    from govsim.places import ARCHETYPES
    from govsim.plot import MAPS, TIERS
    from govsim.plot.maps import TIER_OF
    from govsim.plot.ways import HIGH, LOW, MARKS
    from govsim.policies import INSTRUMENTS
    from govsim.rules import RULES

    yield (
        "measures/outcomes.py",
        (text for o in OUTCOMES.values() for text in (o.label.strip(), _unit(o.unit), o.meaning)),
    )
    yield "measures/outcomes.py", HEADS.values()
    yield "rules.py", (text for rule in RULES.values() for text in (rule.meaning, _unit(rule.unit)))
    yield "places.py", ARCHETYPES
    yield "cases.py", (*STAGES, *CHANNELS, *WHY)
    yield "explain", of_stories()
    config = compose().config
    yield "kinds", _words((*config.kinds, *config.departments))
    yield "policies", _words(INSTRUMENTS)
    yield "policies", (text for kind in INSTRUMENTS.values() for text in _instrument(kind))
    for group in GROUPS:
        yield f"configs/{group}", _words(options(group))
    yield "configs/experiment", _questions()
    yield "plot", (words for words, _colour in TIERS.values())
    yield "plot", (text for shown in MAPS.values() for text in (shown.title, shown.unit))
    yield "plot", TIER_OF
    yield "plot", (*LOW.values(), *HIGH.values(), *(words for words, *_look in MARKS.values()))
    yield "app", (text for what in SHOWN.values() for text in (what.label, what.unit, what.meaning, *what.steps))
    yield "app", (text for chart in CHARTS.values() for text in (chart.title, chart.about))
    yield "app", (*(words for words, _flows in LEAVE.values()), *(words for words, _colour in SPENT_ON.values()))
    yield "language", (*DATES, *LABELS, *WORLDS)
    yield "compare", _words((*FACTS, *TABLES, *CELLS))
    yield "compare", (effects.NO_DIFFERENCE, "lower", "higher")
    yield "compare", (*factorial.READINGS, factorial.NOT_SHOWN, factorial.UNDEFINED, *factorial.SCALES)
    yield "compare", (doses.NO_EFFECT, doses.REVERSES, doses.SATURATES, doses.BENDS, doses.LINEAR)
    yield "compare", (frontier.ON, frontier.DOMINATED, frontier.EXTENDED)
    yield "compare", (regret.BETTER, regret.WORSE, regret.NOT_SHOWN, regret.BASELINE)
    yield "compare", (text for tier, measure in inequality.TIERS.values() for text in (tier, measure))
    yield "compare", (inequality.UNDEFINED.format(tier) for tier, _measure in inequality.TIERS.values())
    yield "compare", _words(resilience.MEASURES)
    yield "compare", CURVES.values()
    yield "compare", (*HEADINGS.values(), *_words(_columns()))


def _unit(unit: str) -> str:
    return {"1": "share", "0..1": "0 to 1"}.get(unit, unit)


def _words(names: Iterable[str]) -> Iterator[str]:
    return (name.replace("_", " ") for name in names)


def _instrument(kind: Any) -> Iterator[str]:
    """What an instrument is, and its settings with their units."""
    yield (kind.__doc__ or "").strip().partition("\n")[0]
    for field in fields(kind):
        facts = field.metadata.get("param")
        if facts:
            yield from (facts.meaning, _unit(facts.unit))


def _questions() -> Iterator[str]:
    import yaml

    from govsim.config.overrides import files

    for path in files("experiment").values():
        asked: Mapping[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
        yield str(asked.get("question", ""))


def _columns() -> Iterator[str]:
    """Columns of the tables of a comparison: every list of names that its modules declare."""
    import govsim.compare

    for module in iter_modules(govsim.compare.__path__):
        for name, value in vars(import_module(f"govsim.compare.{module.name}")).items():
            if name.isupper() and isinstance(value, list):
                yield from value
