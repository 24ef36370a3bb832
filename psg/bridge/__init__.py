"""Checkpoints of other programs, made into ours: see `psg.bridge.conversion.convert`."""
