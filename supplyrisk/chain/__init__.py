"""Chains: which product goes into which, composed from models/chains into one directed graph without cycles."""

from supplyrisk.chain.compose import compose_chains
from supplyrisk.chain.graph import Chain, InputGroup, Recipe

__all__ = ["Chain", "InputGroup", "Recipe", "compose_chains"]
