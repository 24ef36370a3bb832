"""A damaged annotation file is read or refused, whatever its format, but never breaks its reader."""

import json

from scenegraph import InputError
from tests.scenegraph.strategies import damaged


def check_damaged(path, data, validate, open_file):
    """Damage a file in one way that hypothesis draws; whatever is not read has to be reported.

    Args:
        path: of the file; its first content is kept beside it, since all draws of a test share the folder.
        data: of hypothesis.
        validate: gives the problems of a file.
        open_file: gives its reader.
    """
    whole = path.with_suffix(".whole")
    if not whole.exists():
        whole.write_text(path.read_text())
    path.write_text(json.dumps(data.draw(damaged(json.loads(whole.read_text())))))
    try:
        found = validate(path)
        file = open_file(path)
    except InputError:
        return
    broken = {problem.item for problem in found if problem.severity == "error"}
    for index in range(len(file)):
        try:
            file.graph(index)
        except InputError:
            assert file.item(index) in broken
