"""Our bare repositories: nothing a project wrote is honoured, nothing secret gets out, nothing on the server is overwritten."""

import os
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sandbox.git import AccessDenied, GitError, MalformedPatch, NotFastForward, PatchConflict, PushRefused, Repository
from tests.sandbox.git_server import TOKEN, GitServer, serving

pytestmark = pytest.mark.slow

WHEN = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
AUTHOR = {"message": "A change\n", "author_name": "Hasten", "author_email": "hasten@example.invalid", "date": WHEN}


def git(folder: Path, *arguments: str, stdin: bytes = b"") -> str:
    settings = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "PATH": os.environ["PATH"], "HOME": str(folder)}
    people = {f"GIT_{who}_{what}": "dev@example.invalid" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    run = subprocess.run(
        ["git", *arguments], cwd=folder, input=stdin, env={**settings, **people}, capture_output=True, check=True
    )
    return run.stdout.decode().strip()


@pytest.fixture
def upstream(tmp_path: Path) -> Path:
    """A project's own repository, as a person made it."""
    folder = tmp_path / "upstream"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    (folder / "src").mkdir()
    (folder / "src" / "a.py").write_text("one\ntwo\nthree\n")
    (folder / "run.sh").write_text("exit 0\n")
    (folder / "run.sh").chmod(0o755)
    Path(os.fsdecode(bytes(folder) + b"/caf\xe9")).write_text("latin")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "first")
    return folder


@pytest.fixture
def repository(tmp_path: Path, upstream: Path) -> Repository:
    made = Repository.open_or_create(tmp_path / "ours")
    made.fetch(str(upstream))
    return made


@pytest.fixture
def head(repository: Repository) -> str:
    return repository.resolve("main")


@pytest.fixture
def server(tmp_path: Path, upstream: Path) -> Iterator[GitServer]:
    git(tmp_path, "clone", "-q", "--bare", str(upstream), "server/project.git")
    with serving(tmp_path / "server") as running:
        yield running


def committed(folder: Path, rows: str) -> str:
    """A commit whose tree is exactly these rows, however odd."""
    tree = git(folder, "mktree", stdin=rows.encode())
    return git(folder, "commit-tree", "-m", "odd", tree)


def blob(folder: Path, content: str) -> str:
    return git(folder, "hash-object", "-w", "--stdin", stdin=content.encode())


def test_an_export_is_plain_files_with_their_modes_and_names(repository, head, tmp_path):
    repository.export(head, tmp_path / "out")

    assert sorted(os.fsencode(path.name) for path in (tmp_path / "out").iterdir()) == [b"caf\xe9", b"run.sh", b"src"]
    assert (tmp_path / "out" / "run.sh").stat().st_mode & 0o777 == 0o755
    assert (tmp_path / "out" / "src" / "a.py").stat().st_mode & 0o777 == 0o644


def test_a_shallow_clone_gives_its_newest_commit_to_a_new_and_to_an_old_mirror(repository, upstream, tmp_path):
    (upstream / "src" / "a.py").write_text("newer\n")
    git(upstream, "commit", "-qam", "second")
    git(tmp_path, "clone", "-q", "--depth", "1", upstream.as_uri(), "shallow")
    new = Repository.open_or_create(tmp_path / "new")

    for mirror in (new, repository):
        mirror.fetch(str(tmp_path / "shallow"), refs=("+HEAD:refs/heads/main",))

    assert new.resolve("main") == repository.resolve("main") == git(upstream, "rev-parse", "HEAD")
    assert repository.read(repository.resolve("main"), "src/a.py") == b"newer\n"


def test_attributes_of_the_project_change_nothing(repository, upstream, tmp_path):
    (upstream / ".gitattributes").write_text("* text eol=crlf ident export-subst filter=evil diff=evil\nrun.sh export-ignore\n")
    (upstream / "id").write_text("$Id$ $Format:%H$\n")
    git(upstream, "add", "-A")
    git(upstream, "commit", "-q", "-m", "attributes")
    repository.fetch(str(upstream))
    head = repository.resolve("main")

    repository.export(head, tmp_path / "out")

    assert (tmp_path / "out" / "id").read_bytes() == b"$Id$ $Format:%H$\n"
    assert (tmp_path / "out" / "run.sh").read_bytes() == b"exit 0\n"
    assert b"\r" not in (tmp_path / "out" / "src" / "a.py").read_bytes()


