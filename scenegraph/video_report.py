"""The numbers of a video evaluation as tables for people; JSON is that of `scenegraph.report`."""

from dataclasses import dataclass

from scenegraph.report import Report


@dataclass(frozen=True, eq=False)
class VideoReport(Report):
    """What `VideoEvaluation.report` returns; names begin with their protocol, as "strict video/R@20"."""

    def table(self) -> str:
        """The numbers under the names of their protocols, as text."""
        value = self.values
        lines = [f"{value['videos']:.0f} videos, {value['videos_without_prediction']:.0f} of them without prediction"]
        for name in (key.removesuffix("/ceiling") for key in value if key.endswith("/ceiling")):
            lines += ["", self.protocol if name == "strict video" else name]
            lines += self._at_ks(f"{name}/", ("R", "mR", "F1", "ngR", "ngmR", "pair_recall"))
            lines.append(
                f"  ceiling R {value[f'{name}/ceiling']:.4f}, ngR {value[f'{name}/ng_ceiling']:.4f} (true predicates "
                "and spans on the best predicted tubes)"
            )
        lines.append(
            f"  {value['strict video/truths']:.0f} true relations in {value['strict video/images']:.0f} videos; "
            f"mR over {value['strict video/predicates']:.0f} predicates that occur; "
            f"removed {value['strict video/rows_removed']:.0f} rows"
        )
        subsets = {key.rpartition("/")[0] for key in value if key.startswith(("strict video[", "strict voxels["))}
        for name in sorted(subsets):
            lines += ["", f"{name}: these predicates only, {value[f'{name}/predicates']:.0f} occur"]
            lines += self._at_ks(f"{name}/", ("R", "mR", "F1"))
        if "VPQ" in value:
            lines += ["", "tubes               all   things    stuff"]
            for name in ("VPQ", "VPQ{}[1]"):
                keys = [name.format(group) if "{}" in name else name + group for group in ("", "_things", "_stuff")]
                label = "VPQ" if name == "VPQ" else "PQ of single frames"
                lines.append(f"  {label:20}" + "".join(f"{value[key]:9.4f}" for key in keys))
            lines.append(f"  STQ {value['STQ']:.4f} (association {value['STQ/AQ']:.4f}, classes {value['STQ/SQ']:.4f})")
        for protocol, names in (
            ("openpvsg-full", ("R", "mR", "weak R", "weak mR", "soft R", "soft mR")),
            ("vidvrd", ("R",)),
        ):
            if f"legacy {protocol}/R@{self.ks[0]}" in value:
                lines += ["", f"legacy {protocol} (as published; only to compare with old tables)"]
                lines += self._at_ks(f"legacy {protocol}/", names)
        if "legacy vidvrd/mAP" in value:
            lines.append(f"  mAP {value['legacy vidvrd/mAP']:.4f}")
        return "\n".join(lines)
