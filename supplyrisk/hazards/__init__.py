"""How often which events happen where, what they hit, how hard and for how long: fitted on the list of events."""
