"""The action, the workflows and the locked requirements, held against each other and run."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import sysconfig
import tomllib
from contextlib import suppress
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from ruamel.yaml import YAML

from reviewer.publish.github.actions import Outputs
from reviewer.settings import Settings
from reviewer.source.comment import EVENT as ORDERED
from reviewer.source.gate import WITH_SECRETS

ROOT = Path(__file__).parent.parent
TOOLS = Path(sys.executable).parent
ACTION: dict[str, Any] = YAML(typ="safe").load(ROOT / "action.yml")
STEPS: list[dict[str, Any]] = ACTION["runs"]["steps"]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
KEYS = {"anthropic-api-key", "github-token", "sarif"}
LOCAL_ONLY = {"block_on_error", "prices", "rules"}  # the hook; tables, which no input can hold
LOCK = (ROOT / "requirements.lock").read_text()
PACKAGES = re.findall(
    r"^(\S+)==(\S+)(?: ; [^\\]+)? \\\n((?:    --hash=.*\n)*)", LOCK, re.MULTILINE
)


# --- in step with the settings and the outputs -----------------------------------------------


def test_there_is_one_input_for_every_setting_that_means_something_in_ci() -> None:
    settings = {
        name.replace("_", "-") for name in {each.name for each in fields(Settings)} - LOCAL_ONLY
    }

    assert set(ACTION["inputs"]) - KEYS == settings


def test_every_input_reaches_the_review_under_the_settings_name() -> None:
    (review,) = (step for step in STEPS if step["id"] == "review")
    given = {name: text for name, text in review["env"].items() if name != "PYTHON"}

    assert given == {
        "ANTHROPIC_API_KEY": "${{ inputs.anthropic-api-key }}",
        "GITHUB_TOKEN": "${{ inputs.github-token }}",
        "SARIF": "${{ inputs.sarif }}",
    } | {
        f"REVIEWER_{name.replace('-', '_').upper()}": f"${{{{ inputs.{name} }}}}"
        for name in set(ACTION["inputs"]) - KEYS
    }


def test_an_input_that_is_not_given_leaves_the_setting_alone() -> None:
    assert {ACTION["inputs"][name]["default"] for name in set(ACTION["inputs"]) - KEYS} == {""}


def test_the_outputs_are_those_that_are_written() -> None:
    written = {field.name.replace("_", "-") for field in fields(Outputs)}

    assert set(ACTION["outputs"]) == written | {"exit-code"}


@pytest.mark.parametrize("path", [ROOT / "action.yml", *WORKFLOWS], ids=lambda path: path.name)
def test_no_expression_stands_inside_a_script(path: Path) -> None:
    scripts = [
        step["run"]
        for job in _jobs(YAML(typ="safe").load(path))
        for step in job["steps"]
        if "run" in step
    ]

    assert scripts or path.name == "review.yml"
    assert not [script for script in scripts if "${{" in script]


def _jobs(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [document["runs"]] if "runs" in document else list(document["jobs"].values())


@pytest.mark.parametrize(
    "words",
    [
        ("actionlint", "-shellcheck=", "-pyflakes=", *map(str, WORKFLOWS)),
        ("zizmor", "--offline", "--no-progress", "--strict-collection", "--pedantic", str(ROOT)),
        (
            "check-jsonschema",
            "--builtin-schema",
            "vendor.github-actions",
            str(ROOT / "action.yml"),
        ),
        ("check-jsonschema", "--builtin-schema", "vendor.github-workflows", *map(str, WORKFLOWS)),
    ],
    ids=["actionlint", "zizmor", "action schema", "workflow schema"],
)
def test_the_linters_of_the_trade_have_nothing_to_say(words: tuple[str, ...]) -> None:
    done = subprocess.run(
        (TOOLS / words[0], *words[1:]), capture_output=True, text=True, check=False, cwd=ROOT
    )

    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("path", [ROOT / "action.yml", *WORKFLOWS], ids=lambda path: path.name)
def test_every_foreign_action_is_pinned_to_a_commit_with_its_version(path: Path) -> None:
    foreign = re.findall(r"uses: (?!\./)(.*)", path.read_text())

    assert foreign
    for uses in foreign:
        assert re.fullmatch(r"actions/[\w-]+(/[\w-]+)?@[0-9a-f]{40} # v\d+\.\d+\.\d+", uses)


def test_pre_commit_runs_the_hook_before_a_push_and_gives_it_no_files() -> None:
    (hook,) = YAML(typ="safe").load(ROOT / ".pre-commit-hooks.yaml")

    assert (hook["id"], hook["entry"]) == ("reviewer", "reviewer hook run")
    assert hook["stages"] == ["pre-push"]
    assert (hook["pass_filenames"], hook["always_run"]) == (False, True)


# --- the locked requirements -----------------------------------------------------------------


def test_every_dependency_is_locked_in_a_version_that_it_allows() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    locked = {canonicalize_name(name): version for name, version, _ in PACKAGES}

    for text in project["dependencies"]:
        wanted = Requirement(text)
        assert locked[canonicalize_name(wanted.name)] in wanted.specifier, text


def test_every_locked_package_has_hashes() -> None:
    lines = [line for line in LOCK.splitlines() if line and line[0] not in " #"]

    assert len(PACKAGES) == len(lines) > 20
    for name, _, hashes in PACKAGES:
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", hashes), name


def test_the_lock_names_no_index_and_no_folder_of_anyones() -> None:
    assert not re.search(r"https?:|file:|--index|--find-links| [/~]", LOCK)


# --- a run of the composite steps ------------------------------------------------------------


@dataclass
class Runner:
    """As much of GitHub's runner as a composite action needs: expressions, steps, outputs."""

    folder: Path
    action: Path
    inputs: dict[str, str]

    def __post_init__(self) -> None:
        self.outputs: dict[str, dict[str, str]] = {}
        self.log = ""
        self.code = 0
        self.checkout = self.folder / "checkout"
        self.temp = self.folder / "it's the temp"
        for path in (self.checkout, self.temp):
            path.mkdir()

    def run(self, *steps: str, **environment: str) -> None:
        """Run the steps of these ids, unless their condition is not met."""
        for step in STEPS:
            if step["id"] in steps and self._wanted(step.get("if")):
                assert "run" in step, f"would fetch {step['uses']}"
                self._script(step, environment)
                if self.code:
                    return

    @property
    def shown(self) -> dict[str, str]:
        """The outputs of the action."""
        return {name: self._text(says["value"]) for name, says in ACTION["outputs"].items()}

    def _script(self, step: dict[str, Any], environment: dict[str, str]) -> None:
        files = {
            name: self.temp / name
            for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY", "GITHUB_ENV")
        }
        files["GITHUB_OUTPUT"].write_text("")
        done = subprocess.run(
            ("bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", step["run"]),
            cwd=self.checkout,
            env=os.environ
            | {
                "GITHUB_ACTIONS": "true",
                "GITHUB_ACTION_PATH": str(self.action),
                # `python3` is to be the one that the borrowed packages were built for.
                "PATH": f"{sysconfig.get_path('scripts')}:{os.environ['PATH']}",
                "GITHUB_WORKSPACE": str(self.checkout),
                "RUNNER_TEMP": str(self.temp),
            }
            | {name: str(path) for name, path in files.items()}
            | environment
            | {name: self._text(text) for name, text in step.get("env", {}).items()},
            capture_output=True,
            text=True,
            check=False,
        )
        self.log += done.stdout + done.stderr
        self.code = done.returncode
        self.outputs[step["id"]] = _outputs(files["GITHUB_OUTPUT"].read_text())

    def _wanted(self, condition: str | None) -> bool:
        if condition is None:
            return True
        left, _, right = condition.partition(" == ")
        return self._value(left) == self._value(right)

    def _text(self, text: str) -> str:
        return re.sub(r"\$\{\{ (.*?) \}\}", lambda found: self._value(found[1]), text)

    def _value(self, expression: str) -> str:
        for part in expression.split(" || "):
            if value := self._one(part):
                return value
        return ""

    def _one(self, name: str) -> str:
        if name.startswith("'"):
            return name.strip("'")
        match name.split("."):
            case ["inputs", key]:
                default: str = ACTION["inputs"][key].get("default", "")
                return self.inputs.get(key, default.replace("${{ github.token }}", "a-token"))
            case ["steps", step, "outputs", key]:
                return self.outputs.get(step, {}).get(key, "")
            case _:
                raise AssertionError(f"the emulator does not know {name}")


