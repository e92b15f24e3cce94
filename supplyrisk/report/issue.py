"""Which report a file belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Issue:
    """A report: its quarter, the day whose knowledge it stands on, its run, and the version that made it."""

    quarter: str
    as_of: date
    run_id: str
    version: str

    @property
    def title(self) -> str:
        """Title of the tables."""
        return f"Tables of the quarterly report on critical raw materials {self.quarter}"

    @property
    def made_with(self) -> str:
        """How the files were made."""
        return f"supplyrisk {self.version}, run {self.run_id}; same data, config and version give the same files."