@pytest.mark.parametrize("target", ["/etc/passwd", "../outside", "src/../../outside"])
def test_a_link_that_leads_outside_refuses_the_export(repository, upstream, tmp_path, target):
    (upstream / "link").symlink_to(target)
    git(upstream, "add", "-A")
    git(upstream, "commit", "-q", "-m", "link")
    repository.fetch(str(upstream))

    with pytest.raises(GitError, match=r"link.*outside"):
        repository.export(repository.resolve("main"), tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_chain_of_links_that_each_look_harmless_is_followed_to_its_end(repository, upstream, tmp_path):
    (upstream / "a" / "b").mkdir(parents=True)
    (upstream / "a" / "b" / "top").symlink_to("../..")
    (upstream / "out").symlink_to("a/b/top/../x")
    git(upstream, "add", "-A")
    git(upstream, "commit", "-q", "-m", "links")
    repository.fetch(str(upstream))

    with pytest.raises(GitError, match="outside"):
        repository.export(repository.resolve("main"), tmp_path / "out")


def test_links_inside_the_project_stay(repository, upstream, tmp_path):
    (upstream / "src" / "alias.py").symlink_to("a.py")
    git(upstream, "add", "-A")
    git(upstream, "commit", "-q", "-m", "link")
    repository.fetch(str(upstream))

    repository.export(repository.resolve("main"), tmp_path / "out")

    assert (tmp_path / "out" / "src" / "alias.py").readlink() == Path("a.py")


@pytest.mark.parametrize("name", [".git", ".GIT", "..", "."])
def test_a_tree_with_a_name_that_is_none_refuses_the_export(repository, upstream, tmp_path, name):
    inner = git(upstream, "mktree", stdin=f"100644 blob {blob(upstream, 'x')}\thooks".encode())
    raw = b"40000 " + name.encode() + b"\0" + bytes.fromhex(inner)
    tree = git(upstream, "hash-object", "-w", "-t", "tree", "--literally", "--stdin", stdin=raw)
    git(upstream, "branch", "odd", git(upstream, "commit-tree", "-m", "odd", tree))
    repository.fetch(str(upstream))

    with pytest.raises(GitError, match="no path inside the project"):
        repository.export(repository.resolve("odd"), tmp_path / "out")


def test_a_submodule_is_an_empty_folder(repository, upstream, head, tmp_path):
    git(upstream, "branch", "sub", committed(upstream, f"160000 commit {head}\tvendor\n"))
    repository.fetch(str(upstream))

    repository.export(repository.resolve("sub"), tmp_path / "out")

    assert list((tmp_path / "out" / "vendor").iterdir()) == []


def test_the_same_commit_made_twice_is_the_same(repository, head):
    changes = {"src/a.py": b"new\n", "run.sh": None, "more/b.py": b""}

    first, second = (repository.commit(head, changes, **AUTHOR) for _ in range(2))

    assert first == second
    assert repository.changed_between(head, first) == ("more/b.py", "run.sh", "src/a.py")
    assert repository.read(first, "src/a.py") == b"new\n"
    assert repository.read(first, "run.sh") is None


def test_a_changed_program_stays_a_program(repository, head, tmp_path):
    repository.export(repository.commit(head, {"run.sh": b"exit 1\n"}, **AUTHOR), tmp_path / "out")

    assert os.access(tmp_path / "out" / "run.sh", os.X_OK)


@pytest.mark.parametrize("name", ["../x", "/x", "a/../../x", ".git/config", "a/.git/hooks/x", "", "a//b"])
def test_a_commit_outside_the_project_is_refused(repository, head, name):
    with pytest.raises(GitError, match="no path inside the project"):
        repository.commit(head, {name: b"x"}, **AUTHOR)


def test_a_diff_applies_to_where_it_came_from(repository, head):
    changes = {
        "src/a.py": b"one\n2\nthree\n",
        "run.sh": None,
        "new\xff.bin".encode("latin-1").decode("utf-8", "surrogateescape"): bytes(range(256)),
    }
    after = repository.commit(head, changes, **AUTHOR)

    assert repository.apply(head, repository.diff(head, after)) == changes


def test_a_patch_with_other_context_is_a_conflict(repository, head):
    patch = b"--- a/src/a.py\n+++ b/src/a.py\n@@ -1,3 +1,3 @@\n one\n-2\n+two\n three\n"

    with pytest.raises(PatchConflict, match=r"src/a\.py"):
        repository.apply(head, patch)


@pytest.mark.parametrize(
    "patch",
    [
        b"",
        b"nonsense",
        b"--- a/src/a.py\n+++ b/src/a.py\n@@ -1,9 +1,9 @@\n one\n",
        b"--- a/../x\n+++ b/../x\n@@ -0,0 +1 @@\n+x\n",
        b"diff --git a/.git/x b/.git/x\nnew file mode 100644\n--- /dev/null\n+++ b/.git/x\n@@ -0,0 +1 @@\n+x\n",
        b"diff --git a/k b/k\nnew file mode 120000\n--- /dev/null\n+++ b/k\n@@ -0,0 +1 @@\n+/etc/passwd\n",
    ],
    ids=["empty", "prose", "cut off", "outside", "git's own", "link"],
)
def test_what_is_no_proper_patch_is_malformed(repository, head, patch):
    with pytest.raises(MalformedPatch):
        repository.apply(head, patch)


@pytest.mark.parametrize("rev", ["nowhere", "--help", "main^^^", "-n1"])
def test_an_unknown_revision_is_named(repository, rev):
    with pytest.raises(GitError, match="there is no commit"):
        repository.resolve(rev)


@pytest.mark.parametrize(
    "url", ["https://me:secret@example.invalid/x", "ext::sh -c id", "ssh://example.invalid/x", "-u", "relative/path"]
)
def test_odd_addresses_are_refused_without_repeating_them(repository, url):
    with pytest.raises(GitError, match="address must be") as error:
        repository.fetch(url)
    assert "secret" not in str(error.value)


def test_hooks_and_configuration_of_a_cloned_folder_do_not_run(repository, upstream, tmp_path):
    trap = tmp_path / "sprung"
    for name in ("post-checkout", "reference-transaction", "pre-commit", "post-index-change"):
        (upstream / ".git" / "hooks" / name).write_text(f"#!/bin/sh\ntouch {trap}\n")
        (upstream / ".git" / "hooks" / name).chmod(0o755)
    git(upstream, "config", "core.fsmonitor", f"touch {trap}")
    git(upstream, "config", "uploadpack.packObjectsHook", f"touch {trap}; exit 1 #")
    (upstream / "src" / "a.py").write_text("newer\n")

    repository.fetch(str(upstream))
    repository.commit(repository.resolve("main"), {"x": b"y"}, **AUTHOR)

    assert not trap.exists()


def test_fetches_and_pushes_with_a_token_that_leaves_no_trace(repository, head, server):
    url = f"{server.url}/project.git"
    made = repository.commit(head, {"x": b"y"}, **AUTHOR)

    repository.fetch(url, token=TOKEN)
    repository.push(url, made, "hasten/1", token=TOKEN, expected=None)
    repository.push(url, made, "hasten/1", token=TOKEN, expected=None)

    assert repository.ls_remote(url, "hasten/1", token=TOKEN) == made
    assert repository.default_branch(url, token=TOKEN) == "main"
    assert server.seen[0] is None
    for file in repository.git.folder.rglob("*"):
        assert not file.is_file() or TOKEN.encode() not in file.read_bytes()


def test_a_wrong_token_is_told_apart_and_not_repeated(repository, server):
    with pytest.raises(AccessDenied) as error:
        repository.fetch(f"{server.url}/project.git", token="wrong-token")
    assert "wrong-token" not in str(error.value)

    with pytest.raises(AccessDenied):
        repository.fetch(f"{server.url}/project.git")


def test_a_redirect_to_another_server_gets_no_token(repository, server, tmp_path):
    with serving(tmp_path) as other:
        server.moved_to = other.url
        with pytest.raises(GitError):
            repository.fetch(f"{server.url}/project.git", token=TOKEN)

    assert set(other.seen) == {None}


def test_a_push_never_overwrites(repository, head, server):
    url = f"{server.url}/project.git"
    ours, theirs = (repository.commit(head, {name: b"x"}, **AUTHOR) for name in ("ours", "theirs"))
    repository.push(url, theirs, "hasten/1", token=TOKEN, expected=None)

    for expected in (None, head, theirs):
        with pytest.raises(NotFastForward):
            repository.push(url, ours, "hasten/1", token=TOKEN, expected=expected)
    assert repository.ls_remote(url, "hasten/1", token=TOKEN) == theirs


def test_a_protected_branch_comes_back_in_the_servers_words(repository, head, server):
    hook = server.root / "project.git" / "hooks" / "pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nprintf 'GitLab: You are not allowed to push code to protected branches.\\033[31m\\n'\nexit 1\n")
    hook.chmod(0o755)
    made = repository.commit(head, {"x": b"y"}, **AUTHOR)

    with pytest.raises(PushRefused) as error:
        repository.push(f"{server.url}/project.git", made, "main", token=TOKEN, expected=head)

    assert str(error.value) == "GitLab: You are not allowed to push code to protected branches."


@pytest.mark.parametrize("branch", ["-d", "a..b", "a b", "x.lock", "a:b", "@{u}", ""])
def test_what_is_no_branch_name_is_refused(repository, branch):
    with pytest.raises(GitError, match="no name for a branch"):
        repository.ls_remote("/nowhere", branch)
