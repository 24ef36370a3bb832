"""The public archives of PVSG: found, checked, and unpacked into a folder a video.

An archive comes from elsewhere, so nothing in it is trusted: where a file goes follows from the ids of
pvsg.json and its frame number, never from the path that the archive says; no more bytes are unpacked
than it declares, and no file is larger than a video or a mask can be.
"""

import hashlib
import os
import re
import zipfile
import zlib
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from tqdm import tqdm

from scenegraph.errors import InputError
from scenegraph.storage import write_atomically

MAX_VIDEO, MAX_MASK = 16 << 30, 64 << 20
"""Bytes; larger members are refused."""

MAX_MEMBERS = 5_000_000
"""More files than any of the archives has."""

_CHUNK = 1 << 20
_PNG = b"\x89PNG\r\n\x1a\n"
_FRAME = re.compile(r"[0-9]{1,9}")


_BROKEN = (OSError, zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError)
"""What reading a broken, encrypted or foreign member raises; a full disk as well."""


class Archive(NamedTuple):
    """One public zip: its collection, what it holds, where it lies below the folder of archives, its MD5."""

    source: str
    kind: str
    path: str
    md5: str


ARCHIVES = (
    Archive("vidor", "videos", "VidOR/vidor_videos.zip", "fcc1a6f54ef60aa16fab335a6270c960"),
    Archive("vidor", "masks", "VidOR/vidor_masks.zip", "17bfa5ec13235d86273bc9d067776862"),
    Archive("epic_kitchen", "videos", "EpicKitchen/epic_kitchen_videos.zip", "b791a71ef24b14721a7b5041190ba4a3"),
    Archive("epic_kitchen", "masks", "EpicKitchen/epic_kitchen_masks.zip", "03757120075de23328a11e56660175f4"),
    Archive("ego4d", "videos", "Ego4D/ego4d_videos.zip", "9334c74f5c831c80774862afa9d3f7f0"),
    Archive("ego4d", "masks", "Ego4D/ego4d_masks.zip", "218ce689e1e8284e25b50280a5d29612"),
)
"""The archives as published, in the order of the sources in pvsg.json."""

SOURCES = tuple(dict.fromkeys(archive.source for archive in ARCHIVES))


class Member(NamedTuple):
    """A file of an archive: the video that it belongs to, its frame (None: the video itself), its entry."""

    video: str
    frame: int | None
    info: zipfile.ZipInfo


@dataclass
class Unpacked:
    """What was found in an archive.

    Attributes:
        videos: ids of the videos of which it has something.
        strangers: names of files that belong to no video of pvsg.json.
    """

    videos: set[str] = field(default_factory=set)
    strangers: list[str] = field(default_factory=list)


def check_md5(path: Path, expected: str, progress: bool = True) -> None:
    """Compare a file with its published MD5.

    Raises:
        InputError: they differ: the download is broken, or of another version.
    """
    digest = hashlib.md5(usedforsecurity=False)
    size = path.stat().st_size
    bar = tqdm(total=size, desc=f"checking {path.name}", unit="B", unit_scale=True, disable=not progress, leave=False)
    with path.open("rb") as stream, bar:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
            bar.update(len(chunk))
    if digest.hexdigest() != expected:
        raise InputError(
            f"{path}: its MD5 is {digest.hexdigest()}, the published one {expected}; download it again, or use "
            "--no-md5 if it is another release"
        )


def opened(path: Path) -> zipfile.ZipFile:
    """The archive.

    Raises:
        InputError: it is no zip, is cut off, or has more files than it can have.
    """
    try:
        archive = zipfile.ZipFile(path)
    except FileNotFoundError:
        raise InputError(f"{path}: there is no such file") from None
    except (OSError, zipfile.BadZipFile) as error:
        raise InputError(f"{path}: no whole zip archive ({error}); download it again") from None
    if len(archive.infolist()) > MAX_MEMBERS:
        archive.close()
        raise InputError(f"{path}: more than {MAX_MEMBERS:,} files; this is not the public archive")
    return archive


