"""Runs: a project and its config, brought through tables, scores, findings and report."""
