"""Beside the picture: levers and what they changed, the story of a compound, and what to start from."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any

import solara
from mesa.visualization import Slider
from mesa.visualization.solara_viz import UserInputs
from mesa.visualization.utils import force_update, update_counter
from reacton import use_effect, use_memo, use_state

from govsim.app import levers as lever
from govsim.app import story as stories
from govsim.app.opening import opening
from govsim.app.parts import LANGUAGE, State, chooser, html, refusal, speaking, toggle
from govsim.app.twins import CHOICES, WORLDS, Twins, composed
from govsim.app.words import date_in_words
from govsim.config.overrides import options
from govsim.explain import Between, Line
from govsim.language import _
from govsim.language import date_in_words as day_in_words

__all__ = ["Side"]

_SEEDS = 100
_PLACES = ("community", "street")


@solara.component_vue("levers.vue")
def LeverList(levers: list[dict], event_turn: Callable[[dict], None], event_dose: Callable[[dict], None]):
    """Instruments with switches and doses."""


@speaking
def Side(state: State, twins: solara.Reactive[Twins]):
    """Levers, the story of a compound, or what to start from."""
    with solara.Div(classes=["gs-side"]):
        with solara.Div(classes=["gs-tabs"]):
            toggle({"levers": _("Levers"), "story": _("Compound"), "start": _("Start anew")}, state.tab)
        {"levers": Levers, "story": Story, "start": Start}[state.tab.value](state, twins)


@speaking
def Levers(state: State, twins: solara.Reactive[Twins]):
    """What is in force in the policy's world, to be changed while it plays."""
    model, _counter = twins.value, update_counter.value
    running = tuple(p.name for p in model.cities["policy"].timeline.running(model.week))
    changes = model.changes
    items = use_memo(
        lambda: lever.levers(model), [model, running, tuple(map(repr, changes)), LANGUAGE.value, state.refused.value]
    )
    written, set_written = use_state("")
    use_effect(lambda: state.refused.set(""), [model])

    def attempt(act: Callable[[], None]) -> None:
        state.refused.set(refusal(act))
        force_update()

    def turn(what: dict[str, Any]) -> None:
        attempt(lambda: model.put(what["name"]) if what["on"] else model.lift(what["name"]))

    def dose(what: dict[str, Any]) -> None:
        name, field = what["name"], what["field"]
        attempt(lambda: model.put(name, **{field: lever.read_dose(name, field, what["value"])}))

    def write(line: str) -> None:
        if line.strip():
            attempt(lambda: model.write(line))
            set_written(line if state.refused.value else "")

    html("p", _("What you change acts in the policy's world from the coming week on."), "gs-hint")
    if state.refused.value:
        html("p", state.refused.value, "gs-refused")
    LeverList(levers=items, event_turn=turn, event_dose=dose)
    solara.InputText(_("or in writing, as policy.fund.signal=reported"), value=written, on_value=write)
    Noted(twins)


@speaking
def Noted(twins: solara.Reactive[Twins]):
    """The command line of this world, and what was changed under way."""
    model, _counter = twins.value, update_counter.value
    changes = model.changes
    key = tuple(map(repr, changes))
    whole = use_memo(lambda: model.command_with_changes, [model, key])
    with solara.Div(classes=["gs-noted"]):
        if changes:
            html("h3", _("Changed under way"))
            lines = "".join(
                f"<li><b>{escape(date_in_words(change.week))}</b> {escape(lever.change_in_words(change))}</li>"
                for change in changes
            )
            solara.HTML(tag="ol", unsafe_innerHTML=lines)
        html("h3", _("This world as a command") if whole else _("The world it started from, as a command"))
        html("code", whole or model.command)


