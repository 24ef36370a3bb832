"""Local data sets for lmms-eval: the layouts of published tasks, and the documents of our own pack."""
