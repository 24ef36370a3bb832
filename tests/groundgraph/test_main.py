import importlib
import json
import subprocess
import sys

import pytest

from groundgraph.main import COMMANDS, main


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_that_says_more_than_its_options(name, capsys):
    with pytest.raises(SystemExit) as stop:
        main([name, "--help"])
    assert stop.value.code == 0
    assert COMMANDS[name][1:20] in " ".join(capsys.readouterr().out.split())
    module = importlib.import_module(f"groundgraph.{name}")
    assert module.__doc__


def test_unknown_command_is_bad_input(capsys):
    with pytest.raises(SystemExit) as stop:
        main(["fly"])
    assert stop.value.code == 2
    assert "fly" in capsys.readouterr().err


def test_doctor_prints_json(capsys):
    assert main(["doctor", "--json"]) == 0
    findings = json.loads(capsys.readouterr().out)
    assert findings["extras"]["train"]["mmengine"]
    assert findings["problems"] == []


def test_help_of_a_light_command_imports_no_model_library():
    program = (
        "import sys, contextlib, io\nfrom groundgraph.main import main\n"
        "with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit): main(['--help'])\n"
        "heavy = {'torch', 'mmengine', 'transformers', 'fastapi'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