def _outputs(text: str) -> dict[str, str]:
    several = re.findall(r"^([\w-]+)<<(.+)\n((?:.*\n)*?)\2\n", text, re.MULTILINE)
    one = re.findall(r"^([\w-]+)=(.*)$", text, re.MULTILINE)
    return dict(one) | {name: value.removesuffix("\n") for name, _, value in several}


CANARY = "import pathlib; pathlib.Path(__file__).with_suffix('.ran').touch()\n"
TRAPS = {
    f"{name}.py": CANARY
    for name in ("sitecustomize", "usercustomize", "github", "git", "json", "reviewer", "venv")
} | {
    "pip.conf": "[global]\nindex-url = http://127.0.0.1:9/\n",
    "requirements.lock": "nothing-at-all==1.0\n",
    "pyvenv.cfg": "home = /nowhere\n",
    "reviewer.pth": "import nowhere\n",
}
"""What an outsider may leave in the checkout, hoping that it is run or obeyed."""


def in_a_trapped_checkout(folder: Path, action: Path) -> Runner:
    runner = Runner(folder, action, {"anthropic-api-key": "a-secret-key", "fail-on": "high"})
    for name, text in TRAPS.items():
        (runner.checkout / name).write_text(text)
    return runner


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Runner:
    """The steps up to the review, offline: with nothing to install but the action itself.

    The packages that the real lock installs are then borrowed from the Python of the tests.
    """
    action = tmp_path_factory.mktemp("action")
    for name in ("reviewer", "templates"):
        (action / name).symlink_to(ROOT / name)
    (action / "requirements.lock").write_text("# nothing\n")
    runner = in_a_trapped_checkout(tmp_path_factory.mktemp("run"), action)
    runner.run("python", "setup", "install")
    (ours,) = runner.temp.rglob("reviewer.pth")
    ours.with_name("zz-borrowed.pth").write_text(sysconfig.get_path("purelib"))
    return runner


