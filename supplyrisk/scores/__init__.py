"""Scores: published methods as pure formulas, and the table of their results."""
