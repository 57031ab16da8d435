"""Twin worlds: one Mesa model that holds two cities in the same place and luck, one with a policy, one without.

Both go on from one warm-up, week by week. Until the first week in which their rules differ they are the same bit by
bit; what differs afterwards the policy did. What is in force in the policy's world can be changed under way, from the
current week on, and every change is a dated instrument that can be written down.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from threading import RLock
from typing import Any, NamedTuple

import mesa

from govsim.calendar import monday, week_of
from govsim.city import City
from govsim.config.check import ConfigError, check_instrument, checked, no_instrument
from govsim.config.compose import Composed, compose
from govsim.explain import Probe
from govsim.language import _
from govsim.policies import INSTRUMENTS, Instrument
from govsim.study.warmups import Warmups, default_folder
from govsim.study.world import build, warm_up

__all__ = ["CHOICES", "WORLDS", "Change", "Twins", "asked", "composed"]

WORLDS = ("baseline", "policy")
"""The two worlds, in the order in which they are shown."""

CHOICES = {
    "place": "place", "behaviour": "behaviour", "policy": "policy", "baseline": "baseline", "shock": "scenario",
    "seed": "seed",
}  # fmt: skip
"""What a visitor chooses before the start, and its key in a config; anything else comes as an override.

A shock is not called a scenario here: Mesa gives every model a scenario of its own.
"""


class Change(NamedTuple):
    """From a week on, another form of an instrument (or, where None, none of it)."""

    week: int
    name: str
    instrument: Instrument | None


def asked(overrides: Iterable[str], choices: Mapping[str, Any]) -> list[str]:
    """The overrides of a start: what was chosen, and what came besides."""
    return [*(f"{CHOICES[name]}={value}" for name, value in choices.items() if value is not None), *overrides]


def composed(overrides: Iterable[str], **choices: Any) -> Composed:
    """The checked configuration of a start.

    Raises:
        ConfigError: something is not allowed, or there is no second world.
    """
    found = compose(asked(overrides, choices))
    if found.config.baseline is None:
        two = _("two worlds are shown side by side; baseline=fragmented has no policy")
        raise ConfigError(f"baseline=none: {two}")
    return found


class Twins(mesa.Model):
    """Two cities that share place, seed, behaviour and warm-up.

    Args:
        overrides: as of ``govsim run``, without the choices that follow.
        place, behaviour, policy, baseline, shock, seed: options by name, and the name of the luck.
        rng: Mesa's name for the seed.

    Attributes:
        cities: the two :class:`~govsim.city.City`, by :data:`WORLDS`.
        probes: what stories of each world are made of; none where hand-offs are not kept.
        lock: held while a week runs and while what is in force is changed; hold it to read both worlds at one moment.

    Raises:
        ConfigError: something is not allowed.
    """

    def __init__(
        self,
        *,
        overrides: Iterable[str] = (),
        place: str | None = None,
        behaviour: str | None = None,
        policy: str | None = None,
        baseline: str | None = None,
        shock: str | None = None,
        seed: int | None = None,
        rng: int | None = None,
    ) -> None:
        luck = rng if seed is None else seed
        choices: dict[str, Any] = dict(zip(CHOICES, (place, behaviour, policy, baseline, shock, luck), strict=True))
        self.asked = asked(overrides, choices)
        found = composed(overrides, **choices)
        self.config, self.chosen = found.config, found.choices
        super().__init__(rng=self.config.seed)
        self.lock = RLock()
        self._ended = False
        of = {"policy": self.config, "baseline": replace(self.config, policy=self.config.baseline)}
        self.cities: dict[str, City] = {world: build(of[world]) for world in WORLDS}
        state = self._warmed_up()
        for city in self.cities.values():
            city.restore(state)
        keeps = self.config.keeps_handoffs
        self.probes = {world: Probe(city, world) for world, city in self.cities.items() if keeps}

    def _warmed_up(self) -> dict[str, Any]:
        """The state at week 0, computed once for a place, seed and theory and kept for the next visit."""
        kept = Warmups(default_folder())
        state = kept.load(self.config)
        if state is None:
            state = warm_up(self.cities["policy"])
            if self.config.place.is_small:
                kept.keep(self.config, state)
        return state

    @property
    def week(self) -> int:
        """The week that comes next, in both worlds."""
        return self.cities["policy"].week

    def step(self) -> None:
        """One week in both worlds; nothing once they are over, or once :meth:`end` was called."""
        with self.lock:
            if self.running:
                for city in self.cities.values():
                    city.step()
                self.running = not self._ended and all(city.running for city in self.cities.values())

    def end(self) -> None:
        """Let no further week run, whoever asks for one: nobody watches any more."""
        self._ended, self.running = True, False

    # --- changes under way

    def in_force(self, name: str) -> Instrument | None:
        """The form of an instrument that is in force in the policy's world in the week that comes next."""
        return next((p for p in self.cities["policy"].timeline.running(self.week) if p.name == name), None)

    def form(self, name: str) -> Instrument:
        """An instrument as it is in force, or as it last was or will be, or else as it comes."""
        ever = [p for p in self.cities["policy"].timeline.policies if p.name == name]
        return self.in_force(name) or (ever[-1] if ever else INSTRUMENTS[name]())

    def put(self, name: str, **values: Any) -> None:
        """Put an instrument in force from this week on, with some values other than :meth:`form` has.

        Raises:
            ConfigError: no such instrument, or a value that is not allowed; nothing was changed.
        """
        _check_name(name)
        with self.lock:
            form = self.form(name)
            day = monday(max(self.week, 0)).isoformat()
            new = {"start": day, "end": form.end if form.end > day else ""}
            new |= {field: checked(f"policy.{name}.{field}", value) for field, value in values.items()}
            instrument = replace(form, **new)
            check_instrument(f"policy.{name}", name, instrument)
            self.cities["policy"].timeline.change(self.week, name, instrument)

    def lift(self, name: str) -> None:
        """Take an instrument out of force from this week on.

        Raises:
            ConfigError: no such instrument.
        """
        _check_name(name)
        with self.lock:
            self.cities["policy"].timeline.change(self.week, name, None)

    def write(self, line: str) -> None:
        """Take a change as it is written in a config: ``policy.fund.yuan=700000`` or ``~policy.fund``.

        Raises:
            ConfigError: it is no such line, or asks for what is not allowed; nothing was changed.
        """
        from govsim.config.overrides import key_of, parse

        override = parse(line.strip())
        world, _dot, rest = key_of(override).partition(".")
        name, _dot, field = rest.partition(".")
        if world != "policy" or not name:
            only = _("under way only the policy changes, as in policy.fund.yuan=200000")
            raise ConfigError(f"{line.strip()}: {only}")
        if override.is_delete():
            return self.lift(name)
        if override.is_sweep_override():
            raise ConfigError(f"{line.strip()}: {_('takes one value')}")
        _check_name(name)
        known = [f.name for f in fields(INSTRUMENTS[name]) if f.name not in ("start", "end")]
        if field not in known:
            these = _("from this week on one of {names} can change", names=", ".join(known))
            raise ConfigError(f"policy.{rest}: {these}")
        return self.put(name, **{field: override.value()})

    @property
    def changes(self) -> list[Change]:
        """What was changed under way, by date."""
        begun = {(p.name, p.start): p for p in self.config.policy.values()}
        found = []
        for p in self.cities["policy"].timeline.policies:
            original = begun.pop((p.name, p.start), None)
            if original is None or replace(original, end=p.end) != p:
                found.append(Change(week_of(p.start), p.name, p))
            meant = self.config.policy[p.name].end if p.name in self.config.policy else ""
            if p.end and p.end != meant:
                found.append(Change(week_of(p.end), p.name, None))
        told = {change.name for change in found}
        found += [Change(week_of(p.start), p.name, None) for p in begun.values() if p.name not in told]  # never began
        forms = {(change.week, change.name) for change in found if change.instrument}
        kept = (c for c in found if c.instrument or (c.week, c.name) not in forms)
        return sorted(kept, key=lambda change: change[:2])

    # --- written down

    @property
    def command(self) -> str:
        """The command line that computes both worlds as they were at the start."""
        return shlex.join(["govsim", "run", *self.asked])

    @property
    def command_with_changes(self) -> str | None:
        """The command line that computes both worlds with all changes, or None where it takes more than one.

        A configuration holds one form of each instrument: what changes its dose under way, or is left out before its
        own date, takes a :meth:`~govsim.rules.Timeline.change` in Python.
        """
        changes = self.changes
        if not changes:
            return self.command
        policies = self.cities["policy"].timeline.policies
        line = self._as_written(policies)
        try:
            same = sorted(compose(line).config.policy.values(), key=lambda p: p.name) == policies
        except ConfigError:
            same = False
        return shlex.join(["govsim", "run", *line]) if same else None

    def _as_written(self, policies: list[Instrument]) -> list[str]:
        """Overrides under which the timeline should be as it stands, from the start."""
        begun, names = self.config.policy, {p.name for p in policies}
        new, gone = sorted(names - begun.keys()), sorted(begun.keys() - names)
        options = [*self.chosen["policy"].partition(" without ")[0].split("+"), *new]
        values: dict[str, Any] = {}
        for p in policies:
            was = begun.get(p.name) or INSTRUMENTS[p.name]()
            differ = [field.name for field in fields(p) if getattr(p, field.name) != getattr(was, field.name)]
            values |= {f"policy.{p.name}.{name}": getattr(p, name) for name in differ}
        void = ("policy=", *(f"policy.{name}." for name in gone), *(f"{key}=" for key in values))
        return [
            *(a for a in self.asked if not a.startswith(void)),
            f"policy=[{','.join(options)}]" if len(options) > 1 else f"policy={options[0]}",
            *(f"~policy.{name}" for name in gone),
            *(f"{key}={value}" if value != "" else f"{key}=''" for key, value in values.items()),
        ]


def _check_name(name: str) -> None:
    if name not in INSTRUMENTS:
        raise no_instrument(f"policy.{name}", name)
