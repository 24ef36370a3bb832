"""Sphinx: Markdown pages and the docstrings of the packages."""

import importlib.metadata

project = "groundgraph"
author = "The groundgraph authors"
release = importlib.metadata.version("groundgraph")
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx.ext.doctest"]
myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 3
autodoc_typehints = "signature"
# Heavy packages are not imported to build the documentation of the light ones.
autodoc_mock_imports = ["transformers", "open3d"]
exclude_patterns = ["_build"]
html_theme = "furo"
