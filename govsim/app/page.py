"""The page itself: what stands where, and what happens when a visitor acts.

Mesa's browser visualization runs it: its controller plays, steps and resets the model, its inputs choose what the
model starts from, and its counter says when to draw. Only the arrangement is not Mesa's, whose boxes of equal size
leave no room for one large picture.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from html import escape
from pathlib import Path
from typing import Any, cast

import reacton.ipyvuetify as v
import solara
from mesa.visualization import Slider
from mesa.visualization.solara_viz import ModelController, UserInputs
from mesa.visualization.utils import force_update, update_counter
from reacton import component, use_effect, use_memo, use_state

from govsim.app import charts, picture
from govsim.app import levers as lever
from govsim.app import story as stories
from govsim.app.ground import Ground
from govsim.app.opening import opening
from govsim.app.shown import SHOWN
from govsim.app.twins import CHOICES, WORLDS, Twins, composed
from govsim.app.words import about, date_in_words
from govsim.compare.words import number
from govsim.config.check import ConfigError
from govsim.config.overrides import options
from govsim.language import LANGUAGES, _, in_language
from govsim.language.font import css
from govsim.plot import COLOURS

__all__ = ["Page"]

LANGUAGE = solara.reactive("en")
"""What this visitor reads (each visitor's own, as everything reactive)."""

_SEEDS = 100
_PLACES = ("community", "street")
_PAUSE = 20  # milliseconds between two weeks


def speaking(body: Callable[..., Any]) -> Callable[..., Any]:
    """A component that speaks the visitor's language."""

    @wraps(body)
    def spoken(*args: Any, **kwargs: Any) -> Any:
        with in_language(LANGUAGE.value):
            return body(*args, **kwargs)

    return component(spoken)


@solara.component_vue("picture.vue")
def World(
    title: str, caption: str, colour: str, src: str, columns: int, rows: int, picked: list[int] | None,
    event_pick: Callable[[dict], None],
):  # fmt: skip
    """One world as a picture to click on."""


@solara.component_vue("levers.vue")
def LeverList(levers: list[dict], event_turn: Callable[[dict], None], event_dose: Callable[[dict], None]):
    """Instruments with switches and doses."""


class State:
    """What a visitor looks at and has chosen."""

    def __init__(self) -> None:
        self.shown = solara.reactive("unmet")
        self.view = solara.reactive("both")
        self.chart = solara.reactive("time")
        self.outcome = solara.reactive(charts.OVER_TIME[0])
        self.picked: solara.Reactive[int | None] = solara.reactive(None)
        self.tab = solara.reactive("levers")
        self.about = solara.reactive(False)
        self.refused = solara.reactive("")
        self.speed = solara.reactive(1)
        self.choices: solara.Reactive[dict[str, Any]] = solara.reactive(dict(opening().choices))


@component
def Layout(children: Any = ()):
    """Nothing around the page."""
    return solara.Div(children=list(children))


@component
def Page():
    """The page."""
    state = use_memo(State, [])
    first = use_memo(lambda: Twins(overrides=opening().overrides, **opening().choices), [])
    twins = solara.use_reactive(first)
    use_effect(lambda: lambda: twins.peek().end(), [])  # a closed tab
    solara.Style(css())
    solara.Style(Path(__file__).with_name("page.css"))
    with solara.Div(classes=["gs-page", f"gs-{LANGUAGE.value}"]):
        Header(state, twins)
        Toolbar(state, twins)
        with solara.Div(classes=["gs-main"]):
            with solara.Div(classes=["gs-left"]):
                Pictures(state, twins)
                Below(state, twins)
            with solara.Div(classes=["gs-right"]):
                Side(state, twins)
    if state.about.value:
        About(state, twins)


# --- above


@speaking
def Header(state: State, twins: solara.Reactive[Twins]):
    """Title, date, language."""
    update_counter.get()
    model = twins.value
    with solara.Div(classes=["gs-header"]):
        _html("h1", _("Two ways to govern one place"))
        _html("p", _("the same people, problems and luck; only the policy differs"), "gs-subtitle")
        with solara.Div(classes=["gs-when"]):
            _html("b", _("Week {week}", week=model.week), "gs-week")
            _html("span", date_in_words(model.week), "gs-date")
        solara.Button(
            _("What am I looking at?"), on_click=lambda: state.about.set(True), text=True, classes=["gs-what"]
        )
        with solara.Div(classes=["gs-languages"]):
            for code, name in LANGUAGES.items():
                solara.Button(
                    name, on_click=lambda code=code: LANGUAGE.set(code), text=True,
                    classes=["gs-language", "gs-chosen" if code == LANGUAGE.value else ""],
                )  # fmt: skip


@speaking
def Toolbar(state: State, twins: solara.Reactive[Twins]):
    """Mesa's controller, and what the picture shows."""
    pause, threads = solara.use_reactive(_PAUSE), solara.use_reactive(False)
    parameters = {"overrides": opening().overrides, **state.choices.value}
    solara.Style(_controls_in_words())
    with solara.Div(classes=["gs-toolbar"]):
        with solara.Div(classes=["gs-controls"]):
            ModelController(
                cast(Any, twins),
                model_parameters=parameters,
                play_interval=pause,
                render_interval=state.speed,
                use_threads=threads,
            )
        _chooser(_("weeks at a time"), {n: str(n) for n in (1, 4, 13)}, state.speed)
        _chooser(_("colour shows"), {key: _(what.label) for key, what in SHOWN.items()}, state.shown)
        _toggle({"both": _("Side by side"), "difference": _("Difference")}, state.view)


def _controls_in_words() -> str:
    """Mesa says Reset and Step in English alone: in other languages their words are drawn over them."""
    words = {1: _("Reset"), 3: _("Step")}
    if words[1] == "Reset":
        return ""
    return "".join(
        f".gs-controls .v-btn:nth-child({n}) .v-btn__content{{font-size:0}}"
        f".gs-controls .v-btn:nth-child({n}) .v-btn__content::after{{content:'{word}';font-size:14px}}"
        for n, word in words.items()
    )


# --- the picture


@speaking
def Pictures(state: State, twins: solara.Reactive[Twins]):
    """Both worlds, or their difference, and the legend."""
    model, counter = twins.value, update_counter.value
    key, view, picked = state.shown.value, state.view.value, state.picked.value
    ground = use_memo(lambda: Ground(model.cities["policy"].places), [model])
    worlds = use_memo(lambda: _worlds(model, ground, key, view), [model, counter, key, view, LANGUAGE.value])
    table = ground.places.settlements

    def pick(cell: dict[str, int]) -> None:
        row = ground.at(cell["column"], cell["row"])
        state.picked.set(row)
        if row is not None:
            state.tab.set("story")

    chosen = None if picked is None or picked >= len(table) else [int(table.x[picked]), int(table.y[picked])]
    lattice = {"--lattice": f"{ground.columns / ground.rows:.4f}"}
    with solara.Div(classes=["gs-pictures"]):
        with solara.Div(classes=["gs-worlds"], style=lattice):
            for words in worlds:
                World(columns=ground.columns, rows=ground.rows, picked=chosen, event_pick=pick, **words)
        legend = _legend(key, view == "difference", ground.borders)
        solara.HTML(tag="div", unsafe_innerHTML=legend, classes=["gs-legend"])


def _worlds(model: Twins, ground: Ground, key: str, view: str) -> list[dict[str, Any]]:
    """Title, caption and image of what is to be seen."""
    with model.lock:
        shown = {world: picture.values(model.cities[world], ground, key) for world in WORLDS}
        mean = {world: (shown[world] * ground.residents).sum() / ground.residents.sum() for world in WORLDS}
    gap = mean["policy"] - mean["baseline"]
    if view == "difference":
        caption = _("mean of residents {gap}", gap=_amount(key, gap, signed=True))
        src = picture.difference(ground, key, shown["policy"] - shown["baseline"])
        return [{"title": _("Policy less baseline"), "caption": caption, "colour": "#333", "src": src}]
    names = {"baseline": model.chosen["baseline"], "policy": model.chosen["policy"]}
    titles = {"baseline": _("Baseline"), "policy": _("Policy")}
    captions = {world: f"{_(names[world].replace('_', ' '))} · {_amount(key, mean[world])}" for world in WORLDS}
    if SHOWN[key].steps:
        captions = {world: _(names[world].replace("_", " ")) for world in WORLDS}
    return [
        {
            "title": titles[world], "caption": captions[world], "colour": COLOURS[world],
            "src": picture.image(ground, key, shown[world]),
        }
        for world in WORLDS
    ]  # fmt: skip


def _amount(key: str, value: float, signed: bool = False) -> str:
    what = SHOWN[key]
    if what.percent:
        return f"{number(100 * value, 1, signed)} %"
    return number(float(value), None if abs(value) >= 1 else 2, signed)


def _legend(key: str, differs: bool, borders: tuple[str, ...]) -> str:
    """The colour scale with its unit, and what the lines are."""
    what = SHOWN[key]
    lines = {"grids": _("grids"), "communities": _("communities"), "streets": _("streets")}
    marks = "".join(f'<i class="gs-line" style="background:{picture.BORDERS[b]}"></i>{lines[b]}' for b in borders)
    colours = picture.gradient(key, differs)
    if what.steps and not differs:
        scale = "".join(
            f'<i class="gs-swatch" style="background:{colour}"></i>{escape(_(step))}'
            for colour, step in zip(colours, what.steps, strict=True)
        )
    else:
        low, high = (-what.spread, what.spread) if differs else (what.low, what.high)
        ends = [_amount(key, v, signed=differs) for v in (low, high)]
        bar = f'<i class="gs-bar" style="background:linear-gradient(to right,{",".join(colours)})"></i>'
        scale = f"{ends[0]}{bar}{ends[1]}"
    better = _("purple: better under the policy") if differs else _(what.meaning)
    unit = f" ({escape(_(what.unit))})" if what.unit else ""
    return (
        f"<div><b>{escape(_(what.label))}</b>{unit} {scale}<span class='gs-lines'>{marks}</span></div>"
        f"<div class='gs-meaning'>{escape(better)}</div>"
    )


# --- below the picture


@speaking
def Below(state: State, twins: solara.Reactive[Twins]):
    """One of the charts."""
    model, counter = twins.value, update_counter.value
    chart, outcome = state.chart.value, state.outcome.value
    options = use_memo(lambda: _chart(model, chart, outcome), [model, counter, chart, outcome, LANGUAGE.value])
    with solara.Div(classes=["gs-below"]):
        with solara.Div(classes=["gs-tabs"]):
            _toggle({key: _(chart.title) for key, chart in charts.CHARTS.items()}, state.chart)
            if chart == "time":
                names = {name: charts.outcome_in_words(name) for name in charts.OVER_TIME}
                _chooser(_("outcome"), names, state.outcome)
            else:
                _html("span", _(charts.CHARTS[chart].about), "gs-question")
        solara.FigureEcharts(options, attributes={"class": "gs-chart"}, responsive=True)


def _chart(model: Twins, chart: str, outcome: str) -> dict[str, Any]:
    with model.lock:
        return charts.chart(model, chart, outcome)


# --- beside the picture


@speaking
def Side(state: State, twins: solara.Reactive[Twins]):
    """Levers, the story of a compound, or what to start from."""
    with solara.Div(classes=["gs-side"]):
        with solara.Div(classes=["gs-tabs"]):
            _toggle({"levers": _("Levers"), "story": _("Compound"), "start": _("Start anew")}, state.tab)
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

    def attempt(act: Callable[[], None]) -> None:
        try:
            act()
            state.refused.set("")
        except ConfigError as error:
            state.refused.set(str(error))
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

    _html("p", _("What you change acts in the policy's world from the coming week on."), "gs-hint")
    if state.refused.value:
        _html("p", state.refused.value, "gs-refused")
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
            _html("h3", _("Changed under way"))
            lines = "".join(
                f"<li><b>{escape(date_in_words(change.week))}</b> {escape(lever.change_in_words(change))}</li>"
                for change in changes
            )
            solara.HTML(tag="ol", unsafe_innerHTML=lines)
        _html("h3", _("This world as a command") if whole else _("The world it started from, as a command"))
        _html("code", whole or model.command)


@speaking
def Story(state: State, twins: solara.Reactive[Twins]):
    """The compound that was clicked on."""
    model, _counter = twins.value, update_counter.value
    row = state.picked.value
    if row is None or row >= len(model.cities["policy"].places.settlements):
        _html("p", _("Click a compound in the picture to read its story."), "gs-hint")
        return
    with model.lock:
        title, facts = stories.title(model, row), stories.facts(model, row)
    _html("h3", title)
    head = f"<tr><th></th><th>{escape(_('baseline'))}</th><th>{escape(_('policy'))}</th></tr>"
    lines = "".join(
        f"<tr><td>{escape(f.words)}</td><td colspan='2' class='gs-same'>{escape(f.policy)}</td></tr>"
        if f.same
        else f"<tr><td>{escape(f.words)}</td><td>{escape(f.baseline)}</td><td>{escape(f.policy)}</td></tr>"
        for f in facts
    )
    solara.HTML(tag="table", unsafe_innerHTML=head + lines, classes=["gs-facts"])


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
        try:
            composed(opening().overrides, **new)
        except ConfigError as error:
            set_refused(str(error))
            return
        set_refused("")
        state.choices.set(new)

    _html("p", _("Choose, then press Reset: both worlds start anew from the same warm-up."), "gs-hint")
    if refused:
        _html("p", refused, "gs-refused")
    UserInputs(inputs, on_change=choose)


def _offer(key: str, now: str) -> list[str]:
    """Options of a choice, the present one among them."""
    names = _PLACES if key == "place" else tuple(options("policy" if key == "baseline" else CHOICES[key]))
    if key == "baseline":  # without one there would be no second world
        names = tuple(name for name in names if name != "none")
    return [*names] if now in names else [now, *names]


@speaking
def About(state: State, twins: solara.Reactive[Twins]):
    """What one looks at, what for, and where it ends."""
    dialog = v.Dialog(v_model=True, on_v_model=lambda _open: state.about.set(False), max_width=720)
    with dialog, solara.Div(classes=["gs-about"]):
        for heading, paragraphs in about(twins.value):
            _html("h2", heading)
            for words in paragraphs:
                _html("p", words)
        solara.Button(_("Close"), on_click=lambda: state.about.set(False), text=True)


# --- small parts


def _html(tag: str, words: str, *classes: str) -> Any:
    return solara.HTML(tag=tag, unsafe_innerHTML=escape(words), classes=list(classes))


def _toggle(offered: dict[str, str], value: solara.Reactive[str]) -> None:
    """A choice of few, each a button."""
    with solara.Div(classes=["gs-toggle"]):
        for key, words in offered.items():
            solara.Button(
                words, on_click=lambda key=key: value.set(key), text=True,
                classes=["gs-chosen" if key == value.value else ""],
            )  # fmt: skip


def _chooser(label: str, offered: dict[Any, str], value: solara.Reactive[Any]) -> None:
    """A choice of many, in a list that drops down."""
    items = [{"text": words, "value": key} for key, words in offered.items()]
    v.Select(
        label=label, items=items, v_model=value.value, on_v_model=value.set, dense=True, hide_details=True,
        outlined=True, class_="gs-chooser", menu_props={"offsetY": True},
    )  # fmt: skip
