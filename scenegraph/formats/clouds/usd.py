"""Clouds as OpenUSD: a `Points` prim with colours and node ids, and a named prim for every node.

Needs the extra `usd`. Loses: relations, scores and spans; normals that are not known are 0 0 0.
"""

from pathlib import Path
from typing import Any

import numpy as np

from scenegraph.errors import InputError
from scenegraph.formats.clouds.cloud_file import CloudFile
from scenegraph.storage import replacing

REMEDY = "OpenUSD is not installed; install the extra: pip install 'groundgraph[usd]' (or usd-core)"

_WIDTH = 0.02
"""Metres: how large viewers draw a point."""


def write_usd(path: Path, made: CloudFile) -> None:
    """Write a cloud as .usda (text) or .usdc (binary), in metres and with z or y up.

    Raises:
        InputError: the file cannot be written.
        ModuleNotFoundError: usd-core is not installed; `check_writable` says so in words.
    """
    from pxr import Gf, Sdf, Usd, UsdGeom, Vt

    cloud = made.cloud
    with replacing(path) as temporary:
        # USD chooses the encoding by the ending, and the temporary name has another one.
        stage = Usd.Stage.CreateInMemory(f"cloud{path.suffix}")
        UsdGeom.SetStageMetersPerUnit(stage, 1.0)
        UsdGeom.SetStageUpAxis(stage, UsdGeom.Tokens.z)
        root = UsdGeom.Xform.Define(stage, "/Scene")
        root.AddTransformOp().Set(Gf.Matrix4d(*_rows(made.up)))
        stage.SetDefaultPrim(root.GetPrim())
        points = UsdGeom.Points.Define(stage, "/Scene/Points")
        points.CreatePointsAttr(Vt.Vec3fArray.FromNumpy(cloud.points))
        points.CreateWidthsAttr(Vt.FloatArray([_WIDTH]))
        points.SetWidthsInterpolation(UsdGeom.Tokens.constant)
        points.CreateDisplayColorAttr(Vt.Vec3fArray.FromNumpy((cloud.colours / 255).astype(np.float32)))
        points.GetDisplayColorPrimvar().SetInterpolation(UsdGeom.Tokens.vertex)
        ids = UsdGeom.PrimvarsAPI(points).CreatePrimvar("node", Sdf.ValueTypeNames.IntArray, UsdGeom.Tokens.vertex)
        ids.Set(Vt.IntArray.FromNumpy(cloud.nodes))
        if cloud.normals is not None:
            points.CreateNormalsAttr(Vt.Vec3fArray.FromNumpy(np.nan_to_num(cloud.normals)))
        _name_nodes(stage, made, UsdGeom, Gf, Sdf)
        content = temporary.with_name(f"{temporary.stem}{path.suffix}")
        try:
            if not stage.GetRootLayer().Export(str(content)):
                raise InputError(f"{path}: could not be written; nothing was changed")
            content.replace(temporary)
        finally:
            content.unlink(missing_ok=True)


def _name_nodes(stage: Any, made: CloudFile, geometry: Any, gf: Any, sdf: Any) -> None:
    """A prim at the middle of every named node's points; its own attributes have id and name."""
    for node, name in made.names.items():
        own = made.cloud.points[made.cloud.nodes == node]
        if not len(own):
            continue
        prim = geometry.Xform.Define(stage, f"/Scene/Node_{node}")
        middle = (own.min(axis=0) + own.max(axis=0)) / 2
        prim.AddTranslateOp().Set(gf.Vec3d(*(float(axis) for axis in middle)))
        prim.GetPrim().SetDisplayName(name)
        prim.GetPrim().CreateAttribute("groundgraph:node", sdf.ValueTypeNames.Int).Set(int(node))
        prim.GetPrim().CreateAttribute("groundgraph:name", sdf.ValueTypeNames.String).Set(name)


def _rows(up: np.ndarray) -> list[list[float]]:
    """The matrix (for row vectors, as USD has it) that turns up to +z."""
    right = np.cross(np.eye(3)[np.abs(up).argmin()], up)
    right /= np.linalg.norm(right)
    matrix = np.eye(4)
    matrix[:3, :3] = np.stack([right, np.cross(up, right), up], axis=1)
    return [[float(cell) for cell in row] for row in matrix]
