"""What a host's pip is configured for becomes what a setup may reach, and nothing secret of it goes along."""

import pytest

from sandbox.indexes import Indexes, configured, understood

DEFAULT, FILES = "https://index.invalid/simple", "files.invalid"


def read(environment=None, **options: str) -> Indexes:
    return understood(
        {name.replace("_", "-"): value for name, value in options.items()},
        default=DEFAULT,
        files=FILES,
        environment=environment or {},
    )


def test_an_unconfigured_pip_may_reach_its_own_index_and_its_files():
    assert read().servers == {("index.invalid", 443), (FILES, 443)}


def test_another_index_replaces_it_and_loses_its_credentials():
    found = read(index_url="https://me:secret@mirror.invalid:8443/simple", extra_index_url="http://two.invalid/simple")

    assert found.servers == {("mirror.invalid", 8443), ("two.invalid", 80)}
    assert found.variables["PIP_INDEX_URL"] == "https://mirror.invalid:8443/simple"
    assert "secret" not in str(found)


def test_without_an_index_there_is_no_server():
    found = read(no_index="true")

    assert found.servers == frozenset()
    assert found.variables["PIP_NO_INDEX"] == "1"


def test_local_folders_are_shown(tmp_path):
    (tmp_path / "simple").mkdir()
    (tmp_path / "wheels").mkdir()

    found = read(extra_index_url=f"file://{tmp_path}/simple", find_links=f"{tmp_path}/wheels /not/there")

    assert found.folders == (tmp_path, tmp_path / "wheels")
    assert found.variables["PIP_FIND_LINKS"] == f"{tmp_path}/wheels /not/there"


def test_a_configured_certificate_goes_along(tmp_path):
    bundle = tmp_path / "ca.pem"
    bundle.touch()

    assert read(cert=str(bundle)).ca_bundle == bundle
    assert read(environment={"SSL_CERT_FILE": str(bundle)}).ca_bundle == bundle
    assert read(cert="/not/there").ca_bundle is None


@pytest.mark.slow
def test_this_hosts_pip_can_be_asked():
    assert configured().variables is not None
