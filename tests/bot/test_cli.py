"""Bad input: exit 2, one line that names what is wrong and what to write instead, and nothing written."""

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from bot.cli import run
from pilot.histories import plant

TARGET = "src/words.py::frequent_words"


@pytest.fixture
def project(tmp_path, monkeypatch):
    monkeypatch.setenv("HASTEN_DATA", str(tmp_path / "data"))
    for name in ("HASTEN_GITLAB_URL", "HASTEN_GITLAB_TOKEN", "ANTHROPIC_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    plant("plain_text", tmp_path / "project")
    return tmp_path / "project"


def complaint(capsys, *arguments):
    code = run([str(argument) for argument in arguments])
    out, err = capsys.readouterr()
    lines = err.strip().splitlines()
    assert (code, out, len(lines)) == (2, "", 1), (code, out, err)
    return lines[0]


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        (["evaluat"], "evaluat"),
        (["evaluate"], "PROJECT"),
        (["evaluate", ".", "--target", "a.py::f"], "--candidate"),
        (["optimize", ".", "--target", "a.py"], "path/to/file.py::function"),
        (["optimize", ".", "--target", "../a.py::f"], "repository's root"),
        (["optimize", ".", "--target", "a.py::f", "--sandbox", "chroot"], "bubblewrap or docker"),
        (["optimize", ".", "--target", "a.py::f", "--strategy", "greedy"], "sequential, parallel, hybrid or adaptive"),
        (["optimize", ".", "--target", "a.py::f", "--agent", "nobody"], "recipes"),
        (["optimize", "/nonexistent", "--target", "a.py::f"], "no git checkout"),
        (["serve"], "HASTEN_GITLAB_URL"),
        (["register", "team/words", "--url", "https://bot.example.com"], "HASTEN_GITLAB_TOKEN"),
        (["replay", "nothing.json"], "no such file"),
        (["bench", "everything"], "ack, exercises, judge, mutants, pilot, simulate"),
        (["traces", "export", "run-1"], "no run"),
    ],
)
def test_a_mistake_is_named_with_its_cure(project, capsys, arguments, names):
    assert names in complaint(capsys, *arguments)


def test_a_setting_that_cannot_be_is_named(project, capsys, monkeypatch):
    monkeypatch.setenv("HASTEN_PORT", "many")

    assert complaint(capsys, "doctor").startswith("hasten: HASTEN_PORT:")


def test_an_output_without_a_folder_is_refused_before_any_work(project, capsys):
    told = complaint(capsys, "optimize", project, "--target", TARGET, "--json", "nowhere/out.json")

    assert "nowhere" in told and not (project.parent / "data").exists()


def test_a_candidate_that_is_missing_or_no_patch(project, capsys, tmp_path):
    (tmp_path / "x.patch").write_text("hello\n")

    missing = complaint(capsys, "evaluate", project, "--target", TARGET, "--candidate", tmp_path / "y.patch")
    broken = complaint(capsys, "evaluate", project, "--target", TARGET, "--candidate", tmp_path / "x.patch")

    assert "no such file" in missing and "git diff HEAD >" in broken


def test_settings_and_inputs_that_are_not_committed_are_named_before_any_work(project, capsys, tmp_path):
    (tmp_path / "x.patch").write_text("hello\n")
    words = ["evaluate", project, "--target", TARGET, "--candidate", tmp_path / "x.patch"]
    settings = project / ".hasten.yml"

    settings.write_bytes(settings.read_bytes().replace(b"\n", b"\r\n"))
    same = run([str(word) for word in words]), capsys.readouterr().err
    settings.write_text(settings.read_text() + "# more\n")
    (project / "benchmarks/inputs.py").write_text("")
    differing = run([str(word) for word in words]), capsys.readouterr().err

    assert (same[0], "HEAD:" in same[1]) == (2, False)
    assert differing[0] == 2 and "`.hasten.yml` and `benchmarks/inputs.py` differ from HEAD" in differing[1], differing


def test_a_checkout_that_lacks_files_is_told_so(project, capsys, tmp_path):
    subprocess.run(["git", "-C", project, "config", "uploadpack.allowFilter", "true"], check=True)
    clone = ["git", "clone", "-q", "--filter=blob:none", "--no-checkout", project.as_uri(), tmp_path / "partial"]
    subprocess.run(clone, check=True)

    assert "partial clone" in complaint(capsys, "optimize", tmp_path / "partial", "--target", TARGET)


def test_a_function_that_is_not_there_is_answered_with_the_nearest(project, capsys):
    assert "frequent_words" in complaint(capsys, "optimize", project, "--target", "src/words.py::frequent_wrods")


def test_a_bad_project_file_is_named_with_its_line(project, capsys):
    (project / ".hasten.yml").write_text("version: 1\ntarget: []\n")
    subprocess.run(
        ["git", "-C", project, "-c", "user.name=dev", "-c", "user.email=dev@example.invalid", "commit", "-qam", "x"], check=True
    )

    assert "line 2" in complaint(capsys, "optimize", project, "--target", TARGET)


