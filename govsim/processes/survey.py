"""Survey: each quarter some residents are asked, and not all answer alike.

Rule. A sample is invited; the more content answer more readily, and answers are kinder than feelings. Asked are
approval of how the city builds its communities (stated satisfaction from ``approve_at``) and whether things
have changed for the better (satisfaction above expectation by ``change_at``). The true shares over all who could
be asked are computed beside them; the two are never mixed. Complainants, who have seen a case found in the last year
that they reported themselves, are counted apart too: they answer more or less readily (``response_complained``) and
less kindly (``complaint_tone``) than others who feel alike. Leaves out: non-response by tenure, and interviewer
effects.
"""

from __future__ import annotations

import numpy as np

from govsim import draws
from govsim.calendar import QUARTER, WEEKS_A_YEAR
from govsim.jit import in_ranges, kernel
from govsim.process import Process
from govsim.residents import CHILD

INVITED = draws.name("survey.invited")
ANSWERS = draws.name("survey.answers")


class Survey(Process):
    """Asks residents each quarter and keeps the last result.

    Attributes:
        approval, perceived_change: surveyed shares (NaN before the first survey).
        true_approval, true_change: the same over all adults, as they feel.
        respondents: how many answered.
        approval_complainants, true_approval_complainants: approval of complainants (NaN where nobody is one).
        complainants: how many of those who answered are.
    """

    reads = ("residents.age", "residents.satisfaction", "residents.expectation", "residents.complained")
    writes = ("survey.result",)

    RESULTS = (
        "approval",
        "perceived_change",
        "true_approval",
        "true_change",
        "respondents",
        "approval_complainants",
        "true_approval_complainants",
        "complainants",
    )

    approval: float
    perceived_change: float
    true_approval: float
    true_change: float
    respondents: float
    approval_complainants: float
    true_approval_complainants: float
    complainants: float

    def __init__(self, city) -> None:
        super().__init__(city)
        self._adults = int((city.residents.age != CHILD).sum())
        self.restore(np.full(len(self.RESULTS), np.nan))

    def ask(self) -> None:
        """The last week of each quarter is a survey week."""
        city = self.city
        if (city.week + 1) % QUARTER:
            return
        invited = city.p.sample / self._adults
        self.restore(results(city.seed, city.clock_week, invited, city.residents.columns, city.p, city.threads))

    def state(self) -> np.ndarray:
        """The last result, in the order of ``RESULTS``."""
        return np.array([getattr(self, name) for name in self.RESULTS])

    def restore(self, result: np.ndarray) -> None:
        """Take back what :meth:`state` gave."""
        for name, value in zip(self.RESULTS, result, strict=True):
            setattr(self, name, float(value))


def results(seed, week: int, invited: float, residents, p, threads: int = 1) -> np.ndarray:
    """What a survey of a share of these residents gives, in the order of ``RESULTS``."""
    counts = in_ranges(
        threads, len(residents.age), lambda first, end: _ask(seed, week, invited, first, end, residents, p)
    )
    return _shares(*np.sum(counts, axis=0).tolist())


def _shares(
    asked: int, approve: int, change: int, asked_complainants: int, approve_complainants: int,
    adults: int, truly_approve: int, truly_change: int, complainants: int, truly_complainants: int,
) -> np.ndarray:  # fmt: skip
    """Results of a survey, in the order of ``RESULTS``."""

    def share(some: int, of: int) -> float:
        return some / of if of else np.nan

    return np.array([
        share(approve, asked),
        share(change, asked),
        share(truly_approve, adults),
        share(truly_change, adults),
        float(asked),
        share(approve_complainants, asked_complainants),
        share(truly_complainants, complainants),
        float(asked_complainants),
    ])  # fmt: skip


@kernel
def _ask(seed, week, invited, first, end, residents, numbers):
    """Counts of who was asked, and of how all adults feel, among residents ``first`` to before ``end``."""
    p = numbers[0]
    asked, approve, change, asked_complainants, approve_complainants = 0, 0, 0, 0, 0
    adults, truly_approve, truly_change, complainants, truly_complainants = 0, 0, 0, 0, 0
    for i in range(first, end):
        if residents.age[i] == CHILD:
            continue
        content = np.float64(residents.satisfaction[i])
        better = content - residents.expectation[i] >= p.change_at
        complained = week - residents.complained[i] < WEEKS_A_YEAR
        adults += 1
        complainants += complained
        truly_approve += content >= p.approve_at
        truly_complainants += complained and content >= p.approve_at
        truly_change += better
        if draws.uniform(seed, INVITED, i, week) >= invited:
            continue
        readiness = p.response_base + p.response_satisfied * content + p.response_complained * complained
        if draws.uniform(seed, ANSWERS, i, week) >= readiness:
            continue
        answer = content + p.courtesy - p.complaint_tone * complained
        asked += 1
        asked_complainants += complained
        approve += answer >= p.approve_at
        approve_complainants += complained and answer >= p.approve_at
        change += answer - residents.expectation[i] >= p.change_at
    return np.array([
        asked, approve, change, asked_complainants, approve_complainants,
        adults, truly_approve, truly_change, complainants, truly_complainants,
    ])  # fmt: skip
