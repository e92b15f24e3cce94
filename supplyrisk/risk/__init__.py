"""How bad: hazards drawn at random and run through the network, and what they leave unserved."""
