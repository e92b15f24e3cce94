"""supplyrisk: supply risk of critical raw material chains, from published figures to a quarterly report."""

__version__ = "0.1.0"
