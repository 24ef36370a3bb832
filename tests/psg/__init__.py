"""Tests of psg; mmdet is imported before any module that is type-checked.

Modules that type-checked ones import are compiled anew each time, and then warn of their own strings.
"""

import importlib

importlib.import_module("psg")  # supplies the compiled operations that mmdet.models asks for
importlib.import_module("mmdet.models")
