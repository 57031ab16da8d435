"""From what an experiment says of a design to rows of levels, of levers as of uncertainties."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from govsim.config.check import ConfigError
from govsim.config.ensemble import ENSEMBLE
from govsim.policies import INSTRUMENTS
from govsim.study import designs, factors
from govsim.study.designs import Table
from govsim.study.factors import OFF, ON, SPREAD, Factor
from govsim.study.levers import Policy
from govsim.study.spec import ALL, Spec

__all__ = ["PAIR", "SAMPLERS", "TIMES", "Layout", "layouts"]

SAMPLERS = ("latin_hypercube", "sobol", "morris")

PAIR, TIMES = "pair", " × "
"""How the design of a pair of levers is called: ``pair fund × committee``."""

Find = Callable[[str, str], Factor]
"""The factor of a name; the first argument is how errors call it."""

POLICY = "policy"
"""The column of a table of points that names the policy which its levers change."""


@dataclass(frozen=True)
class Layout:
    """A design, laid out.

    Attributes:
        design: its name.
        factors: what it varies.
        rows: a level for each factor that a row sets.
        policies: for each row the policy that its levers change, as it was asked for; None: ``within``.
        levels: what each factor was given, where that says more than the rows: all levels, or the ends of a sampler.
        facts: what its analysis must know.
    """

    design: str
    factors: tuple[Factor, ...]
    rows: tuple[Mapping[Factor, Any], ...]
    policies: tuple[Any, ...]
    levels: Mapping[Factor, tuple[Any, ...]]
    facts: Mapping[str, Any]

    @property
    def is_sampled(self) -> bool:
        """Whether its rows are drawn."""
        return self.design in SAMPLERS


def layouts(
    spec: Spec, role: str, find: Find, within: Policy | None = None, every: Callable[[], Mapping[str, Any]] = dict
) -> list[Layout]:
    """The designs of a role, laid out.

    Args:
        spec: what the study asks.
        role: ``levers`` or ``uncertainties``.
        find: the factor of a name.
        within: the policy that levers change.
        every: levels of everything that can be varied one at a time, asked for where ``all`` is.

    Raises:
        ConfigError: a design names what is not there, asks for a level that is not allowed, or cannot be made.
    """
    found = []
    for design, given in getattr(spec, role).items():
        if design == "pairs":
            found += _pairs(f"{role}.{design}", given, find)
        else:
            found.append(_layout(spec, role, design, every() if _is_every(design, given) else given, find, within))
    return found


def _is_every(design: str, given: Any) -> bool:
    return design == "one_at_a_time" and given == ALL


def _layout(spec: Spec, role: str, design: str, given: Any, find: Find, within: Policy | None) -> Layout:
    said = f"{role}.{design}"
    if design == ENSEMBLE:
        given = _some(spec.members, given)
    if design in ("points", ENSEMBLE):
        return _points(design, said, given, find)
    if design == "policies":
        if not isinstance(given, list):
            raise ConfigError(f"{said}={given}: must be a list of policies")
        return Layout(design, (), tuple({} for _ in given), tuple(given), {}, {})
    if design == "doses" and given == ALL:
        given = dict.fromkeys(INSTRUMENTS, SPREAD)
    if design in ("each", "without") and within:
        given = {name: [ON if design == "each" else OFF] for name in _instruments(said, design, given, within)}
    if not isinstance(given, Mapping):
        raise ConfigError(f"{said}={given}: must name {role}, as in {said}.{_EXAMPLE[role]}")
    read = factors.bounds if design in SAMPLERS else factors.doses if design == "doses" else factors.levels
    asked: dict[Factor, Any] = {}
    for name, levels in given.items():
        factor = find(f"{said}.{name}", name)
        if factor in asked:
            raise ConfigError(f"{said}.{name}: {factor.name} is there already")
        asked[factor] = read(factor, f"{said}.{name}", levels)
    try:
        table = _table(spec, design, {factor.name: levels for factor, levels in asked.items()})
    except ValueError as error:
        raise ConfigError(f"{said}: {error}") from None
    by_name = {factor.name: factor for factor in asked}
    rows = tuple({by_name[name]: level for name, level in row.items()} for row in table.rows)
    declared = design in (*SAMPLERS, "factorial", "fractional")
    levels = {factor: tuple(given) for factor, given in asked.items()} if declared else {}
    return Layout(design, tuple(asked), rows, (None,) * len(rows), levels, table.facts)


_EXAMPLE = {"levers": "fund=[off,on]", "uncertainties": "behaviour.patrol_reach=[0.1,0.3]"}


def _table(spec: Spec, design: str, asked: Mapping[str, Any]) -> Table:
    match design:
        case "factorial":
            return designs.factorial(asked)
        case "fractional":
            return designs.fractional(asked, spec.resolution)
        case "latin_hypercube":
            return designs.latin_hypercube(asked, spec.samples, spec.seed)
        case "sobol":
            return designs.sobol(asked, spec.samples, spec.seed)
        case "morris":
            return designs.morris(asked, spec.samples, spec.seed)
        case _:
            return designs.one_at_a_time(asked)


def _instruments(said: str, design: str, given: Any, within: Policy) -> list[str]:
    """Those that ``each`` puts in or ``without`` takes out."""
    there = list(within.instruments)
    if given == ALL:
        names = there if design == "without" else [name for name in INSTRUMENTS if name not in there]
        if not names:
            why = "no instrument to take out" if design == "without" else "every instrument already"
            raise ConfigError(f"{said}=all: {within.label} has {why}; name another policy as within=")
        return names
    if not isinstance(given, list):
        raise ConfigError(f"{said}={given}: must be all, or a list of instruments")
    names = [str(name) for name in given]
    for name in names:
        if design == "without" and name in INSTRUMENTS and name not in there:
            raise ConfigError(f"{said}={name}: {within.label} has no {name}, it has {', '.join(there) or 'none'}")
    return names


def _pairs(said: str, given: Any, find: Find) -> Iterator[Layout]:
    """A two-by-two of its own for each pair of instruments: neither, one, the other, both."""
    if not isinstance(given, list) or not all(isinstance(p, list) and len({*map(str, p)}) == 2 for p in given):
        raise ConfigError(f"{said}={given}: must be a list of pairs, as in {said}=[[fund,committee]]")
    for pair in given:
        factors_of = tuple(find(f"{said}={name}", str(name)) for name in pair)
        for factor in factors_of:
            if factor.name != factor.instrument:
                raise ConfigError(f"{said}={factor.name}: must be an instrument, which is off or on")
        levels = {factor: (OFF, ON) for factor in factors_of}
        rows = tuple(dict(zip(factors_of, switches, strict=True)) for switches in product((OFF, ON), repeat=2))
        name = f"{PAIR} {TIMES.join(factor.name for factor in factors_of)}"
        yield Layout(name, factors_of, rows, (None,) * len(rows), levels, {})


def _some(wanted: int, members: Any) -> Any:
    """So many members of an ensemble, spread evenly over it; all for 0."""
    if not wanted or not isinstance(members, list):
        return members
    if wanted > len(members):
        raise ConfigError(f"members={wanted}: the ensemble has {len(members)}")
    return [members[i * len(members) // wanted] for i in range(wanted)]


def _points(design: str, said: str, given: Any, find: Find) -> Layout:
    """A table of points, or the members of an ensemble, as it was given: a row each."""
    if not isinstance(given, list) or not all(isinstance(row, Mapping) for row in given):
        raise ConfigError(f"{said}={given}: must be a file in CSV, or a list of rows")
    role, _, _ = said.partition(".")
    names = dict.fromkeys(name for row in given for name in row)
    has_policy = role == "levers" and names.pop(POLICY, True) is None
    by_name = {name: find(f"{said}.{name}", name) for name in names}
    rows = tuple(
        {
            by_name[name]: factors.level(by_name[name], f"{said}: row {number}, {name}", value)
            for name, value in row.items()
            if name in by_name
        }
        for number, row in enumerate(given, start=1)
    )
    policies = tuple(row.get(POLICY) if has_policy else None for row in given)
    return Layout(design, tuple(by_name.values()), rows, policies, {}, {})
