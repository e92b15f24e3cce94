"""Findings: what the scores say, as numbers and keys without language."""
