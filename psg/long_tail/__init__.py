"""Rare predicates: a long-tailed subset, repeated sampling, adjusted logits, direct effects, data transfer.

Every method is one argument in a config:

    train_dataloader.dataset.long_tail = 100         # commonest predicate to rarest, in pictures
    train_dataloader.sampler.type = "RepeatFactorSampler"
    model.relation_head.logit_adjustment.train = 1.0
    model.relation_head.logit_adjustment.test = 0.5  # without training again
    model.head.total_direct_effect.strength = 0.5    # without training again, two-stage models
    train_dataloader.dataset.relations_from = "moved.json"  # of tools/transfer_relations.py

Nearly every gain in mean recall pays with recall: report R, mR and F1 together.
"""
