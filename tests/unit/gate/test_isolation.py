"""A fresh process: what importing and running the gate does to it, and what it touches."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.unit.gate.conftest import ROOT

WATCHED = """
import json, os, sys
written, dialled, read = [], [], []

def hook(event, args):
    if event == "open" and isinstance(args[0], str):
        name, mode, flags = args
        writes = (mode is not None and set(mode) & set("wax+")) or flags & (os.O_WRONLY | os.O_RDWR)
        (written if writes else read).append(name)
    elif event in ("socket.connect", "socket.getaddrinfo", "subprocess.Popen", "os.system"):
        dialled.append(event)

sys.addaudithook(hook)
sys.dont_write_bytecode = True
import logging
def state():
    root = logging.getLogger()
    return list(root.handlers), list(root.filters), root.level, os.getcwd(), dict(os.environ), sys.stdout, sys.stderr

before = state()
import tooling.gate
light = "checkov" not in sys.modules
from datetime import date
from pathlib import Path
from tooling.gate import GateConfig, Severity, evaluate, warm_up
root = Path(sys.argv[1])
warm_up()
plan = json.loads((root / "tests/unit/gate/data/kefir_before_apply.json").read_text())
# Importing finds out where temporary files go, by writing one.
read.clear(), written.clear()
dialled = [event for event in dialled if event != "subprocess.Popen"]  # importing GitPython runs "git version"
own = root / "policies"
config = GateConfig(fail_on=Severity.LOW, waivers=own / "waivers.yaml", policies=own, today=date(2026, 11, 21))
result = evaluate(plan, stack="prod/kefir", config=config)
after = state()
said = {"light": light, "same": before == after, "written": written, "dialled": dialled, "read": read,
        "heavy": "numpy" in sys.modules, "left": __import__("importlib.util").util.find_spec("numpy") is not None,
        "findings": len(result.findings), "waived": len(result.waived),
        "refused": sorted({finding.check_id for finding in result.refused})}
os.write(int(sys.argv[2]), json.dumps(said).encode())
"""


def test_a_fresh_process_stays_silent_offline_and_as_it_was(tmp_path: Path) -> None:
    # GIVEN a folder and an environment that checkov's own command line would heed
    (tmp_path / ".checkov.yaml").write_text("skip-check: [CKV_AWS_309]\nsoft-fail: true\n")
    (tmp_path / "main.tf").write_text('resource "aws_sns_topic" "t" {\n  # checkov:skip=CKV_AWS_26:no\n}\n')
    answer = tmp_path / "answer.json"
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}
    environment |= {"EVAL_TF_PLAN_AFTER_UNKNOWN": "1", "LOG_LEVEL": "DEBUG", "BC_API_KEY": "none"}

    # WHEN
    with answer.open("wb") as file:
        done = subprocess.run(
            [sys.executable, "-c", WATCHED, str(ROOT), str(file.fileno())],
            cwd=tmp_path,
            env=environment,
            pass_fds=[file.fileno()],
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    # THEN
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    said = json.loads(answer.read_text())
    assert said["light"], "importing tooling.gate must not import checkov"
    assert not said["heavy"], "numpy was imported, which checkov asks for and does not use"
    assert said["left"], "numpy cannot be imported any more"
    assert said["same"], "logging, cwd, environment or streams changed"
    assert said["dialled"] == []
    assert said["written"] == []
    own = [name for name in said["read"] if not name.startswith((sys.prefix, sys.base_prefix))]
    assert {Path(name).name for name in own} <= {"waivers.yaml", "requirements.yaml"}
    assert said["refused"] == ["GP_WAIVER_1"], "waivers for what the plan was cut down by, and nothing else"
    assert said["waived"] > 10