def test_a_run_without_a_pull_request_says_that_it_skips(installed: Runner) -> None:
    installed.run("review", GITHUB_EVENT_NAME="push")

    assert installed.code == 0, installed.log
    assert "the event is 'push'" in installed.log
    assert installed.shown == {
        "outcome": "skipped",
        "exit-code": "0",
        "findings": "0",
        "cost-usd": "0.0000",
        "bundle": "",
        "review-url": "",
    }


def test_the_exit_code_is_passed_on(installed: Runner) -> None:
    installed.run("review", GITHUB_EVENT_NAME="pull_request", GITHUB_EVENT_PATH="/nowhere")

    assert installed.code == 2
    assert (installed.shown["outcome"], installed.shown["exit-code"]) == ("unfinished", "2")


ENDS_IN_ORDER = """\
import signal, sys
signal.signal(signal.SIGTERM, lambda *_: sys.exit(130))
print("asking", flush=True)
signal.pause()
"""


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_a_runner_that_cancels_the_step_is_heard_by_the_review(
    tmp_path: Path, sent: signal.Signals
) -> None:
    (review,) = (step for step in STEPS if step["id"] == "review")
    program = tmp_path / "python"
    program.write_text(f"#!/bin/sh\nexec '{sys.executable}' -c '{ENDS_IN_ORDER}'\n")
    program.chmod(0o755)
    (tmp_path / "reviewer").mkdir()
    given = {"PYTHON": program, "RUNNER_TEMP": tmp_path, "GITHUB_OUTPUT": tmp_path / "output"}
    environment = os.environ | {"SARIF": ""} | {name: str(path) for name, path in given.items()}
    words = ("bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", review["run"])

    with subprocess.Popen(
        words, env=environment, stdout=subprocess.PIPE, start_new_session=True
    ) as shell:
        try:
            assert shell.stdout
            assert shell.stdout.readline() == b"asking\n"
            shell.send_signal(sent)  # to the shell alone, as the runner does
            assert shell.wait(timeout=30) == 130
        finally:
            with suppress(ProcessLookupError):
                os.killpg(shell.pid, signal.SIGKILL)

    assert "exit-code=130" in (tmp_path / "output").read_text()


