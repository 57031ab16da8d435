"""The tables of the experiment, from the frames of its studies; what each holds is in README.md beside this file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from govsim.compare.doses import responses, slopes
from govsim.compare.factorial import interactions
from govsim.compare.harm import harm
from govsim.compare.pairs import columns, differences, interval
from govsim.compare.regret import flips, rankings, reversals
from govsim.compare.words import interval as shown
from govsim.policies import INSTRUMENTS
from govsim.study.load import Study

UNMET = "unmet_case_days_per_1000"
OUTCOMES = (
    UNMET, "theil_unmet_need", "gini_unmet_need", "satisfaction", "trust", "cost_per_resident",
    "social_hours_per_resident",
)  # fmt: skip
ALONE, IN_REFORM = "alone", "in the reform"


def own_dose(instrument: str) -> float:
    """The dose of its policy file; 1 (it is there) where an instrument has none."""
    kind = INSTRUMENTS[instrument]
    return float(getattr(kind(), kind.dose)) if kind.dose else 1.0


def checks(studies: Mapping[str, Study]) -> pd.DataFrame:
    """Does each instrument move its manipulation check: the slope over its doses, by context."""
    found = []
    for context, study in studies.items():
        table = slopes(study.runs, study.factors, list(dict.fromkeys(kind.check for kind in INSTRUMENTS.values())))
        own = table["outcome"] == table["factor"].map({name: kind.check for name, kind in INSTRUMENTS.items()})
        found.append(table[own].assign(context=context))
    table = pd.concat(found, ignore_index=True).rename(columns={"factor": "instrument"})
    table["moves"] = (table["low"] > 0) | (table["high"] < 0)
    return table.loc[:, ["instrument", "context", "outcome", "doses", "slope", "low", "high", "n", "moves"]]


def effects(studies: Mapping[str, Study]) -> pd.DataFrame:
    """What each dose does against the neutral one, by context; ``own`` marks the dose of the policy file."""
    found = []
    for context, study in studies.items():
        table = responses(study.runs, study.factors, OUTCOMES).rename(columns={"factor": "instrument"})
        own = np.isclose(table["dose"], table["instrument"].map(own_dose), rtol=1e-6)
        found.append(table.assign(context=context, own=own))
    kept = ["instrument", "context", "dose", "own", "outcome", "mean", "effect", "low", "high", "n"]
    return pd.concat(found).loc[:, kept]


def largest(table: pd.DataFrame, number: int) -> list[str]:
    """Instruments that change unmet need most, alone and at their own dose, the largest first."""
    mine = table[(table["outcome"] == UNMET) & (table["context"] == ALONE) & table["own"]]
    return mine.assign(size=-mine["effect"].abs()).sort_values("size")["instrument"].head(number).tolist()


def channel_closed(study: Study, instrument: str) -> pd.DataFrame:
    """What an instrument's furthest dose still does with its channel closed, alone and in the reform.

    ``study`` has a design of points: alone at the neutral dose and at the furthest, in the reform likewise.
    """
    labels = study.designs["levers.points"]["rows"]
    rows = []
    for context, (neutral, far) in zip((ALONE, IN_REFORM), (labels[:2], labels[2:]), strict=True):
        for outcome in OUTCOMES:
            gaps = differences(study.runs, outcome, neutral)
            left = interval(gaps[gaps["policy"] == far], "difference")
            about = {"instrument": instrument, "context": context, "outcome": outcome}
            rows.append(about | columns("difference", left, test=False) | {"exactly_0": left.low == left.high == 0.0})
    return pd.DataFrame(rows).drop(columns="replicates")


def pairs(study: Study) -> pd.DataFrame:
    """All interactions of two; Holm's adjustment is over the pairs, outcome by outcome and scale by scale."""
    found = [interactions(study.runs, study.factors, [outcome]) for outcome in OUTCOMES]
    kept = ["outcome", "factors", "scale", "interaction", "low", "high", "n", "p", "p_holm", "reading"]
    return pd.concat(found).loc[:, kept]


