"""What is wrong with Action Genome's annotations, video by video."""

from pathlib import Path

from tqdm import tqdm

from scenegraph.errors import InputError
from scenegraph.formats.action_genome.reader import ActionGenomeFile
from scenegraph.formats.problems import Problem
from scenegraph.formats.stored_relations import noted


def validate(path: str | Path, progress: bool = True) -> list[Problem]:
    """Make the graph of every video and say what is wrong with it.

    Returns:
        Problems in the order of the file; what readers leave out or cut is of severity "warning".

    Raises:
        InputError: the files cannot be read at all.
    """
    file = ActionGenomeFile.open(path)
    problems = []
    for index in tqdm(range(len(file)), desc="checking", unit="video", disable=not progress, leave=False):
        try:
            graph = file.graph(index)
        except InputError as error:
            problems.append(Problem(file.item(index), "pictures", str(error)))
            continue
        problems += [Problem(file.item(index), *finding) for finding in noted(graph.metadata)]
        if file.split(index) is None:
            problems.append(Problem(file.item(index), "metadata.set", "its objects name no split, or two", "warning"))
    return problems
