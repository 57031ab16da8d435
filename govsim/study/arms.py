"""Arms: the policies that a study compares, each once, and at equal budgets each sized to every budget."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from govsim.config.check import ConfigError
from govsim.config.schema import Config
from govsim.policies import Instrument
from govsim.study.budget import Reach, reach, sized
from govsim.study.layout import SAMPLERS
from govsim.study.levers import Policy, idle
from govsim.study.scenarios import Bases, Scenario, assemble

__all__ = ["Arm", "World", "Worlds", "arms"]

Instruments = Mapping[str, Instrument]


class World(NamedTuple):
    """A theory and a scenario, which every arm meets."""

    theory: str
    scenario: int
    base: str
    settings: Mapping[str, Any]


class Worlds(list[World]):
    """All worlds of a study, theory by theory."""

    def __init__(self, bases: Bases, theories: Sequence[str], scenarios: Sequence[Scenario]) -> None:
        """Every theory with every scenario."""
        super().__init__(
            World(theory, number, bases.name(theory, scenario.options), scenario.settings)
            for theory in theories
            for number, scenario in enumerate(scenarios)
        )
        self._bases = bases

    def configs(self) -> Iterator[Config]:
        """Their configurations without a policy, one after the other."""
        return (assemble(self._bases.configs[world.base], {}, world.settings) for world in self)

    def name(self, number: int) -> str:
        """What tells a world from the others; empty where it is the only one."""
        world = self[number]
        return f" under {world.base}, scenario {world.scenario}" if len(self) > 1 else ""


@dataclass
class Arm:
    """A policy, compared at its own cost or at budgets.

    Attributes:
        label: its name.
        instruments: as they stand, without those that change nothing in any world.
        designs: of levers that it is in.
        sized: for each budget its instruments in each world.
    """

    label: str
    instruments: Instruments
    designs: list[str] = field(default_factory=list)
    sized: dict[float, list[Instruments]] = field(default_factory=dict)

    def variants(self, world: int) -> Iterator[tuple[float | None, Instruments]]:
        """Budget and instruments in a world: one a budget, or as they stand."""
        if not self.sized:
            yield None, self.instruments
        for budget, instruments in self.sized.items():
            yield budget, instruments[world]


def arms(
    baseline: Policy, rows: Mapping[str, Sequence[Policy]], budgets: Sequence[float], worlds: Worlds
) -> tuple[list[Arm], dict[str, list[Arm]], list[tuple[str, str]]]:
    """The arms of a study, the baseline first.

    Args:
        baseline: what all are compared with.
        rows: policies by design, a row each.
        budgets: yuan per resident and year to size each policy to, except the baseline and those without instruments.
        worlds: in which they are compared.

    Returns:
        The arms; the arm of each row; and pairs of labels, of an arm and of another policy that is the same.

    Raises:
        ConfigError: two policies bear one label, or a budget is out of reach for some.
    """
    found = _Distinct(worlds)
    first = found.arm(baseline)
    arm_of = {design: [found.arm(policy, design) for policy in policies] for design, policies in rows.items()}
    kept = list(found.arms.values())
    if budgets:
        ranked = [arm for arm in kept if arm is not first and arm.instruments]
        _size(ranked, budgets, worlds)
        same = _merged(ranked, found.same)
        arm_of = {design: [same.get(id(arm), arm) for arm in row] for design, row in arm_of.items()}
        kept = [first, *(arm for arm in ranked if id(arm) not in same)]
    return kept, arm_of, found.same


class _Distinct:
    """Policies, each once: two are one where they have the same instruments but for those that change nothing."""

    def __init__(self, worlds: Worlds) -> None:
        self.arms: dict[tuple[Any, ...], Arm] = {}
        self.same: list[tuple[str, str]] = []
        self._keys: dict[str, tuple[Any, ...]] = {}
        self._idle: dict[tuple[Any, ...], bool] = {}
        self._worlds = worlds

    def arm(self, policy: Policy, design: str = "") -> Arm:
        """The arm of a policy, a new one where there is none yet."""
        instruments = {name: i for name, i in policy.instruments.items() if not self._is_idle(name, i)}
        key = _key(instruments)
        if self._keys.setdefault(policy.label, key) != key:
            raise ConfigError(f"levers: two policies are called {policy.label}; give one of them a label of its own")
        arm = self.arms.setdefault(key, Arm(policy.label, instruments))
        if arm.label != policy.label and (arm.label, policy.label) not in self.same and design not in SAMPLERS:
            self.same.append((arm.label, policy.label))
        if design and design not in arm.designs:
            arm.designs.append(design)
        return arm

    def _is_idle(self, name: str, instrument: Instrument) -> bool:
        key = (name, *vars(instrument).values())
        if key not in self._idle:
            self._idle[key] = all(idle(instrument, config) for config in self._worlds.configs())
        return self._idle[key]


def _key(instruments: Instruments) -> tuple[Any, ...]:
    """Equal for equal instruments, but for rounding errors."""
    return tuple(sorted((name, *map(_rounded, vars(i).values())) for name, i in instruments.items()))


def _rounded(value: Any) -> Any:
    return float(f"{value:.10g}") if isinstance(value, float) else value


def _size(ranked: Sequence[Arm], budgets: Sequence[float], worlds: Worlds) -> None:
    """Size every arm to every budget in every world, or refuse all that cannot be, in one line."""
    refused: dict[str, str] = {}
    reaches: list[Reach] = []
    for number, config in enumerate(worlds.configs()):
        for arm in ranked:
            limits = reach(arm.instruments, config)
            reaches += [limits] if limits.share else []
            beyond = [f"{budget:g}" for budget in budgets if budget not in limits]
            if beyond and arm.label not in refused:
                refused[arm.label] = f"{arm.label} at {', '.join(beyond)} ({_said(limits)}{worlds.name(number)})"
            for budget in () if refused else budgets:
                arm.sized.setdefault(budget, []).append(sized(arm.instruments, budget, config))
    if refused:
        low, high = max((r.low for r in reaches), default=0.0), min((r.high for r in reaches), default=0.0)
        common = f"; all that can be sized reach {low:.4g} to {high:.4g}" if len(reaches) > 1 and low < high else ""
        raise ConfigError(f"budget: out of reach for {'; '.join(refused.values())}{common}")


def _said(limits: Reach) -> str:
    if not limits.share:
        return f"nothing in it is scalable, and it plans {limits.low:.4g}"
    return f"it reaches {limits.low:.4g} to {limits.high:.4g}"


def _merged(ranked: Sequence[Arm], same: list[tuple[str, str]]) -> dict[int, Arm]:
    """Arms that are another one at every budget, by their id, and that other one, which takes over their designs."""
    first: dict[Any, Arm] = {}
    merged = {}
    for arm in ranked:
        key = tuple(_key(instruments) for row in arm.sized.values() for instruments in row)
        kept = first.setdefault(key, arm)
        if kept is not arm:
            merged[id(arm)] = kept
            same.append((kept.label, f"{arm.label} (sized to the same budget)"))
            kept.designs += [design for design in arm.designs if design not in kept.designs]
    return merged
