"""`groundgraph doctor`: what is installed, what is missing, what to do."""

import argparse
import importlib.metadata
import importlib.util
import json
import platform
import shutil
import sys
from importlib.resources import files

EXTRAS = {
    "train": ("torch", "mmengine", "mmcv", "mmdet", "scipy", "tensorboard", "transformers"),
    "video": ("cv2",),
    "rgbd": ("open3d",),
    "usd": ("pxr",),
    "llm": ("torch", "transformers", "httpx", "llguidance"),
    "serve": ("fastapi", "uvicorn", "mcp"),
    "explorer": ("fastapi", "uvicorn", "pyarrow"),
}
"""Import names an extra of setup.cfg brings."""

FORKS = {"mmengine": "onedl-mmengine", "mmcv": "onedl-mmcv", "mmdet": "onedl-mmdetection"}
"""Import name to the maintained distribution; the upstream one of the same import name must not be beside it."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("--json", action="store_true", help="print the findings as JSON")


def run(arguments: argparse.Namespace) -> int:
    """Print the findings; exit code 1 if something installed is broken, else 0."""
    findings = examine()
    if arguments.json:
        print(json.dumps(findings, indent=2))
    else:
        print(_readable(findings))
    return 1 if findings["problems"] else 0


def examine() -> dict:
    """What is installed for every extra, which device is there, and what stands in the way."""
    extras = {name: {module: _version(module) for module in modules} for name, modules in EXTRAS.items()}
    return {
        "groundgraph": importlib.metadata.version("groundgraph"),
        "python": platform.python_version(),
        "extras": extras,
        "cuda": _cuda(),
        "compiled mmcv ops": _found("mmcv._ext"),
        "explorer page built": files("explorer").joinpath("static/dist/index.html").is_file(),
        "browser": shutil.which("chromium") or shutil.which("google-chrome"),
        "problems": _problems(),
    }


def _found(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:
        return False


def _version(module: str) -> str | None:
    if not _found(module):
        return None
    names = [FORKS.get(module, module), *importlib.metadata.packages_distributions().get(module, [])]
    for name in names:
        try:
            return importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return "unknown"


def _cuda() -> str | None:
    if not _found("torch"):
        return None
    import torch

    return torch.cuda.get_device_name(0) if torch.cuda.is_available() else None


def _problems() -> list[str]:
    problems = []
    for upstream in FORKS:
        try:
            importlib.metadata.version(upstream)
        except importlib.metadata.PackageNotFoundError:
            continue
        problems.append(
            f"the upstream {upstream} is installed beside {FORKS[upstream]}; both use the same import name: "
            f"pip uninstall {upstream}, then reinstall {FORKS[upstream]}"
        )
    if _found("torch") and _found("torchvision"):
        try:
            import torchvision  # noqa: F401
        except Exception as error:  # a broken binary may raise anything
            problems.append(
                f"torchvision does not match torch ({error}); transformers cannot import models beside it: "
                "pip uninstall torchvision"
            )
    return problems


def _readable(findings: dict) -> str:
    lines = [f"groundgraph {findings['groundgraph']}, Python {findings['python']} ({sys.platform})"]
    for extra, modules in findings["extras"].items():
        missing = [module for module, version in modules.items() if version is None]
        present = ", ".join(f"{module} {version}" for module, version in modules.items() if version)
        remedy = f"   missing {', '.join(missing)}: pip install 'groundgraph[{extra}]'" if missing else ""
        lines.append(f"  {extra:9} {present or 'nothing'}{remedy}")
    lines.append(f"  CUDA      {findings['cuda'] or 'none: models run on the CPU'}")
    ops = "compiled" if findings["compiled mmcv ops"] else "torch versions of nms and roi_align (psg/ops.py)"
    lines.append(f"  mmcv ops  {ops}")
    page = "built" if findings["explorer page built"] else "not built: run `make page` (needs Node 20)"
    lines.append(f"  page      {page}")
    lines += [f"  PROBLEM: {problem}" for problem in findings["problems"]]
    return "\n".join(lines)
