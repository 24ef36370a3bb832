"""Tracks of RGB-D videos with the relations that a model learns between them."""

from mmengine.registry import DATASETS

from psg4d.videos import PSG4DFile
from pvsg.dataset import PVSGTracks


@DATASETS.register_module()
class PSG4DTracks(PVSGTracks):
    """`pvsg.dataset.PVSGTracks` of a PSG4D data set; tracks have metres if `psg4d.tracks` made them.

    Raises:
        InputError: as `PVSGTracks`.
    """

    def open_file(self) -> PSG4DFile:
        """The data set, of either layout."""
        return PSG4DFile.open(self.ann_file, self.data_root or None)
