"""Instruction data from scene graphs, every statement of it proven.

    from assistant.teaching.writing import Plan, write
    write([("street", lambda: files.load("street.scenegraph.json"))], Path("instructions"), Plan(("conversation",)))

`samples` says what the data are, `curriculum` which of them are made of a graph, `proof` how a
statement is proven, `files` how they are stored for training.
"""
