"""Language models that read scene graphs: graph tokens through a connector, tuning in stages, and measuring.

Needs torch and transformers (extra `train`); nothing else of the assistant imports it.
"""
