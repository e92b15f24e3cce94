"""How functions of the kernel are compiled, and what keeps the compiled step from growing stale."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

from numba import njit

Function = TypeVar("Function", bound=Callable[..., Any])
Decorator = Callable[[Function], Function]
_njit: Any = njit
compiled: Decorator[Any] = _njit(nogil=True, error_model="numpy", _nrt=False)
inlined: Decorator[Any] = _njit(inline="always", error_model="numpy", _nrt=False)
kept: Decorator[Any] = _njit(cache=True, nogil=True, error_model="numpy", _nrt=False)

_KERNEL = Path(__file__).parent
SOURCES = (*sorted(_KERNEL.glob("*.py")), *(_KERNEL.parent / f"{name}.py" for name in ("lanes", "rules", "shocks")))
"""Files that the compiled step is made of."""


def source_key(files: Iterable[Path] = SOURCES) -> int:
    """A number of what ``files`` hold, of 63 bits.

    numba renews what it keeps of a function when the function's own file changes, not when another does that it calls;
    but it keeps apart functions that differ in the variables that they close over. The step closes over this number.
    """
    whole = sha256(b"".join(sha256(file.read_bytes()).digest() for file in files))
    return int.from_bytes(whole.digest()[:8], "big") >> 1
