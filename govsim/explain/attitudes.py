"""How satisfaction and trust of one resident moved, worked out again week by week from what was noted.

Attitudes follow from where a resident lives and which answers they had, by the rule of
:mod:`govsim.processes.experience` alone. So it is enough to have noted everybody once and every settlement each week.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

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
        first: week of the timeline at whose start the first values stood.
        satisfaction, expectation, trust: (weeks + 1,) values.
        answers: what moved them besides the week as a whole.
        moves: (weeks, 4) moves of satisfaction by answers to their own problems and by neighbours, and of trust by
            answers to their own and by how those nearby were answered; the rest of satisfaction is life in the place.
    """

    first: int
    satisfaction: np.ndarray
    expectation: np.ndarray
    trust: np.ndarray
    answers: tuple[Moved, ...]
    moves: np.ndarray

    def since(self, week: int) -> Path:
        """The part of it from the start of a week on."""
        i = max(0, week - self.first)
        return replace(
            self, first=self.first + i, satisfaction=self.satisfaction[i:], expectation=self.expectation[i:],
            trust=self.trust[i:], answers=tuple(a for a in self.answers if a.week >= week), moves=self.moves[i:],
        )  # fmt: skip

    @property
    def causes(self) -> dict[str, float]:
        """Sums of the moves of satisfaction: by ``place``, ``answers`` and ``neighbours``."""
        answers, neighbours = (float(each) for each in self.moves[:, :2].sum(axis=0))
        whole = float(self.satisfaction[-1]) - float(self.satisfaction[0])
        return {"place": whole - answers - neighbours, "answers": answers, "neighbours": neighbours}

    @property
    def causes_of_trust(self) -> dict[str, float]:
        """Sums of the moves of trust: by ``answers`` to their own problems and by how those of the ``place`` were."""
        answers, place = (float(each) for each in self.moves[:, 2:].sum(axis=0))
        return {"place": place, "answers": answers}


def path(probe: Probe, resident: int) -> Path:
    """The path of a resident's attitudes since the probe was attached."""
    city, notes = probe.city, probe.notes
    values = [tuple(np.float32(notes.people[name][resident]) for name in ("satisfaction", "expectation", "trust"))]
    answers, moves = [], np.zeros((len(notes.weeks), 4))
    for i, week in enumerate(notes.weeks):
        satisfaction, expectation, trust = values[-1]
        for felt in _answers(week, resident):
            moved = _answered(city, satisfaction, felt), _answered(city, trust, felt)
            pairs = (float(satisfaction), float(moved[0])), (float(trust), float(moved[1]))
            answers.append(Moved(week.week, felt, *pairs))
            moves[i] += moved[0] - satisfaction, 0.0, moved[1] - trust, 0.0
            satisfaction, trust = moved
        values.append(_lived(city, week, resident, satisfaction, expectation, trust))
        neighbours = float(_here(city, week, resident)["neighbours"])
        moves[i, 1] = city.p.social_pull * (neighbours - float(satisfaction))
        moves[i, 3] = values[-1][2] - trust
    table = np.array(values, dtype=np.float32)
    return Path(notes.first, table[:, 0], table[:, 1], table[:, 2], tuple(answers), moves)


def _here(city: City, week: Week, resident: int) -> Any:
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