@pytest.mark.slow
def test_sizes_that_the_generator_does_not_take_are_a_mistake_in_the_project(project, capfd, tmp_path):
    settings = (project / ".hasten.yml").read_text()
    (project / ".hasten.yml").write_text(settings.replace("{rows: ", "{rowz: "))
    commit = ["-c", "user.name=dev", "-c", "user.email=dev@example.invalid", "commit", "-qam", "x"]
    subprocess.run(["git", "-C", project, *commit], check=True)
    (project / "src" / "words.py").write_text((project / "src" / "words.py").read_text() + "\n# the same\n")
    with (tmp_path / "x.patch").open("w") as file:
        subprocess.run(["git", "-C", project, "diff"], check=True, stdout=file)

    code = run(["evaluate", str(project), "--target", TARGET, "--candidate", str(tmp_path / "x.patch")])

    *_, last = capfd.readouterr().err.strip().splitlines()
    assert code == 2
    assert last.startswith("hasten: benchmarks/inputs.py::texts(") and "what `sizes` names (rowz)" in last


@pytest.mark.slow
def test_a_patch_that_does_not_fit_is_a_rejection(project, capsys, tmp_path):
    patch = "--- a/src/words.py\n+++ b/src/words.py\n@@ -1,2 +1,2 @@\n-not what stands there\n+anything\n context\n"
    (tmp_path / "x.patch").write_text(patch)

    code = run(["evaluate", str(project), "--target", TARGET, "--candidate", str(tmp_path / "x.patch"), "--json", "-"])

    card = json.loads(capsys.readouterr().out)
    assert (code, card["outcome"], card["reasons"][0]["code"]) == (1, "rejected", "patch.conflict")


@pytest.mark.slow
def test_a_project_whose_inputs_fail_is_told_the_line(project, capsys, tmp_path):
    settings = project / ".hasten.yml"
    settings.write_text(settings.read_text().replace("inputs.py::texts", "broken.py::texts"))
    (project / "benchmarks/broken.py").write_text("def texts(seed, **sizes):\n    raise KeyError('no corpus')\n")
    subprocess.run(["git", "-C", project, "add", "-A"], check=True)
    subprocess.run(
        ["git", "-C", project, "-c", "user.name=dev", "-c", "user.email=dev@example.invalid", "commit", "-qam", "x"], check=True
    )
    source = (project / "src/words.py").read_text()
    (project / "src/words.py").write_text(source + "\n# changed\n")
    (tmp_path / "x.patch").write_bytes(subprocess.run(["git", "-C", project, "diff"], capture_output=True, check=True).stdout)

    code = run(["evaluate", str(project), "--target", TARGET, "--candidate", str(tmp_path / "x.patch"), "--json", "-"])

    out, err = capsys.readouterr()
    assert (code, out) == (2, "")
    assert "benchmarks/broken.py:2: benchmarks/broken.py::texts" in err.splitlines()[-1] and "KeyError: 'no corpus'" in err
    assert "Traceback" not in err


def descendants(pid):
    """All processes below one, with their commands."""
    parents, commands = {}, {}
    for place in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            words = place.read_text().rpartition(")")[2].split()
            parents[int(place.parent.name)] = int(words[1])
            commands[int(place.parent.name)] = place.with_name("cmdline").read_text()
    return list(_below(pid, parents, commands))


def _below(pid, parents, commands):
    for child in [child for child, parent in parents.items() if parent == pid]:
        yield child, commands.get(child, "")
        yield from _below(child, parents, commands)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("verb", "end"),
    [
        ("optimize", "No candidate had been judged by then"),
        ("evaluate", "hasten: stopped: nothing was judged, nothing was changed"),
    ],
)
def test_work_that_is_told_to_stop_says_what_it_found_and_leaves_nothing_running(project, tmp_path, verb, end):
    settings = project / ".hasten.yml"
    settings.write_text(settings.read_text().replace("python -m unittest -v", "python hang.py"))
    (project / "hang.py").write_text("print('at work', flush=True)\nwhile True:\n    pass\n")
    commit = ["-c", "user.name=dev", "-c", "user.email=dev@example.invalid", "commit", "-qm", "x"]
    subprocess.run(["git", "-C", project, "add", "-A"], check=True)
    subprocess.run(["git", "-C", project, *commit], check=True)
    source = project / "src/words.py"
    source.write_text(source.read_text() + "\n# changed\n")
    patch = tmp_path / "x.patch"
    patch.write_bytes(subprocess.run(["git", "-C", project, "diff"], capture_output=True, check=True).stdout)
    given = ["--candidate", str(patch)] if verb == "evaluate" else []
    command = [sys.executable, "-m", "bot", verb, str(project), "--target", TARGET, *given]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as working:
        left = []
        while not left and working.poll() is None:
            left = [os.pidfd_open(pid) for pid, command in descendants(working.pid) if "hang.py" in command]
            threading.Event().wait(0.05)
        working.send_signal(signal.SIGTERM)
        said = "".join(working.communicate(timeout=120))

    assert left and working.returncode == 128 + signal.SIGTERM and end in " ".join(said.split())
    for handle in left:
        assert select.select([handle], [], [], 60)[0], "something still runs"
        os.close(handle)
