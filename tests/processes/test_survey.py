"""Survey: complainants are counted apart, by whom they are and by how they answer."""

from __future__ import annotations

from typing import Any

import numpy as np

from govsim import cases as c
from govsim.calendar import WEEKS_A_YEAR, WORKING_DAYS
from govsim.city import City
from govsim.config.behaviour import Behaviour, values
from govsim.processes.survey import Survey, results
from govsim.residents import ADULT, NEVER_COMPLAINED, Residents


def asked(**behaviour: Any) -> dict[str, float]:
    """The results where 20,000 adults feel alike, a tenth of whom complained last week."""
    residents = Residents(20_000, age=np.full(20_000, ADULT), satisfaction=np.linspace(0.3, 0.7, 20_000))
    residents.complained[::10] = 99
    result = results(np.uint64(1), 100, 1.0, residents.columns, values(Behaviour(**behaviour)))
    return dict(zip(Survey.RESULTS, result.tolist(), strict=True))


def test_complainants_who_feel_alike_answer_differently():
    same = asked(complaint_tone=0.0, response_complained=0.0)
    harsh, eager = (
        asked(complaint_tone=0.1, response_complained=0.0),
        asked(complaint_tone=0.0, response_complained=0.3),
    )
    assert abs(same["approval_complainants"] - same["approval"]) < 0.05
    assert harsh["approval_complainants"] < same["approval_complainants"] - 0.1
    assert harsh["true_approval_complainants"] == same["true_approval_complainants"]
    assert same["approval"] - 0.03 < harsh["approval"] < same["approval"]  # a tenth of those asked
    assert eager["complainants"] > 1.3 * same["complainants"]
    assert eager["respondents"] - eager["complainants"] == same["respondents"] - same["complainants"]


def test_who_complained_long_ago_is_no_complainant():
    residents = Residents(100, age=np.full(100, ADULT), satisfaction=np.full(100, 0.6))
    p = values(Behaviour(response_base=0.6))
    for weeks_ago, counted in ((WEEKS_A_YEAR - 1, True), (WEEKS_A_YEAR, False)):
        residents.complained[:] = 200 - weeks_ago
        result = dict(zip(Survey.RESULTS, results(np.uint64(1), 200, 1.0, residents.columns, p).tolist(), strict=True))
        assert (result["complainants"] > 0) == counted
        assert np.isnan(result["true_approval_complainants"]) != counted


def test_complainants_are_those_whose_own_report_was_found():
    city = City(place="community", policy="none", warmup=0, weeks=20)
    city.run_model()
    open_cases = np.flatnonzero((city.cases.stage >= c.COMPOUND) & (city.cases.stage <= c.PAPER))
    table = city.archive.table()
    who, when, by = (
        np.concatenate([table[name], getattr(city.cases, name)[open_cases]])
        for name in ("resident", "found", "found_by")
    )
    last = np.full(len(city.residents), NEVER_COMPLAINED)
    np.maximum.at(last, who[by == c.RESIDENT], when[by == c.RESIDENT] // WORKING_DAYS)
    assert (city.residents.complained == last).all()
    assert (last > NEVER_COMPLAINED).sum() > 20
