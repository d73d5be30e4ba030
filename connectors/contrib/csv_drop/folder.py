"""The folder that files are dropped into: confined to a root that the operator names, read and never touched."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import BinaryIO

from connectors.sdk import BadSettings, TryAgain

ROOT = "CSV_DROP_ROOT"
DONE = ".done"


@dataclass(frozen=True)
class Dropped:
    """One file as it is now. The same name with another time or size is another file."""

    name: str
    path: Path
    mtime_ns: int
    size: int

    @property
    def mark(self) -> list[int]:
        return [self.mtime_ns, self.size]


class Folder:
    """A folder below the root. Raises BadSettings where it is elsewhere, and TryAgain where it can't be read now."""

    def __init__(self, place: str) -> None:
        named = os.environ.get(ROOT, "").strip()
        if not named or not Path(named).is_absolute():
            raise BadSettings(f"Set {ROOT} where the product runs: the folder below which files may be dropped.")
        try:
            self.root = Path(named).resolve(strict=True)
            self.path = (self.root / place).resolve(strict=True)
        except (OSError, RuntimeError, ValueError) as error:
            raise TryAgain(f"The folder {place} is not there at the moment.", type(error).__name__) from None
        if not self.path.is_relative_to(self.root) or not self.path.is_dir():
            raise BadSettings(f"{place} is no folder below {ROOT}.", f"it leads to {self.path}")

    def files(self, pattern: str) -> list[Dropped]:
        """Every file of these names, oldest first, without links that lead out of the root and what is no file."""
        try:
            names = [name for name in os.listdir(self.path) if fnmatchcase(name, pattern) and not name.endswith(DONE)]
        except OSError as error:
            raise TryAgain("The folder can't be read at the moment.", type(error).__name__) from None
        return sorted(filter(None, map(self._dropped, names)), key=lambda file: (file.mtime_ns, file.name))

    def _dropped(self, name: str) -> Dropped | None:
        try:
            real = (self.path / name).resolve(strict=True)
            about = real.stat(follow_symlinks=False)
        except (OSError, RuntimeError, ValueError):
            return None  # it went while we looked, or leads in a circle
        if not stat.S_ISREG(about.st_mode) or not real.is_relative_to(self.root):
            return None
        return Dropped(name, real, about.st_mtime_ns, about.st_size)

    def is_marked(self, file: Dropped) -> bool:
        """Whether the one who dropped it says that it is whole: ``returns.csv.done`` beside ``returns.csv``."""
        return (self.path / (file.name + DONE)).is_file()

    @contextmanager
    def opened(self, file: Dropped) -> Iterator[BinaryIO]:
        """The bytes of a file. Whatever has been put in its place since is not followed elsewhere."""
        try:
            number = os.open(file.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError as error:
            raise TryAgain(f"{file.name} can't be read at the moment.", type(error).__name__) from None
        with os.fdopen(number, "rb") as opened:
            if not stat.S_ISREG(os.fstat(number).st_mode):
                raise TryAgain(f"{file.name} is no file any more.")
            yield opened
