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

_KERNEL = Path(__file__).parent
_BESIDE = ("lanes", "rules", "shocks", "supply_graph")
SOURCES = (*sorted(_KERNEL.glob("*.py")), *(_KERNEL.parent / f"{name}.py" for name in _BESIDE))
"""Files that the compiled step is made of."""


def source_key(files: Iterable[Path] = SOURCES) -> str:
    """A word for what ``files`` hold."""
    return sha256(b"".join(sha256(file.read_bytes()).digest() for file in files)).hexdigest()[:16]


def kept(function: Callable[..., Any]) -> Any:
    """The function compiled and kept on disk under its name and ``source_key``.

    numba renews what it keeps of a function when the function's own file changes, not when another one does that it
    calls; but it keeps functions of different names apart.
    """
    function.__qualname__ = f"{function.__name__}_{source_key()}"
    return _njit(cache=True, nogil=True, error_model="numpy", _nrt=False)(function)
