"""Disruption: what a shock does to supply, month by month and at best, on any supply graph."""
