"""How Sphinx makes the documentation; ``nox -s docs`` calls it."""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path
from typing import Any

from docutils.nodes import Element
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

ROOT = Path(__file__).resolve().parents[1]
CORE = ROOT / "packages" / "sennit-core" / "pyproject.toml"

project = "Sennit"
author = "The Sennit authors"
release = tomllib.loads(CORE.read_text(encoding="utf-8"))["project"]["version"]
version = release

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["_build", "code", "newsfragments"]
html_theme = "furo"
html_title = f"Sennit {release}"

default_role = "py:obj"
autodoc_member_order = "groupwise"
autodoc_default_options = {"members": True, "show-inheritance": True}
autodoc_preserve_defaults = True
napoleon_numpy_docstring = False
napoleon_use_ivar = True
myst_heading_anchors = 2

# A class may have an attribute by the name of a built-in type: both may be meant.
suppress_warnings = ["ref.python"]

# Packages documented elsewhere, type variables and what is private: no link is missed.
FOREIGN = re.compile(
    r"_\w+\.|<InterfaceClass |(?:click|zope|uvloop)\.|.*\.(?:[A-Z][A-Za-z]?$|_)"
)


def resolve(
    app: Sphinx, env: BuildEnvironment, node: pending_xref, contnode: Element
) -> Element | None:
    """Find a name of ours under its public module; let foreign names be plain text.

    Annotations name the private module of a class, or only the class, which may be
    private too; that they are right is for mypy to say. What stands in single
    backticks is code first, and a link where there is something to link to.
    """
    target = node.get("reftarget", "")
    if node.get("refdomain") != "py" or not target:
        return None
    domain = env.domains.python_domain
    public = re.sub(r"\._\w+(?=\.)", "", target)
    for name in domain.objects:
        if name == public or name.endswith(f".{public}"):
            return domain.resolve_xref(
                env, node["refdoc"], app.builder, "obj", name, node, contnode
            )
    first, dot, _ = target.partition(".")
    plain = not dot or first in sys.stdlib_module_names or node["reftype"] == "obj"
    return contnode if plain or FOREIGN.match(target) else None


def setup(app: Sphinx) -> dict[str, Any]:
    """Add what the configuration needs to Sphinx."""
    app.connect("missing-reference", resolve)
    return {"parallel_read_safe": True}