def theories(studies: Mapping[str, Study]) -> dict[str, pd.DataFrame]:
    """Order and sign under each theory, effects that hang on it, and leads that it turns round, by context."""
    by_table: dict[str, list[pd.DataFrame]] = {"rankings": [], "flips": [], "reversals": []}
    for context, study in studies.items():
        found = {"rankings": rankings(study.runs, UNMET), "flips": flips(study.runs, UNMET)}
        turned = reversals(study.runs, UNMET)
        found["reversals"] = turned[turned["shown"].astype(bool)]
        for name, table in found.items():
            table = table.drop(columns=["outcome", "budget"])
            table.insert(0, "context", context)
            by_table[name].append(table)
    return {f"theories_{name}": pd.concat(tables) for name, tables in by_table.items()}


def sizes(street: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Effects on a street (a table of :func:`effects`) beside those on a district."""
    rows = []
    for outcome in OUTCOMES:
        gaps = differences(study.runs, outcome)
        for instrument in dict.fromkeys(gaps["policy"]):
            mine = street[(street["instrument"] == instrument) & (street["context"] == ALONE) & street["own"]]
            there = mine[mine["outcome"] == outcome].iloc[0]
            found = interval(gaps[gaps["policy"] == instrument], "difference")
            rows.append(
                {"instrument": instrument, "outcome": outcome, "street": there["effect"], "street_low": there["low"],
                 "street_high": there["high"], **columns("district", found, test=False)}
            )  # fmt: skip
    table = pd.DataFrame(rows).drop(columns="replicates")
    return table.assign(ratio=table["district"] / table["street"])


def harms(study: Study) -> pd.DataFrame:
    """Doses and pairs by what they do to unmet need over all worlds, the most harmful first.

    ``as_meant``: the dose lies on the side of the neutral one on which the policy file's lies. More certificates or
    fewer working hours than before are no use of an instrument, and are told apart by it.
    """
    table = harm(study.runs, [UNMET])
    meant: dict[str, bool] = dict.fromkeys(table["policy"], True)
    design = study.designs["levers.doses"]
    values = study.points.drop_duplicates("policy").set_index("policy")
    for label, name in zip(design["rows"], design["varied"], strict=True):
        if name and label != study.baseline:
            neutral = study.factors[name].neutral or 0.0
            meant[label] = (values.loc[label, name] - neutral) * (own_dose(name) - neutral) > 0
    table.insert(1, "as_meant", table["policy"].map(meant))
    return table.drop(columns=["theory", "budget", "outcome", "p", "p_holm"])


def summary(effects: pd.DataFrame, checks: pd.DataFrame, closed: pd.DataFrame) -> pd.DataFrame:
    """A row an instrument: does it move its check, what does its own dose do, what is left with its channel closed?"""
    cells: dict[str, dict[str, object]] = {name: {"check": kind.check} for name, kind in INSTRUMENTS.items()}
    for row in checks.to_dict("records"):
        cells[row["instrument"]][f"moves its check, {row['context']}"] = row["moves"]
    for row in effects[effects["own"]].to_dict("records"):
        if row["context"] == ALONE or row["outcome"] == UNMET:
            text = shown(row["effect"], row["low"], row["high"])
            cells[row["instrument"]][f"{row['outcome']}, {row['context']}"] = text
    for row in closed[closed["outcome"] == UNMET].to_dict("records"):
        left = "exactly 0" if row["exactly_0"] else shown(row["difference"], row["low"], row["high"])
        cells[row["instrument"]][f"channel closed, {row['context']}"] = left
    return pd.DataFrame.from_dict(cells, orient="index").rename_axis("instrument").reset_index()


def moved_by_theory(found: Mapping[str, pd.DataFrame]) -> Sequence[str]:
    """Whether a sign or a lead depends on the theory, in sentences."""
    flipped, turned = found["theories_flips"], found["theories_reversals"]
    signs = flipped[flipped["flips"].astype(bool)]
    said = [f"{len(signs)} signs and {len(turned)} leads (both intervals exclude 0) turn round between theories."]
    said += [f"Sign: {r.policy} ({r.context}), {r.theory} {r.effect:.3g}, {r.other_theory} {r.other_effect:.3g}."
             for r in signs.itertuples()]  # fmt: skip
    said += [f"Lead: {r.policy} over {r.rival} ({r.context}), {r.theory} {r.lead:.3g} [{r.low:.3g}, {r.high:.3g}], "
             f"{r.other_theory} {r.other_lead:.3g} [{r.other_low:.3g}, {r.other_high:.3g}]."
             for r in turned.head(10).itertuples()]  # fmt: skip
    return said
