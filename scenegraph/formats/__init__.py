"""Readers and writers of public data set files; the only code that knows their conventions.

They live beside the graph, not beside the models, because the explorer, the assistant and toyworld
read and write them without any model.
"""
