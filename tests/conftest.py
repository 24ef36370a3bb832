"""Where tests find golden numbers and real samples."""

import os
from pathlib import Path

import pytest

from tests import typechecker  # noqa: F401 - named by --jaxtyping-packages in setup.cfg, which does not import it

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"


def golden_root() -> Path:
    """`GROUNDGRAPH_GOLDEN`, else ../shared/golden where present, else the compact copy in tests/golden."""
    if os.environ.get("GROUNDGRAPH_GOLDEN"):
        return Path(os.environ["GROUNDGRAPH_GOLDEN"])
    full = SHARED / "golden"
    return full if full.is_dir() else ROOT / "tests" / "golden"


@pytest.fixture(scope="session")
def golden() -> Path:
    """The folder with the subfolders psg, pvsg and forward."""
    return golden_root()


@pytest.fixture(scope="session")
def real_data() -> Path:
    """../shared/data, small real samples that are never committed."""
    folder = SHARED / "data"
    if not folder.is_dir():
        pytest.skip("needs ../shared/data (real samples), which is not here")
    return folder
