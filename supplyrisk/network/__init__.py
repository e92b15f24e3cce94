"""Network: who supplies whom along a chain, what that rests on, and what is behind a finished product."""
