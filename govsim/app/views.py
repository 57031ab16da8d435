"""The picture of both worlds with its legend, and the chart below it."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any

import solara
from mesa.visualization.utils import update_counter
from reacton import use_memo

from govsim.app import charts, picture
from govsim.app.ground import Ground
from govsim.app.parts import LANGUAGE, State, chooser, html, speaking, toggle
from govsim.app.shown import SHOWN
from govsim.app.twins import WORLDS, Twins
from govsim.compare.words import MINUS, number
from govsim.language import _, names_in_words
from govsim.plot import COLOURS

__all__ = ["Below", "Pictures"]


@solara.component_vue("picture.vue")
def World(
    title: str, caption: str, colour: str, src: str, columns: int, rows: int, picked: list[int] | None,
    event_pick: Callable[[dict], None],
):  # fmt: skip
    """One world as a picture to click on."""


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
        caption = _("mean of residents {amount}", amount=_amount(key, gap, signed=True))
        src = picture.difference(ground, key, shown["policy"] - shown["baseline"])
        return [{"title": _("Policy less baseline"), "caption": caption, "colour": "#333", "src": src}]
    names = {"baseline": model.chosen["baseline"], "policy": model.chosen["policy"]}
    titles = {"baseline": _("Baseline"), "policy": _("Policy")}
    amounts = {world: _("mean of residents {amount}", amount=_amount(key, mean[world])) for world in WORLDS}
    captions = {world: f"{names_in_words(names[world])} · {amounts[world]}" for world in WORLDS}
    if SHOWN[key].steps:
        captions = {world: names_in_words(names[world]) for world in WORLDS}
    return [
        {
            "title": titles[world], "caption": captions[world], "colour": COLOURS[world],
            "src": picture.image(ground, key, shown[world]),
        }
        for world in WORLDS
    ]  # fmt: skip


def _amount(key: str, value: float, signed: bool = False) -> str:
    if SHOWN[key].percent:
        return f"{number(100 * value, 1, signed)}%"
    return number(float(value), None if abs(value) >= 1 else 2, signed)


def _end(key: str, value: float, signed: bool) -> str:
    """A round number at the end of a scale."""
    text = f"{100 * value:{'+' if signed else ''}.0f}%" if SHOWN[key].percent else f"{value:{'+' if signed else ''}g}"
    return text.replace("-", MINUS)


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
        ends = [_end(key, value, differs) for value in (low, high)]
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
            toggle({key: _(chart.title) for key, chart in charts.CHARTS.items()}, state.chart)
            if chart == "time":
                names = {name: charts.outcome_in_words(name) for name in charts.OVER_TIME}
                chooser(_("outcome"), names, state.outcome)
            else:
                html("span", _(charts.CHARTS[chart].about), "gs-question")
        solara.FigureEcharts(options, attributes={"class": "gs-chart"}, responsive=True)


def _chart(model: Twins, chart: str, outcome: str) -> dict[str, Any]:
    with model.lock:
        return charts.chart(model, chart, outcome)