def test_nothing_in_the_checkout_is_run_or_obeyed(installed: Runner) -> None:
    installed.run("review", GITHUB_EVENT_NAME="push")

    assert {path.name for path in installed.checkout.iterdir()} == set(TRAPS)
    assert not (installed.temp / "GITHUB_ENV").exists()


def test_the_traps_would_catch_a_python_that_is_not_isolated(tmp_path: Path) -> None:
    runner = in_a_trapped_checkout(tmp_path, ROOT)
    subprocess.run((sys.executable, "-c", "import github"), cwd=runner.checkout, check=True)

    assert (runner.checkout / "github.ran").exists()


def test_the_cache_is_saved_when_the_review_has_learnt_something(installed: Runner) -> None:
    cache = installed.temp / "reviewer" / "cache"
    cache.mkdir()
    installed.run("review", GITHUB_EVENT_NAME="push")
    before = installed.outputs["review"].get("learnt")
    (cache / "blobs-1.sqlite3").write_bytes(b"")
    os.utime(cache / "blobs-1.sqlite3", (4e9, 4e9))
    installed.run("review", GITHUB_EVENT_NAME="push")

    assert (before, installed.outputs["review"]["learnt"]) == (None, "true")


def test_no_failure_of_the_cache_fails_the_review() -> None:
    steps = {step["id"]: step for step in STEPS if "actions/cache" in step.get("uses", "")}

    assert set(steps) == {"restore", "save", "restore-warm", "save-warm"}
    assert all(step["continue-on-error"] for step in steps.values())
    for end in ("", "-warm"):
        restore, save = steps[f"restore{end}"]["with"], steps[f"save{end}"]["with"]
        assert restore["key"] == save["key"]
        assert restore["path"] == save["path"]


def test_what_was_learnt_of_a_strangers_code_is_not_kept_for_the_others() -> None:
    (save,) = (step for step in STEPS if step["id"] == "save")

    for event in (*WITH_SECRETS, ORDERED):
        assert f"github.event_name != '{event}'" in save["if"]


def test_nothing_is_spent_where_the_record_of_the_day_could_not_be_restored() -> None:
    names = [step["id"] for step in STEPS]
    stop = STEPS[names.index("known")]

    assert names.index("restore-warm") < names.index("known") < names.index("review")
    assert "steps.restore-warm.outcome == 'failure'" in stop["if"]
    assert "exit 1" in stop["run"]


def test_the_record_of_the_day_is_saved_whatever_became_of_the_run() -> None:
    (save,) = (step for step in STEPS if step.get("id") == "save-warm")

    assert save["if"].startswith("always()")


def test_the_key_is_not_in_the_log(installed: Runner) -> None:
    installed.run("review", GITHUB_EVENT_NAME="push")

    assert "a-secret-key" not in installed.log


def test_only_the_review_is_given_the_keys() -> None:
    holders = [step["id"] for step in STEPS if "inputs." in str(step.get("env", ""))]

    assert holders == ["review"]


@pytest.mark.corpus
def test_the_locked_packages_install_and_run(tmp_path: Path) -> None:
    runner = in_a_trapped_checkout(tmp_path, ROOT)
    runner.run("python", "setup", "install", "review", GITHUB_EVENT_NAME="push")

    assert runner.code == 0, runner.log
    assert runner.shown["outcome"] == "skipped"
