"""Network: flows between the countries of a chain. So far its parts: priors, balancing, removal of re-exports."""
