"""The picture of the page for the README: ``PYTHONPATH=docs uv run python -m generator.screenshot`` (needs Chromium).

It opens the page as a visitor would, goes through a year and a half of the default world and changes a dose.
"""

from __future__ import annotations

import shutil
import threading
from pathlib import Path
from queue import SimpleQueue

from playwright.sync_api import Page, ViewportSize, sync_playwright

from govsim.app.opening import Opening
from govsim.app.serve import free_port, server

TARGET = Path(__file__).parents[1] / "watch.png"
SIZE: ViewportSize = {"width": 1366, "height": 768}
CHANGED, SHOWN = 40, 78  # weeks


def visit(page: Page, address: str) -> bytes:
    """What a visitor sees after some weeks."""
    page.goto(address)
    page.wait_for_selector("img.gs-image")
    for n in range(1, SHOWN + 1):
        page.get_by_role("button", name="Step", exact=True).click()
        page.wait_for_function("n => document.querySelector('.gs-week')?.innerText.endsWith(` ${n}`)", arg=n)
        if n == CHANGED:
            dose = page.locator("[data-lever=grid_staffing] input[type=text]")
            dose.fill("1.5")
            dose.press("Enter")
    page.mouse.move(0, 0)
    page.wait_for_timeout(1_000)
    return page.screenshot()


def main() -> None:
    """Write the picture."""
    with free_port(0) as listening, sync_playwright() as playwright:
        up: SimpleQueue[str] = SimpleQueue()
        serving = server(listening, Opening(), up.put)
        thread = threading.Thread(target=serving.run, kwargs={"sockets": [listening]})
        thread.start()
        address = up.get()
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        TARGET.write_bytes(visit(browser.new_page(viewport=SIZE), address))
        browser.close()
        serving.should_exit = True
        thread.join()
    print(f"{TARGET}: {TARGET.stat().st_size / 1_000:.0f} kB")


if __name__ == "__main__":
    main()
