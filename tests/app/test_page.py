"""The page in a real browser: what a visitor sees and does, and what the page must never do."""

from __future__ import annotations

import gc
import os
import shutil
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

import matplotlib as mpl
import pytest
from matplotlib._pylab_helpers import Gcf

from govsim.language import _, in_language

FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
SIZE = {"width": 1366, "height": 768}


def lacking(what: str) -> None:
    """Skip where the machine lacks something; in continuous integration it must be there."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what} is not installed")
    pytest.skip(f"{what} is not installed")


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        lacking("playwright")
        return
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found is None:
        lacking("Chromium")
        return
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=found, args=list(FLAGS))
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def models() -> Iterator[weakref.WeakSet]:
    """Every model that a visit made and that has not been freed."""
    from govsim.app.twins import Twins

    alive: weakref.WeakSet = weakref.WeakSet()
    begin = Twins.__init__

    @wraps(begin)  # Mesa asks for the signature
    def noted(self, **kwargs) -> None:
        alive.add(self)
        begin(self, **kwargs)

    Twins.__init__ = noted
    yield alive
    Twins.__init__ = begin


@pytest.fixture(scope="module")
def settings() -> Iterator[None]:
    """Solara gives matplotlib settings of another class, in which other tests would leave their style behind."""
    before, figures = mpl.RcParams, Gcf.figs
    yield
    mpl.RcParams, Gcf.figs = before, figures
    mpl.rcParams.__class__ = before


@pytest.fixture(scope="module")
def address(models, settings) -> Iterator[str]:
    try:
        import solara  # noqa: F401

        from govsim.app.opening import Opening
        from govsim.app.serve import free_port, server
        from govsim.app.twins import Twins
    except ImportError:
        lacking("the extra app")
        return
    up: list[str] = []
    opening = Opening({"place": "community"}, ("warmup=12", "weeks=200"))
    Twins(overrides=opening.overrides, **opening.choices).step()  # compiles, so that no page has to wait for it
    with free_port(0) as listening:
        serving = server(listening, opening, up.append)
        thread = threading.Thread(target=serving.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        until(lambda: up, seconds=60)
        yield up[0]
        serving.should_exit = True
        thread.join(20)


@pytest.fixture
def visit(browser, address) -> Iterator[Callable[[], Any]]:
    """Opens the page in a new window; afterwards it must have met no error and no other host."""
    pages, troubles = [], []

    def opened() -> Any:
        page = browser.new_page(viewport=SIZE)
        page.set_default_timeout(60_000)  # of a machine that is busy with other tests
        page.on("console", lambda m: troubles.append(f"console: {m.text}") if m.type == "error" else None)
        page.on("pageerror", lambda error: troubles.append(f"error: {error}"))
        page.on("requestfailed", lambda request: troubles.append(f"failed: {request.url}"))
        page.on("response", lambda r: troubles.append(f"{r.status}: {r.url}") if r.status >= 400 else None)
        page.on("request", lambda r: None if r.url.startswith((address, "data:", "blob:")) else troubles.append(r.url))
        page.goto(address)
        page.wait_for_selector("img.gs-image")
        page.wait_for_selector(".gs-chart canvas")
        pages.append(page)
        return page

    yield opened
    for page in pages:
        page.close()
    assert troubles == []


def until(so: Callable[[], Any], seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not so():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.05)


def press(page: Any, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def week(page: Any) -> int:
    return int(page.inner_text(".gs-week").split()[-1])


def reaches(page: Any, n: int) -> None:
    page.wait_for_function("n => +document.querySelector('.gs-week')?.innerText.split(' ').at(-1) >= n", arg=n)


def starts_anew(page: Any) -> None:
    press(page, "Reset")
    page.wait_for_function("() => document.querySelector('.gs-week')?.innerText.endsWith(' 0')")


def images(page: Any) -> list[str]:
    return page.eval_on_selector_all("img.gs-image", "all => all.map(image => image.src)")


def alike(page: Any) -> bool:
    """Whether all pictures are the same one; they come a moment after the week they show."""
    return len(set(images(page))) == 1


def stands_still(page: Any) -> None:
    """Weeks pass no more, once the one that was under way has ended."""
    weeks = [-1]
    until(lambda: page.wait_for_timeout(500) or weeks.append(week(page)) or weeks[-2] == weeks[-1])
    page.wait_for_timeout(1_000)
    assert week(page) == weeks[-1]


def colours(page: Any, selector: str) -> int:
    """How many colours an image or canvas on the page has."""
    return page.evaluate(
        """selector => {
            const from = document.querySelector(selector), canvas = document.createElement('canvas');
            canvas.width = from.clientWidth; canvas.height = from.clientHeight;
            const draw = canvas.getContext('2d');
            draw.drawImage(from, 0, 0, canvas.width, canvas.height);
            return new Set(new Uint32Array(draw.getImageData(0, 0, canvas.width, canvas.height).data.buffer)).size;
        }""",
        selector,
    )


def test_it_opens_on_two_worlds_that_are_the_same(visit):
    page = visit()
    assert week(page) == 0
    assert len(images(page)) == 2
    until(lambda: alike(page))
    assert colours(page, "img.gs-image") > 10
    until(lambda: colours(page, ".gs-chart canvas") > 10)
    press(page, "What am I looking at?")
    page.get_by_text("It predicts nothing and advocates nothing").wait_for()
    press(page, "Close")
    page.get_by_text("It predicts nothing and advocates nothing").wait_for(state="hidden")


def test_it_steps_plays_pauses_and_starts_anew(visit):
    page = visit()
    press(page, "Step")
    reaches(page, 1)
    assert week(page) == 1
    until(lambda: not alike(page))
    press(page, "▶")
    reaches(page, 8)
    starts_anew(page)  # while it plays
    until(lambda: alike(page))
    press(page, "▶")
    reaches(page, 3)
    press(page, "❚❚")
    page.get_by_role("button", name="▶", exact=True).wait_for()
    stands_still(page)


def test_it_plays_to_the_end_and_starts_anew(visit):
    page = visit()
    page.locator(".gs-chooser").first.click()
    page.get_by_role("option", name="13", exact=True).click()
    press(page, "▶")
    reaches(page, 200)
    assert page.get_by_role("button", name="Step").is_disabled()
    starts_anew(page)
    press(page, "Step")
    reaches(page, 1)


def test_a_lever_acts_while_it_plays_and_is_noted(visit):
    page = visit()
    page.get_by_text("govsim run place=community warmup=12 weeks=200").wait_for()
    press(page, "▶")
    reaches(page, 3)
    dose = page.locator("[data-lever=grid_staffing] input[type=text]")
    dose.fill("2.5")
    dose.press("Enter")
    noted = page.get_by_text("Grid staffing: 2.5 workers per grid")
    noted.wait_for()
    at = week(page)
    reaches(page, at + 3)
    page.locator("[data-lever=committee] input[type=checkbox]").click()
    page.get_by_text("Committee: no longer").wait_for()
    assert page.locator("[data-lever=grid_staffing].on").count() == 1
    assert page.locator("[data-lever=committee].on").count() == 0
    press(page, "Reset")
    noted.wait_for(state="hidden")


def test_what_is_not_allowed_is_refused_in_words_and_the_page_lives_on(visit):
    page = visit()
    dose = page.locator("[data-lever=fund] input[type=text]")
    for typed, words in (("much", "is no number"), ("9e9", "must be a number from 0 to 2,000,000")):
        dose.fill(typed)
        dose.press("Enter")
        page.locator(".gs-refused", has_text=words).wait_for()
    line = page.locator(".gs-right input[type=text]").last
    line.fill("policy.fond.yuan=3")
    line.press("Enter")
    refused = page.locator(".gs-refused", has_text="no such instrument; nearest: fund")
    refused.wait_for()
    shown = refused.bounding_box()  # though the line is far below it
    assert page.locator(".gs-right").bounding_box()["y"] <= shown["y"] <= SIZE["height"] - shown["height"]
    line.fill("policy.fund.yuan=70000")
    line.press("Enter")
    page.locator(".gs-refused").wait_for(state="hidden")
    page.get_by_text("Fund: 70,000 yuan per community and year").wait_for()
    press(page, "Step")
    reaches(page, 1)


def test_a_compound_tells_its_story(visit):
    page = visit()
    press(page, "Step")
    reaches(page, 1)
    place = page.locator("img.gs-image").nth(1)
    box = place.bounding_box()
    place.click(position={"x": 0.1 * box["width"], "y": 0.9 * box["height"]})
    page.locator(".gs-facts").wait_for()
    assert page.locator(".gs-picked").count() == 2
    assert "Residents" in page.inner_text(".gs-facts")
    policy = page.inner_text(".gs-story")
    press(page, "Its story: baseline")
    page.wait_for_function("other => document.querySelector('.gs-story').innerText != other", arg=policy)
    press(page, "Step")
    reaches(page, 2)
    assert page.locator(".gs-picked").count() == 2
    page.locator(".gs-right .gs-chooser").click()
    page.get_by_role("option").nth(1).click()  # a case of the compound
    page.locator("img.gs-way").wait_for()
    assert "It touches resident" in page.inner_text(".gs-story")
    until(lambda: colours(page, "img.gs-way") > 10)


def test_the_picture_shows_what_is_chosen_and_the_difference(visit):
    page = visit()
    for n in (1, 2, 3):
        press(page, "Step")
        reaches(page, n)
    before = images(page)
    page.locator(".gs-chooser").nth(1).click()
    page.get_by_role("option", name="Satisfaction", exact=True).click()
    page.locator(".gs-legend", has_text="how content residents are").wait_for()
    until(lambda: not set(images(page)) & set(before))
    press(page, "Difference")
    page.locator("figcaption", has_text="Policy less baseline").wait_for()
    until(lambda: len(images(page)) == 1)
    for chart in ("Where problems are stuck", "Queues at departments", "What it costs"):
        press(page, chart)
        until(lambda: colours(page, ".gs-chart canvas") > 10)


def test_it_speaks_chinese(visit):
    page = visit()
    press(page, "中文")
    with in_language("zh"):
        title, unmet, step = _("Two ways to govern one place"), _("Unmet need"), _("Step")
        refused = _("is no number")
    page.get_by_role("heading", name=title).wait_for()
    page.locator(".gs-legend", has_text=unmet).wait_for()
    button = page.locator(".gs-controls button").nth(2)
    drawn = button.locator(".v-btn__content").evaluate("it => getComputedStyle(it, '::after').content")
    assert drawn == f'"{step}"'
    button.click()
    page.wait_for_function("() => /1/.test(document.querySelector('.gs-week')?.innerText)")
    page.locator(".gs-chooser").nth(1).click()
    offered = page.get_by_role("option").first
    assert "Noto Sans SC Subset" in offered.evaluate("it => getComputedStyle(it).fontFamily")
    page.keyboard.press("Escape")
    dose = page.locator("[data-lever=fund] input[type=text]")
    dose.fill("much")
    dose.press("Enter")
    page.locator(".gs-refused", has_text=refused).wait_for()
    press(page, "English")
    page.get_by_role("heading", name="Two ways to govern one place").wait_for()


@pytest.mark.parametrize("size", [(1366, 768), (1920, 1080)])
def test_nothing_is_cut_off_at_common_sizes(visit, size):
    page = visit()
    page.set_viewport_size({"width": size[0], "height": size[1]})
    for language in ("中文", "English"):
        press(page, language)
        page.wait_for_timeout(300)
        cut = page.evaluate(
            """() => [
                    '.gs-page', '.gs-header', '.gs-toolbar', '.gs-left', '.gs-below .gs-tabs', '.gs-legend', '.gs-side',
                ].filter(name => {
                    const part = document.querySelector(name), box = part.getBoundingClientRect();
                    const tall = name != '.gs-side' && part.scrollHeight > part.clientHeight + 1;
                    return tall || part.scrollWidth > part.clientWidth + 1 || box.right > innerWidth + 1;
                })"""
        )
        assert cut == []
        picture = page.locator("img.gs-image").first.bounding_box()
        legend = page.locator(".gs-legend").bounding_box()
        chart = page.locator(".gs-chart").bounding_box()
        assert picture["y"] + picture["height"] <= legend["y"]
        assert chart["y"] + chart["height"] <= size[1]
        assert picture["width"] * picture["height"] > 0.1 * size[0] * size[1]  # each of the two


def test_another_start_is_chosen_and_what_cannot_be_is_refused(visit):
    page = visit()
    press(page, "Start anew")
    page.get_by_label("theory of behaviour").click(force=True)
    page.get_by_role("option", name="anchoring").click()
    page.get_by_label("policy", exact=True).click(force=True)
    page.get_by_role("option", name="fund", exact=True).click()
    press(page, "Reset")
    page.locator("figcaption", has_text="fund ·").wait_for()
    press(page, "Levers")
    page.get_by_text("behaviour=anchoring").wait_for()
    assert page.locator("[data-lever].on").count() == 0  # the fund is to come


def test_two_tabs_play_side_by_side_and_do_not_disturb_each_other(visit):
    one, other = visit(), visit()
    for page in (one, other):
        press(page, "▶")
    reaches(one, 5)
    one.locator("[data-lever=committee] input[type=checkbox]").click()
    one.get_by_text("Committee: no longer").wait_for()
    reaches(other, 12)
    assert other.get_by_text("Committee: no longer").count() == 0
    for page in (one, other):
        press(page, "❚❚")
        page.get_by_role("button", name="▶", exact=True).wait_for()
    starts_anew(one)
    assert week(other) >= 12


def test_a_closed_tab_ends_its_model_and_frees_it(visit, models):
    gc.collect()
    before = set(map(id, models))
    page = visit()
    press(page, "▶")
    reaches(page, 2)
    (mine,) = (weakref.ref(model) for model in models if id(model) not in before)
    page.close()

    def freed() -> bool:
        gc.collect()
        return mine() is None

    until(freed)
