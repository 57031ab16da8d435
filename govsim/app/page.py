"""The page itself: what stands where.

Mesa's browser visualization runs it: its controller plays, steps and resets the model, its inputs choose what the
model starts from, and its counter says when to draw. Only the arrangement is not Mesa's, whose boxes of equal size
leave no room for one large picture.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import reacton.ipyvuetify as v
import solara
from mesa.visualization.solara_viz import ModelController
from mesa.visualization.utils import update_counter
from reacton import component, use_effect, use_memo

from govsim.app.opening import opening
from govsim.app.parts import LANGUAGE, State, chooser, html, speaking, toggle
from govsim.app.shown import SHOWN
from govsim.app.side import Side
from govsim.app.twins import Twins
from govsim.app.views import Below, Pictures
from govsim.app.words import about, date_in_words
from govsim.language import LANGUAGES, _
from govsim.language.font import css

__all__ = ["Page"]

_PAUSE = 20  # milliseconds between two weeks


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


@speaking
def Header(state: State, twins: solara.Reactive[Twins]):
    """Title, date, language."""
    update_counter.get()
    model = twins.value
    with solara.Div(classes=["gs-header"]):
        html("h1", _("Two ways to govern one place"))
        html("p", _("the same people, problems and luck; only the policy differs"), "gs-subtitle")
        with solara.Div(classes=["gs-when"]):
            html("b", _("Week {week}", week=model.week), "gs-week")
            html("span", date_in_words(model.week), "gs-date")
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
        chooser(_("weeks at a time"), {n: str(n) for n in (1, 4, 13)}, state.speed)
        chooser(_("colour shows"), {key: _(what.label) for key, what in SHOWN.items()}, state.shown)
        toggle({"both": _("Side by side"), "difference": _("Difference")}, state.view)


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


@speaking
def About(state: State, twins: solara.Reactive[Twins]):
    """What one looks at, what for, and where it ends."""
    dialog = v.Dialog(v_model=True, on_v_model=lambda _open: state.about.set(False), max_width=720)
    with dialog, solara.Div(classes=["gs-about"]):
        for heading, paragraphs in about(twins.value):
            html("h2", heading)
            for words in paragraphs:
                html("p", words)
        solara.Button(_("Close"), on_click=lambda: state.about.set(False), text=True)
