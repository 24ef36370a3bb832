# Relations in space and time on PSG4D-HOI, on tracks of configs/psg4d/hoi_segmenter.py, which is trained and run over
# the videos if they are missing.
_base_ = ["gta.py"]

stage_one = dict(
    config="configs/psg4d/hoi_segmenter.py", work_dir="work_dirs/psg4d/hoi_segmenter", tracks="data/psg4d_hoi/tracks"
)
_set = dict(data_root="data/psg4d_hoi", ann_file="psg4d_hoi.json", tracks=stage_one["tracks"], held_out=60)
train_dataloader = dict(dataset=_set)
val_dataloader = dict(dataset=_set)
test_dataloader = dict(dataset=_set)
test_evaluator = dict(frequency="data/psg4d_hoi/psg4d_hoi.json")
