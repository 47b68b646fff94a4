"""The secret key of this machine, made once."""

import os
from pathlib import Path

from django.core.management.utils import get_random_secret_key


def secret_key(path: Path) -> str:
    """Return the key kept in `path`, making the file (readable by its owner alone) on the first call."""
    try:
        return path.read_text(encoding="ascii")
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
    key = get_random_secret_key()
    draft = path.with_suffix(f".{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_text(key, encoding="ascii")
    try:
        os.link(draft, path)  # fails where another process was first: its key counts
    except FileExistsError:
        return path.read_text(encoding="ascii")
    finally:
        draft.unlink()
    return key
