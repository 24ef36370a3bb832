# OpenPVSG's stage two on the public videos, as published; the four variants differ in the head only.
_base_ = ["../_base_/pvsg_as_published.py"]

model = dict(head=dict(type="TransformerHead"))
