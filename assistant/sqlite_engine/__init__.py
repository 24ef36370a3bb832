"""A second engine for programs: the graph in an in-memory SQLite database, programs as parameterised SQL.

It shares the program types and the tables of the language with the indexed engine, and no code that
selects, counts or times anything; so where both give the same outcome, a mistake would have to be made
twice. Every statement is a constant text; names from data and from questions are parameters only.
"""

from assistant.sqlite_engine.engine import SqliteExecutor

__all__ = ["SqliteExecutor"]