def members(archive: zipfile.ZipFile, kind: str, videos: Collection[str], found: Unpacked) -> Iterator[Member]:
    """The files of an archive that belong to videos, whatever folders they lie in.

    A video is `ID.mp4`. A mask is a PNG named by its frame, in a folder named by its video's id.

    Raises:
        InputError: a file declares more bytes than a video or a mask can have.
    """
    for info in archive.infolist():
        path = PurePosixPath(info.filename.replace("\\", "/"))
        if info.is_dir() or path.name.startswith(".") or "__MACOSX" in path.parts:
            continue
        frame = None
        if kind == "videos":
            video = path.stem if path.suffix.lower() == ".mp4" and path.stem in videos else None
        else:
            video = next((folder for folder in reversed(path.parts[:-1]) if folder in videos), None)
            if path.suffix.lower() != ".png" or not _FRAME.fullmatch(path.stem):
                video = None
            frame = int(path.stem) if video else None
        if video is None:
            found.strangers.append(info.filename)
            continue
        if info.file_size > (MAX_VIDEO if kind == "videos" else MAX_MASK):
            raise InputError(
                f"{archive.filename}: {info.filename} declares {info.file_size:,} bytes; it is not unpacked"
            )
        found.videos.add(video)
        yield Member(video, frame, info)


def target(root: Path, archive: Archive, member: Member) -> Path:
    """Where a member goes: `SOURCE/videos/ID.mp4` or `SOURCE/masks/ID/0000.png`."""
    folder = root / archive.source / archive.kind
    return folder / f"{member.video}.mp4" if member.frame is None else folder / member.video / f"{member.frame:04d}.png"


def unpack(root: Path, archive: Archive, path: Path, videos: Collection[str], progress: bool = True) -> Unpacked:
    """Unpack what is not there yet.

    Raises:
        InputError: the archive is broken or dishonest, or the disk is full; finished files stay.
    """
    found = Unpacked()
    with opened(path) as zipped:
        listed = list(members(zipped, archive.kind, videos, found))
        total = sum(member.info.file_size for member in listed)
        bar = tqdm(
            total=total, desc=f"unpacking {path.name}", unit="B", unit_scale=True, disable=not progress, leave=False
        )
        with bar:
            for member in listed:
                place = target(root, archive, member)
                if not (place.is_file() and place.stat().st_size == member.info.file_size):
                    _unpack_one(zipped, member, place)
                bar.update(member.info.file_size)
    return found


def missing_bytes(root: Path, archive: Archive, path: Path, videos: Collection[str]) -> int:
    """Bytes that are still to be unpacked.

    Raises:
        InputError: the archive is broken.
    """
    with opened(path) as zipped:
        return sum(
            member.info.file_size
            for member in members(zipped, archive.kind, videos, Unpacked())
            if not target(root, archive, member).is_file()
        )


def _unpack_one(zipped: zipfile.ZipFile, member: Member, place: Path) -> None:
    """One file, whole or not at all; never more bytes than declared."""
    where = f"{zipped.filename}: {member.info.filename}"
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with zipped.open(member.info) as stream:
            if member.frame is None:
                _copy(stream.read, place, member.info.file_size)
                return
            content = stream.read(member.info.file_size + 1)
    except _BROKEN as error:
        raise InputError(f"{where}: could not be unpacked ({error})") from None
    if len(content) != member.info.file_size or not content.startswith(_PNG):
        raise InputError(f"{where}: is no PNG of {member.info.file_size} bytes; download the archive again")
    write_atomically(place, content, durable=False)


def _copy(read: Callable[[int], bytes], place: Path, size: int) -> None:
    """A large file piece by piece, under another name until it is whole."""
    temporary = place.with_name(f".{place.name}.{os.getpid()}.part")
    try:
        with temporary.open("wb") as out:
            left = size
            while left > 0 and (chunk := read(min(_CHUNK, left))):
                out.write(chunk)
                left -= len(chunk)
        if left or read(1):
            raise OSError(f"expected {size:,} bytes")
        temporary.replace(place)
    finally:
        temporary.unlink(missing_ok=True)
