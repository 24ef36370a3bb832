"""Whether files of tracks are those that would be made now: names, settings and weights, compared."""

import sys
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from tqdm import tqdm

from psg.provenance import Settings
from pvsg.track_files import read_header
from pvsg.tracked_frames import TracksHeader
from scenegraph import InputError

WEIGHTS = "segmenter.weights"
"""The setting of tracks that says whose they are: the digest of the segmenter's weights."""

_LISTED = 4


@runtime_checkable
class Origin(Protocol):
    """What makes tracks.

    Attributes:
        name: of its parts, for people.
        settings: that it has, by dotted name.
    """

    name: str
    settings: Settings


def is_made(path: str | Path, name: str, made_by: str, settings: Mapping[str, Any]) -> bool:
    """Whether the file is there already, so that an interrupted run goes on with the next video.

    A file that does not say some of the settings, as those of earlier versions, counts as made; one line on
    stderr says so.

    Args:
        path: the file.
        name: of the video that it shall hold.
        made_by: what it shall be made of.
        settings: that what makes it has, by name.

    Raises:
        InputError: it is there, but holds something else, or was made with other settings.
    """
    if not Path(path).exists():
        return False
    header = read_header(path)
    if header.name != name:
        raise InputError(
            f"{path}: holds the tracks of {header.name!r}; wanted are those of {name!r}. Choose another folder, or "
            "delete the file"
        )
    _check_headers({Path(path): header}, made_by, settings, "Choose another folder, or delete the file")
    return True


def check(paths: Iterable[str | Path], made_by: str | None, settings: Mapping[str, Any], remedy: str) -> None:
    """Refuse files of tracks that were made otherwise; files that cannot say it count as current, with one line.

    Args:
        paths: of the files.
        made_by: what makes them now; None if that is not known.
        settings: that it has, as far as they are known.
        remedy: what to do about files that were made otherwise.

    Raises:
        InputError: a file cannot be read, or was made by something else or with other settings.
    """
    _check_headers({Path(path): read_header(path) for path in paths}, made_by, settings, remedy)


def _check_headers(
    headers: Mapping[Path, TracksHeader], made_by: str | None, settings: Mapping[str, Any], remedy: str
) -> None:
    otherwise = {path: found for path, header in headers.items() if (found := differences(header, made_by, settings))}
    if otherwise:
        path, found = next(iter(otherwise.items()))
        raise InputError(
            f"{path}: {_few(found)}; {len(otherwise)} of {len(headers)} files of tracks were made otherwise. {remedy}; "
            "nothing was changed"
        )
    silent = {path: names for path, header in headers.items() if (names := set(settings) - set(header.settings))}
    if silent:
        names = sorted(set.union(*silent.values()))
        _tell(next(iter(silent)).parent, f"{len(silent)} of {len(headers)}", _few(names))


def check_weights(segmenter: Settings, stage_one: Mapping[str, Any], checkpoint: str | Path) -> None:
    """Refuse a segmenter in the place of the one that made the training tracks, if it was trained again since.

    Args:
        segmenter: settings of the segmenter that is there now.
        stage_one: what the checkpoint of the relation model says of its tracks.
        checkpoint: of the relation model.

    Raises:
        InputError: both say their weights, and they differ.
    """
    here, wanted = segmenter.get("weights"), stage_one.get("weights")
    if here and wanted and here != wanted:
        place = stage_one.get("segmenter") or stage_one.get("work_dir")
        raise InputError(
            f"{checkpoint}: learned on tracks of a segmenter with the weights {wanted}; {place} has other ones, "
            f"{here}. Put the former back, train the relations anew, or say which segmenter to use (--segmenter)"
        )


def differences(header: TracksHeader, made_by: str | None, settings: Mapping[str, Any]) -> list[str]:
    """What a file says otherwise than what makes it now; what it does not say is no difference."""
    found = []
    if made_by is not None and header.made_by != made_by:
        found.append(f"made by {header.made_by!r}, wanted {made_by!r}")
    known = [name for name in settings if name in header.settings]
    return found + [
        f"made with {name} {header.settings[name]!r}, wanted {settings[name]!r}"
        for name in known
        if header.settings[name] != settings[name]
    ]


@cache
def _tell(folder: Path, share: str, names: str) -> None:
    """One line a folder, however many files it has."""
    tqdm.write(
        f"{folder}: {share} files of tracks do not say their settings ({names}) and are taken as they are; delete them "
        "to make them anew",
        file=sys.stderr,
    )


def _few(texts: list[str]) -> str:
    more = f" and {len(texts) - _LISTED} more" if len(texts) > _LISTED else ""
    return ", ".join(texts[:_LISTED]) + more
