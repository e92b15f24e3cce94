"""The European Commission's criticality scores: formulas, published values, their reproduction, and the live score."""
