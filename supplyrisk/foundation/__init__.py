"""Foundation: errors, problems, YAML, codes, units, quarters and keyed draws; knows nothing of the model."""
