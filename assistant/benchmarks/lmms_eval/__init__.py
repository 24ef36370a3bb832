"""Scene-graph tasks for lmms-eval: whether an answer is right, and whether what it cites is so.

`lmms-eval --include_path THIS_FOLDER --tasks scene_graph` runs them, on documents that
`benchmarks/lmms_eval_tasks.py` makes of graphs with their pictures (docs/reference/benchmarks.md).
"""
