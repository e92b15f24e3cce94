"""Tables: the data package, read by contract, filtered to what was known on a day."""
