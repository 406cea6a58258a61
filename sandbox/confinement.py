"""The command line that turns a Spec into a bubblewrap sandbox. Pure but for a look at how the host lays out /usr."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from sandbox.spec import Mount, Spec

USER = 1000  # who the command believes to be

_NAMESPACES = (
    "--unshare-user",
    "--unshare-pid",
    "--unshare-net",
    "--unshare-ipc",
    "--unshare-uts",
    "--unshare-cgroup-try",
    "--disable-userns",
)
_SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
_CONFIGURATION = (
    "/etc/ld.so.cache",
    "/etc/alternatives",
    "/etc/ssl/certs",
    "/etc/ssl/openssl.cnf",
    "/etc/pki/tls",
    "/etc/localtime",
)
_MIB = 1 << 20
_OPEN_FILES = 4096
# Set inside, by the first thing that runs there: from outside it takes a capability that root in a container lacks, and a process
# limit set before the user namespace exists would count the host's processes. dash says -p for what others call -u.
_LIMITED = 'ulimit -c 0; ulimit -n "$1"; ulimit -u "$2" 2>/dev/null || ulimit -p "$2"; shift 2; exec "$@"'

ETC = {
    "/etc/passwd": f"sandbox:x:{USER}:{USER}::/tmp:/bin/sh\n".encode(),
    "/etc/group": f"sandbox:x:{USER}:\n".encode(),
    "/etc/hosts": b"127.0.0.1 localhost\n::1 localhost\n",
}
ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": "/tmp", "TMPDIR": "/tmp", "LANG": "C.UTF-8"}


def system_mounts() -> tuple[Mount, ...]:
    """The host's folders that every sandbox sees read-only: programs, libraries, certificates; no configuration, no data."""
    folders = [path for name in _SYSTEM if (path := Path(name)).is_dir() and not path.is_symlink()]
    files = [path for name in _CONFIGURATION if (path := Path(name)).exists()]
    return tuple(Mount(path, str(path)) for path in [*folders, *files])


def system_links() -> Mapping[str, str]:
    """Where the host merged /bin and /lib into /usr, the sandbox does so too."""
    return {name: str(path.readlink()) for name in _SYSTEM if (path := Path(name)).is_symlink()}


def arguments(
    spec: Spec, binds: Sequence[Mount], *, links: Mapping[str, str], texts: Mapping[str, int], fds: tuple[int, int]
) -> list[str]:
    """Options for bwrap, in order: `binds` say where sources lie, `texts` small files as descriptors, `fds` info and block."""
    info, block = fds
    options = [*_NAMESPACES, "--uid", str(USER), "--gid", str(USER), "--hostname", "sandbox"]
    options += ["--die-with-parent", "--new-session", "--clearenv", "--proc", "/proc", "--dev", "/dev"]
    options += [*_tmpfs("/dev/shm", spec.limits.disk_mib), "--remount-ro", "/dev"]
    options += _tmpfs("/tmp", spec.limits.disk_mib)
    for name, target in links.items():
        options += ["--symlink", target, name]
    for path, fd in texts.items():
        options += ["--perms", "0444", "--ro-bind-data", str(fd), path]
    for bind in sorted(binds, key=lambda each: each.target.count("/")):
        options += ["--bind" if bind.writable else "--ro-bind", str(bind.source), bind.target]
    for name, value in {**ENVIRONMENT, **spec.environment}.items():
        options += ["--setenv", name, value]
    return [*options, "--remount-ro", "/", "--info-fd", str(info), "--block-fd", str(block), "--chdir", spec.workdir]


def command(spec: Spec) -> list[str]:
    """The command behind the limits that a process sets for itself and all its children."""
    return ["/bin/sh", "-c", _LIMITED, "sh", str(_OPEN_FILES), str(spec.limits.processes + 2), *spec.argv]


def _tmpfs(target: str, mib: int) -> list[str]:
    return ["--perms", "1777", "--size", str(mib * _MIB), "--tmpfs", target]
