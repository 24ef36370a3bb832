"""The built page: HTML, one script and one style sheet, made by the set-up and shipped in the wheel."""

from importlib.resources import files
from pathlib import Path

from scenegraph import InputError

BUILD = "npm ci --prefix explorer/page && npm run build --prefix explorer/page"

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""Content security policy: nothing from elsewhere, nothing inline; a label can never become a script."""


def page_folder() -> Path:
    """The folder of the built page.

    Raises:
        InputError: it was not built.
    """
    folder = Path(str(files("explorer") / "static" / "dist"))
    if not (folder / "index.html").is_file():
        raise InputError(
            f"the explorer's page is not built: run `make setup`, or `{BUILD}` in the repository "
            "(an installed wheel brings it along)"
        )
    return folder


def page_files(folder: Path) -> dict[str, Path]:
    """Every file of the page by its address below the root; the only ones that are served."""
    return {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*")) if path.is_file()}
