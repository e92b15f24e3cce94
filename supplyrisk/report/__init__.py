"""Report: findings and frames rendered for readers; knows nothing of how numbers are made."""
