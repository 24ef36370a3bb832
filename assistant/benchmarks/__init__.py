"""Public benchmarks as adapters: they read the published files unchanged and score by exact rules where there are any.

`catalogue.BENCHMARKS` lists them, `running` collects answers (of a file or of the assistant) and goes on
after an interruption, `text_metrics` holds BLEU-4, ROUGE-L and CIDEr-D.
"""
