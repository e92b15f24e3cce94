"""What would help: measures that change the network or hold stocks, what they avoid, and what they cost."""
