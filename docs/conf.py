"""How sphinx builds the documentation; `make docs` runs it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tcspec import __version__

if TYPE_CHECKING:
    from sphinx.application import Sphinx

sys.path.insert(0, str(Path(__file__).parent))
from markup import adapt_links
from reference_pages import write_pages

project = "tcspec"
author = "The tcspec developers"
version = release = __version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
# Both pages are for readers of the files; here `reference/` has a page for each code, and the rows without a table.
exclude_patterns = ["rules.md", "contradictions.md"]
myst_enable_extensions = ["deflist"]
myst_heading_anchors = 4
# Names in backquotes are code in docstrings, as they are everywhere else.
default_role = "literal"
# Two hyphens are an option, not a dash.
smartquotes = False
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_preserve_defaults = True
# Not installed where the documentation is built; only `tcspec.migration.spark` needs them.
autodoc_mock_imports = ["pyarrow", "pyspark"]
python_maximum_signature_line_length = 88
add_module_names = False

html_theme = "furo"
html_title = f"tcspec {__version__}"
html_static_path = ["static"]
html_css_files = ["tcspec.css"]
html_copy_source = False
html_show_copyright = False


def setup(app: Sphinx) -> None:
    """Generate the reference before sphinx looks for pages, and lead links between files to pages."""
    app.connect("builder-inited", lambda app: write_pages(Path(app.srcdir)))
    app.connect("source-read", adapt_source)


def adapt_source(app: Sphinx, page: str, source: list[str]) -> None:
    """Adapt the links of a page that is read, and leave out the blank line that ends its examples for doctest."""
    source[0] = adapt_links(source[0], (Path(app.srcdir) / page).parent).replace("\n\n```\n", "\n```\n")
