"""How the document is built: python -m sphinx -W docs docs/_build (no network, no outside assets)."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from generator import gallery, pages

from govsim import __version__

DOCS = Path(__file__).parent
pages.write(DOCS / "_made")
gallery.draw(DOCS / "gallery.md", DOCS / "_pictures")

project = "govsim"
author = copyright = "the govsim developers"
version = release = __version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["_build", "_made", "_pictures"]
myst_heading_anchors = 4
autodoc_typehints = "none"  # signatures are long enough without
suppress_warnings = ["myst.header"]  # included parts begin at a level of their own

html_theme = "furo"
html_title = f"govsim {__version__}"
html_static_path = ["_static"]
html_css_files = ["tables.css"]
html_show_sourcelink = False
html_copy_source = False
