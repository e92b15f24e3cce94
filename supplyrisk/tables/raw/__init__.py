"""Files in the layouts of their publishers, read where they lie."""
