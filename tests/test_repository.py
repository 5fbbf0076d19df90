"""The repository itself: what two files say must agree, and what must not be in it is not."""

import json
import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
TOP = (
    *(
        "manage.py",
        "otaki_dx",
        "townhall",
        "initiatives",
        "schedule",
        "committee",
        "templates",
        "static",
        "fixtures",
        "fonts",
    ),
    *("tests", "bench", "docs", "pyproject.toml", "docker-compose.yml", "Dockerfile", "Makefile", "README.md"),
    *("CONTRIBUTING.md", "CHANGELOG.md", "LICENSE", ".env.example", ".ci/run"),
)
# Put together here, so that this file does not name what it looks for.
REGISTRY_HOSTS = [
    ".".join(parts)
    for parts in [
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("registry", "npmjs"),
        ("yarnpkg", "com"),
        ("docker", "io"),
        ("ghcr", "io"),
        ("gcr", "io"),
        ("quay", "io"),
        ("deb", "debian", "org"),
    ]
]
REQUIRED = {
    "PORTAL_SECRET_KEY": "k" * 60,
    "PORTAL_ALLOWED_HOSTS": "dx.town.example",
    "PORTAL_URL": "https://dx.town.example",
    "POSTGRES_PASSWORD": "secret",
}


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def files_in_git() -> list[Path]:
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listing.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in listing.stdout.split("\0") if name and (ROOT / name).is_file()]


def test_version_is_the_newest_in_the_changelog():
    newest = re.search(r"^## (\d+\.\d+\.\d+)\b", read("CHANGELOG.md"), flags=re.MULTILINE)
    assert newest is not None
    assert newest[1] == tomllib.loads(read("pyproject.toml"))["project"]["version"]


def test_tree_is_complete():
    assert [name for name in TOP if not (ROOT / name).exists()] == []
    assert os.access(ROOT / ".ci/run", os.X_OK)


def test_readme_names_the_two_commands_and_they_exist():
    commands = set(re.findall(r"^make (\w+)", read("README.md"), flags=re.MULTILINE))
    targets = set(re.findall(r"^(\w+):", read("Makefile"), flags=re.MULTILINE))
    assert ({"run", "test"} - commands, commands - targets) == (set(), set())


@pytest.mark.parametrize("name", ["prod", "test"])
def test_every_requirement_is_pinned_with_hashes_and_without_an_address(name):
    text = read(f"requirements/{name}.txt")
    assert re.findall(r"\w+://|^-|^#|@ ", text, flags=re.MULTILINE) == []
    blocks = re.split(r"\n(?=\S)", text.strip())
    assert [block for block in blocks if not re.match(r"[\w.\[\]-]+==\S+.*\\\n\s+--hash=sha256:", block)] == []


def test_tests_run_on_the_versions_of_production():
    pinned = {
        name: dict(re.findall(r"^([\w.-]+)==(\S+)", read(f"requirements/{name}.txt"), flags=re.MULTILINE))
        for name in ("prod", "test")
    }
    assert {name: pinned["test"].get(name) for name in pinned["prod"]} == pinned["prod"]


def test_no_file_names_a_registry():
    found = []
    for file in files_in_git():
        content = file.read_bytes()
        found += [f"{file.relative_to(ROOT)}: {host}" for host in REGISTRY_HOSTS if host.encode() in content]
    assert found == []


def test_no_lock_file_that_records_addresses():
    names = {file.name for file in files_in_git()}
    assert names & {"uv.lock", "pylock.toml", "poetry.lock", "Pipfile.lock", "package-lock.json"} == set()


def test_no_data_and_no_secret_is_in_git():
    paths = [file.relative_to(ROOT) for file in files_in_git()]
    kept = [path for path in paths if path.parts[0] == "data" or path.suffix in (".sqlite3", ".eml", ".log")]
    assert (kept, [path for path in paths if path.name == ".env"]) == ([], [])


# --- containers ----------------------------------------------------------------------------------------------------------
@pytest.fixture
def compose() -> dict:
    return yaml.safe_load(read("docker-compose.yml"))


def test_containers_are_complete_and_watched(compose):
    services = compose["services"]
    assert set(services) == {"prepare", "web", "worker", "beat", "postgres", "valkey"}
    assert [name for name, service in services.items() if "healthcheck" not in service] == []
    assert set(compose["volumes"]) == {"data", "database"}
    # What waits for something that is not there, or for the health of something that reports none, waits for ever.
    waits = [
        (name, other, how["condition"])
        for name in services
        for other, how in services[name].get("depends_on", {}).items()
    ]
    assert [wait for wait in waits if wait[1] not in services] == []
    assert {other for _, other, how in waits if how == "service_healthy"} == {"postgres", "valkey"}


def test_only_the_web_port_is_published_and_only_on_loopback(compose):
    published = {name: service["ports"] for name, service in compose["services"].items() if "ports" in service}
    assert published == {"web": ["127.0.0.1:${PORTAL_PORT:-8000}:8000"]}
    assert compose["networks"]["inside"] == {"internal": True}


def test_what_production_needs_is_asked_for_with_a_sentence():
    asked = dict(re.findall(r"\$\{(\w+):\?([^}]*)\}", read("docker-compose.yml")))
    assert asked.keys() == REQUIRED.keys()
    assert [name for name, sentence in asked.items() if not sentence.endswith("書いてください")] == []


def test_portal_containers_run_without_rights(compose):
    for name in ("prepare", "web", "worker", "beat"):
        service = compose["services"][name]
        assert (service["cap_drop"], service["read_only"]) == (["ALL"], True), name
    dockerfile = read("Dockerfile").splitlines()
    assert [line for line in dockerfile if line.startswith("USER")] == ["USER portal"]
    assert dockerfile.index("USER portal") < min(n for n, line in enumerate(dockerfile) if line.startswith("CMD"))
    assert "--require-hashes" in read("Dockerfile")


def test_compose_itself_accepts_the_file():
    if (
        not shutil.which("docker")
        or subprocess.run(["docker", "compose", "version"], capture_output=True, check=False).returncode
    ):
        pytest.skip("docker compose is not on this machine")
    command = ["docker", "compose", "--file", str(ROOT / "docker-compose.yml"), "config", "--format", "json"]
    bare = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/")}
    done = subprocess.run(command, cwd="/", env=bare | REQUIRED, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["services"]["web"]["environment"]["PORTAL_PRODUCTION"] == "1"
    for name in REQUIRED:
        some = {key: value for key, value in REQUIRED.items() if key != name}
        refused = subprocess.run(command, cwd="/", env=bare | some, capture_output=True, text=True, check=False)
        assert refused.returncode != 0
        assert name in refused.stderr
