"""How satisfaction and trust of one resident moved, worked out again week by week from what was noted.

Attitudes follow from where a resident lives and which answers they had, by the rule of
:mod:`govsim.processes.experience` alone. So it is enough to have noted everybody once and every settlement each week.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from govsim import cases as c
from govsim.explain.notes import Week
from govsim.processes import experience
from govsim.processes.experience import ANCHORING, DISCONFIRMATION, toward, within

if TYPE_CHECKING:
    from govsim.city import City
    from govsim.explain.case import Step
    from govsim.explain.probe import Probe
    from govsim.views import Case

__all__ = ["Moved", "Path", "own_moves", "path"]


class Moved(NamedTuple):
    """An answer that moved a resident.

    Attributes:
        week: week of the timeline.
        felt: how good the answer felt, 0..1; 0: a known problem that was never solved, or a visit that hardened.
        satisfaction, trust: before and after.
    """

    week: int
    felt: float
    satisfaction: tuple[float, float]
    trust: tuple[float, float]


@dataclass(frozen=True)
class Path:
    """Attitudes of one resident.

    Attributes:
        weeks: weeks of the timeline at whose start the values stood; one more than were lived through.
        satisfaction, expectation, trust: (weeks,) values.
        answers: what moved them besides the week as a whole.
        by_answers, by_neighbours, by_place: sums of the moves of satisfaction (with rounding in the last).
        trust_by_answers, trust_by_place: likewise of trust.
    """

    weeks: np.ndarray
    satisfaction: np.ndarray
    expectation: np.ndarray
    trust: np.ndarray
    answers: tuple[Moved, ...]
    by_answers: float
    by_neighbours: float
    by_place: float
    trust_by_answers: float
    trust_by_place: float


def path(probe: Probe, resident: int) -> Path:
    """The path of a resident's attitudes since the probe was attached."""
    city, notes = probe.city, probe.notes
    start = [np.float32(notes.people[name][resident]) for name in ("satisfaction", "expectation", "trust")]
    values, answers = [tuple(start)], []
    sums = np.zeros(4)  # of satisfaction by answers and neighbours, of trust by answers and place
    for week in notes.weeks:
        satisfaction, expectation, trust = values[-1]
        own = _answers(week, resident)
        for felt in own:
            moved = _answered(city, satisfaction, felt), _answered(city, trust, felt)
            answers.append(
                Moved(week.week, felt, (float(satisfaction), float(moved[0])), (float(trust), float(moved[1])))
            )
            sums[:2] += moved[0] - satisfaction, 0.0
            sums[2] += moved[1] - trust
            satisfaction, trust = moved
        after = _lived(city, week, resident, satisfaction, expectation, trust)
        neighbours = float(_here(city, week, resident)["neighbours"])
        sums[1] += city.p.social_pull * (neighbours - float(satisfaction))
        sums[3] += after[2] - trust
        values.append(after)
    table = np.array(values, dtype=np.float32)
    total = float(table[-1, 0]) - float(table[0, 0])
    weeks = np.arange(notes.first, notes.first + len(values))
    return Path(
        weeks, table[:, 0], table[:, 1], table[:, 2], tuple(answers), sums[0], sums[1], total - sums[0] - sums[1],
        sums[2], sums[3],
    )  # fmt: skip


def _here(city: City, week: Week, resident: int) -> np.void:
    assert week.lived is not None
    return week.lived[city.places.settlement_of(resident)]


def _answers(week: Week, resident: int) -> list[float]:
    assert week.felt is not None
    people, felt = week.felt
    return felt[people == resident].tolist()


def _answered(city: City, value: np.float32, felt: float) -> np.float32:
    return np.float32(within(toward(float(value), felt, city.p.own_case, 1.0 / city.p.loss_weight)))


def _lived(city: City, week: Week, resident: int, satisfaction, expectation, trust) -> tuple[np.float32, ...]:
    """One week of one resident, by the city's own kernel."""
    p, here = city.p, _here(city, week, resident)
    anchored = p.satisfaction_theory == ANCHORING
    moves = (
        1.0 / p.loss_weight, p.satisfaction_rate, p.trust_rate, p.social_pull,
        p.disconfirmation if p.satisfaction_theory == DISCONFIRMATION else 0.0,
        anchored, p.anchoring if anchored else p.expectation_rate,
    )  # fmt: skip
    own = [np.array([value], dtype=np.float32) for value in (expectation, satisfaction, trust)]
    trusted = p.trust_base + p.trust_answer * float(here["responsiveness"])
    taste = city.residents.taste[resident : resident + 1]
    experience._move(taste, *own, float(here["performance"]), float(here["neighbours"]), trusted, moves)
    expectation, satisfaction, trust = (value[0] for value in own)
    return satisfaction, expectation, trust


def own_moves(probe: Probe, case: Case, steps: tuple[Step, ...]) -> tuple[Moved, ...]:
    """How the answers to one case moved the resident whom it touches: when it came back from paper, and at its end."""
    if not steps:
        return ()
    warmup = probe.city.config.warmup
    weeks = {step.day // 5 - warmup for step in steps if step.why == c.COMPLAINT}
    closed = case.closed
    if closed is not None and case.stage != "closed on paper":
        weeks.add(closed // 5 - warmup)
    return tuple(moved for moved in path(probe, case.resident.id).answers if moved.week in weeks)
