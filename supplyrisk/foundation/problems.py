"""Collecting the problems of a stage, so that all are shown at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from supplyrisk.foundation.errors import InputError, SupplyRiskError
from supplyrisk.foundation.nearest import did_you_mean

_MOST_SHOWN = 40


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: in which ``file``, ``where`` in it, what (``message``), and how to ``mend`` it."""

    file: str
    where: str
    message: str
    mend: str

    def __str__(self) -> str:
        place = ", ".join(part for part in (self.file, self.where) if part)
        message = self.message if self.message.endswith("?") else f"{self.message.rstrip('.')}."
        return f"{place}: {message} {self.mend}".rstrip()


class ProblemCollector:
    """Problems of one stage; ``raise_if_any`` ends the stage when there are some."""

    def __init__(self) -> None:
        self._problems: list[Problem] = []

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What was collected so far, in the order it was found."""
        return tuple(self._problems)

    def add(self, *, file: str, where: str = "", message: str, mend: str = "") -> None:
        """Note one problem."""
        self._problems.append(Problem(file, where, message, mend))

    def note_unknown(
        self, words: Iterable[str], known: Collection[str], what: str, *, file: str = "", where: str = ""
    ) -> None:
        """Note each word that is not among the ``known`` ones, with the nearest; ``what`` they are: a format, say."""
        for word in words:
            if word not in known:
                self.add(file=file, where=where, message=f"'{word}' is not {what}", mend=did_you_mean(word, known))

    def extend(self, problems: Sequence[Problem]) -> None:
        """Take over problems found elsewhere."""
        self._problems.extend(problems)

    def raise_if_any(self, title: str, error: type[SupplyRiskError] = InputError) -> None:
        """Raise ``error`` with every problem, a line each, headed by ``title``."""
        if self._problems:
            raise error(describe_problems(title, self._problems))


def describe_problems(title: str, problems: Sequence[Problem]) -> str:
    """``title``, the number of problems, and a line each; a very long list is cut and says so."""
    count = len(problems)
    head = f"{title}: {count} {'problem' if count == 1 else 'problems'}."
    lines = [f"  {problem}" for problem in problems[:_MOST_SHOWN]]
    if count > _MOST_SHOWN:
        lines.append(f"  … and {count - _MOST_SHOWN} more.")
    return "\n".join([head, *lines])