@speaking
def Story(state: State, twins: solara.Reactive[Twins]):
    """The compound that was clicked on."""
    model, _counter = twins.value, update_counter.value
    row = state.picked.value
    if row is None or row >= len(model.cities["policy"].places.settlements):
        html("p", _("Click a compound in the picture to read its story."), "gs-hint")
        return
    with model.lock:
        title, facts = stories.title(model, row), stories.facts(model, row)
    html("h3", title)
    head = f"<tr><th></th><th>{escape(_('baseline'))}</th><th>{escape(_('policy'))}</th></tr>"
    table = "".join(
        f"<tr><td>{escape(f.words)}</td><td colspan='2' class='gs-same'>{escape(f.policy)}</td></tr>"
        if f.same
        else f"<tr><td>{escape(f.words)}</td><td>{escape(f.baseline)}</td><td>{escape(f.policy)}</td></tr>"
        for f in facts
    )
    solara.HTML(tag="table", unsafe_innerHTML=head + table, classes=["gs-facts"])
    if model.probes:
        toggle({world: _("Its story: {world}", world=_(world)) for world in WORLDS}, state.told)
        Told(state, twins)


@speaking
def Told(state: State, twins: solara.Reactive[Twins]):
    """The story of the compound, or of one of its cases with its way in both worlds."""
    model, row, world, _counter = twins.value, state.picked.value, state.told.value, update_counter.value
    assert row is not None

    def tell() -> tuple[dict[int, str], list[Line], Between | None]:
        with model.lock:
            here = stories.cases(model, row, world, state.case.value)
            if state.case.value not in here:
                return here, stories.story(model, row, world), None
            case = stories.lives(model, state.case.value)
            return here, stories.life(case, world), case

    here, lines, case = use_memo(tell, [model, model.week, row, world, state.case.value, LANGUAGE.value])
    image = use_memo(
        lambda: stories.picture_of_way(case) if case else "",
        [case and (case.which, stories.course(case)), LANGUAGE.value],
    )
    chooser(_("of what"), {-1: _("the whole compound")} | here, state.case)
    dates = [f"<b>{escape(day_in_words(line.date))}</b> " if line.date else "" for line in lines]
    told = "".join(f"<p>{day}{escape(line.text)}</p>" for day, line in zip(dates, lines, strict=True))
    solara.HTML(tag="div", unsafe_innerHTML=told, classes=["gs-story"])
    if image:
        solara.HTML(tag="img", attributes={"src": image}, classes=["gs-way"])


@speaking
def Start(state: State, twins: solara.Reactive[Twins]):
    """What the next Reset starts from; Mesa's own inputs."""
    refused, set_refused = use_state("")
    chosen = state.choices.value
    offered = {
        "place": _("place"), "policy": _("policy"), "baseline": _("baseline"), "behaviour": _("theory of behaviour"),
        "shock": _("shock"),
    }  # fmt: skip
    now = {key: chosen.get(key) or twins.value.chosen[CHOICES[key]] for key in offered}
    named = {key: {_(o.replace("_", " ")): o for o in _offer(key, now[key])} for key in offered}
    inputs: dict[str, Any] = {
        key: {
            "type": "Select", "label": label, "values": list(named[key]),
            "value": next(words for words, option in named[key].items() if option == now[key]),
        }
        for key, label in offered.items()
    }  # fmt: skip
    seed = int(chosen.get("seed", twins.value.config.seed))
    inputs["seed"] = Slider(_("luck (seed {n})", n=seed), seed, 0, max(_SEEDS, seed), 1)

    def choose(key: str, value: Any) -> None:
        new = {**state.choices.value, key: named[key][value] if key in named else int(value)}
        why = refusal(lambda: composed(opening().overrides, **new))
        set_refused(why)
        if not why:
            state.choices.set(new)

    html("p", _("Choose, then press Reset: both worlds start anew from the same warm-up."), "gs-hint")
    if refused:
        html("p", refused, "gs-refused")
    UserInputs(inputs, on_change=choose)


def _offer(key: str, now: str) -> list[str]:
    """Options of a choice, the present one among them."""
    names = _PLACES if key == "place" else tuple(options("policy" if key == "baseline" else CHOICES[key]))
    if key == "baseline":  # without one there would be no second world
        names = tuple(name for name in names if name != "none")
    return [*names] if now in names else [now, *names]
