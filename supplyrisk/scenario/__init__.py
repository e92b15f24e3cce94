"""Scenarios: what an analyst may write in models/scenarios, checked and composed. Specification only."""
