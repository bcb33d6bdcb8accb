"""Every test has a home, an environment and a git configuration of its own."""

from __future__ import annotations

import gc
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import Engine

from tests.support.boards import BoardRepository
from tests.support.builds import BASE_URL, build_quickly, cached_as, keep_mkdocs
from tests.support.campaigns import EFFORT, examples
from tests.support.catalogs import Loaded
from tests.support.compiled_once import (
    share_compiled_statements,
    share_compiled_templates,
    share_connections,
    share_schemas,
)
from tests.support.curated_folder import write_folder
from tests.support.databases import (
    ByFile,
    check_databases,
    chosen_databases,
    is_on_server,
    watch_connections,
)
from tests.support.fake_catalog import FakeCatalog
from tests.support.hostile_world import load_hostile_world
from tests.support.open_catalogs import share_answers
from tests.support.postgres import OnServer, Server, running, stop
from tests.support.shared import READERS, LoadOnce, curated_once, made_once
from tests.support.skips import unexplained
from tests.support.small_board import load_small_board
from tests.support.story import tell
from tests.support.warm_process import WarmProcess
from tracker.api import Catalog, open_catalog
from tracker.catalog import starter as catalog_starter
from tracker.catalog.engine import migrate, open_engine, sqlite_path
from tracker.cli import main
from tracker.common.paths import resource
from tracker.curated import Curated
from tracker.pages.build.site import build_site
from tracker.settings import Settings, load_settings

# No deadlines: a busy machine must not fail tests. The same examples in every ordinary run:
# whoever changes one thing is not stopped by a discovery about another; `make torture` searches.
settings.register_profile(
    "tracker",
    deadline=None,
    derandomize=EFFORT <= 1,
    max_examples=examples(20),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("tracker")
share_compiled_statements()
share_connections()
share_schemas()
watch_connections()
share_compiled_templates()
share_answers()

_FOREIGN = ("TRACKER_", "GIT_", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "COLUMNS", "FORCE_COLOR")


_skips: list[str] = []


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--explained-skips",
        action="store_true",
        help="fail if a test is skipped for a reason that tests/support/skips.py does not allow",
    )
    parser.addoption(
        "--database",
        choices=("sqlite", "postgres", "both"),
        default="sqlite",
        help="where the tests of catalog, answers and API have their catalogs: in files, or on a"
        " PostgreSQL server that is started; postgres runs no other tests",
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    databases = chosen_databases(metafunc)
    if databases:
        metafunc.parametrize("database", databases, scope="session", indirect=True)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFile | None:
    return ByFile(config, log) if config.getoption("dist") == "loadfile" else None


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Function) -> Iterator[None]:
    with check_databases(item):
        return (yield)


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        stop(config._tmp_path_factory.getbasetemp())  # type: ignore[attr-defined]


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.skipped and isinstance(report.longrepr, tuple):
        _skips.append(report.longrepr[2].removeprefix("Skipped: "))


def pytest_collectreport(report: pytest.CollectReport) -> None:
    if report.skipped and isinstance(report.longrepr, tuple):
        _skips.append(report.longrepr[2].removeprefix("Skipped: "))


_LONG = (
    "tests/test_documents.py",
    "tests/browser/",
    "tests/pages/test_incremental_builds.py",
    "tests/pages/test_site_build.py",
    "tests/update/test_crashes.py",
    "tests/real/",
    "tests/catalog/",
)
"""Files that take longest; begun last, one process would run them while the others wait."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    # Modules and tests live until the end: no collection of garbage has to look at them again.
    gc.collect()
    gc.freeze()
    # Tests make much garbage, but few circles: looked for ten times as seldom, they take no room.
    gc.set_threshold(10_000, 10, 10)
    if config.getoption("--database") == "postgres":
        others = [item for item in items if not is_on_server(item.nodeid)]
        config.hook.pytest_deselected(items=others)
        items[:] = [item for item in items if is_on_server(item.nodeid)]
    # Those on a server follow one another: what they share is opened once in each process.
    items.sort(key=lambda i: (not is_on_server(i.nodeid), not i.nodeid.startswith(_LONG)))


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    if session.config.getoption("--explained-skips") and unexplained(_skips):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    if config.getoption("--explained-skips"):
        for reason in unexplained(_skips):
            terminalreporter.write_line(f"skipped without an explanation: {reason}", red=True)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty home, without the environment variables of tracker, git and proxies.

    The folder does not exist; the first writer creates it.
    """
    for name in list(os.environ):
        if name.upper().startswith(_FOREIGN):
            monkeypatch.delenv(name)
    found = tmp_path / "home"
    monkeypatch.setenv("TRACKER_HOME", str(found))
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_TEMPLATE_DIR", "")  # a repository needs none of a dozen samples
    load_settings.cache_clear()
    yield found
    load_settings.cache_clear()


@pytest.fixture
def board_repository(tmp_path: Path) -> Callable[..., BoardRepository]:
    """Makes bare git repositories with commits at given moments."""

    def make(name: str = "leaderboard.git") -> BoardRepository:
        return BoardRepository(tmp_path / name)

    return make


@pytest.fixture(scope="session")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A catalog file with the newest schema and no rows, to be copied."""

    def make(folder: Path) -> None:
        engine = open_engine(f"sqlite:///{folder / 'catalog.db'}", read_only=False)
        migrate(engine)
        engine.dispose()

    return made_once(tmp_path_factory, "blank", make) / "catalog.db"


@pytest.fixture(scope="session")
def warm_process() -> Iterator[WarmProcess]:
    """Runs programs in processes of their own."""
    process = WarmProcess()
    yield process
    process.close()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Server:
    """A PostgreSQL server."""
    return running(tmp_path_factory)


@pytest.fixture(scope="session")
def database(request: pytest.FixtureRequest) -> str:
    """Where catalogs of a test are: ``sqlite`` (in files) or ``postgres`` (on a server).

    Tests of catalog, answers and API that ask for it, in whatever fixture, run on both.
    """
    return str(getattr(request, "param", "sqlite"))


@pytest.fixture(scope="session")
def on_server(
    request: pytest.FixtureRequest, database: str, tmp_path_factory: pytest.TempPathFactory
) -> OnServer | None:
    """Copies catalogs to the server; ``None`` where they stay in files."""
    if database == "sqlite":
        return None
    return OnServer(request.getfixturevalue("server"), tmp_path_factory)


@pytest.fixture
def new_catalog(
    tmp_path: Path, blank: Path, on_server: OnServer | None
) -> Iterator[Callable[..., Loaded]]:
    """Makes empty catalogs, each with an archive and clones of its own or with shared ones."""
    made: list[Loaded] = []

    def make(**shared: Path) -> Loaded:
        catalog = Loaded.fresh(tmp_path / f"catalog-{len(made) + 1}", blank, **shared)
        if on_server:
            catalog = catalog.at(on_server.take(f"sqlite:///{blank}"))
        made.append(catalog)
        return catalog

    yield make
    if on_server:
        on_server.give_back(catalog.address for catalog in made)


@dataclass(frozen=True)
class Answer:
    """Exit code and output of a run of the command line."""

    code: int
    out: str
    err: str

    @property
    def rows(self) -> Any:
        """Parsed output of ``--format json``."""
        return orjson.loads(self.out)


@pytest.fixture
def cli(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Answer]:
    """The command line on the isolated home, in this process."""

    for module in READERS:
        monkeypatch.setattr(f"{module}.read_curated", curated_once)

    def run(*arguments: str) -> Answer:
        monkeypatch.setattr("sys.argv", ["tracker", *arguments])
        load_settings.cache_clear()
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return Answer(int(ended.value.code or 0), said.out, said.err)

    return run


@pytest.fixture(scope="session")
def shipped() -> Curated:
    """The curated knowledge that ships."""
    return curated_once(resource("db/curated"))


@pytest.fixture(scope="session")
def few_facts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A curated folder with the real boards and the facts of one model."""
    folder = write_folder(tmp_path_factory.mktemp("curated"))
    shutil.copy(resource("db/curated") / "boards.yaml", folder)
    return folder


@pytest.fixture(scope="session")
def loaded_once(
    tmp_path_factory: pytest.TempPathFactory, blank: Path, on_server: OnServer | None
) -> LoadOnce:
    """Loads a catalog once in this run, for tests that only read it.

    ``loaded_once(name, fill)`` calls ``fill`` with an empty catalog and a folder for repositories.
    """

    def load(name: str, fill: Callable[[Loaded, Path], object]) -> Loaded:
        def make(folder: Path) -> None:
            fill(Loaded.fresh(folder / "home", blank), folder)

        home = made_once(tmp_path_factory, name, make) / "home"
        catalog = Loaded(home / "catalog.db", home / "snapshots", home / "clones")
        return catalog.at(on_server.shared(catalog.url) if on_server else "")

    return load


@pytest.fixture
def own_copy(tmp_path: Path, on_server: OnServer | None) -> Callable[[Loaded], Loaded]:
    """Copies a catalog of ``loaded_once`` with archive and clones, for a test that changes it."""

    def copy(catalog: Loaded) -> Loaded:
        folder = tmp_path / "own-copy"
        shutil.copytree(catalog.path.parent, folder)
        own = Loaded(folder / "catalog.db", folder / "snapshots", folder / "clones")
        return own.at(on_server.own(f"sqlite:///{catalog.path}") if on_server else "")

    return copy


@pytest.fixture
def home_catalog(
    home: Path, blank: Path, on_server: OnServer | None, monkeypatch: pytest.MonkeyPatch
) -> Loaded:
    """The empty catalog of the isolated home, with its archive and clones."""
    catalog = Loaded.fresh(home / "db", blank)
    if on_server:
        catalog = catalog.at(on_server.own(f"sqlite:///{blank}"))
        monkeypatch.setenv("TRACKER_DATABASE_URL", catalog.url)
    return catalog


@pytest.fixture(scope="session")
def small_board(loaded_once: LoadOnce) -> Loaded:
    """The catalog of ``tests.support.small_board``, which no test changes."""
    return loaded_once("small-board", load_small_board)


@pytest.fixture(scope="session")
def told(loaded_once: LoadOnce) -> Loaded:
    """The catalog of ``tests.support.story``, which no test changes."""

    def fill(catalog: Loaded, folder: Path) -> None:
        tell(catalog, BoardRepository(folder / "leaderboard.git"))

    return loaded_once("story", fill)


@pytest.fixture
def story(
    home: Path, told: Loaded, on_server: OnServer | None, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """The isolated home with the story of ``tests.support.story`` loaded."""
    (home / "db").mkdir(parents=True)
    if on_server:
        monkeypatch.setenv("TRACKER_DATABASE_URL", on_server.own(f"sqlite:///{told.path}"))
    else:
        shutil.copyfile(told.path, home / "db" / "catalog.db")
    shutil.copytree(told.archive, home / "db" / "snapshots")
    shutil.copytree(told.clones, home / "db" / "clones")
    return home


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 400 kB; only root can make one."""
    place = tmp_path / "disk"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", str(place)]
    try:
        subprocess.run(command, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("this user cannot mount a small disk")
    yield place
    subprocess.run(["umount", str(place)], check=True)


@pytest.fixture
def configured(home: Path) -> Settings:
    """The settings of the isolated home."""
    return load_settings()


@pytest.fixture(scope="session")
def fake() -> FakeCatalog:
    """The invented catalog, which needs no database."""
    return FakeCatalog()


@pytest.fixture(scope="session")
def built(fake: FakeCatalog, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its built site in both languages, for tests that only read."""

    def make(root: Path) -> None:
        with pytest.MonkeyPatch.context() as patch:
            keep_mkdocs(patch, tmp_path_factory)
            build_site(fake, root / "site", work=root / "work")

    return made_once(tmp_path_factory, "build", make) / "site"


@pytest.fixture(scope="session")
def hostile(loaded_once: LoadOnce) -> Loaded:
    """The catalog of ``tests.support.hostile_world``, which no test changes."""
    return loaded_once("hostile", load_hostile_world)


@pytest.fixture(scope="session")
def hostile_site(hostile: Loaded, built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its built site in both languages, for tests that only read; charts' programs are those of
    ``built``, hand-written pages those of the other site that is built with its address."""

    def make(root: Path) -> None:
        with pytest.MonkeyPatch.context() as patch, hostile.open() as catalog:
            build_quickly(patch, tmp_path_factory)
            work = cached_as(built, root)
            build_site(catalog, root / "site", work=work, base_url=BASE_URL)

    return made_once(tmp_path_factory, "hostile-build", make) / "site"


@pytest.fixture(scope="session")
def bundled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A catalog with the bundled starter, seeded once."""

    def make(home: Path) -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("TRACKER_HOME", str(home))
            load_settings.cache_clear()
            open_catalog().close()
        load_settings.cache_clear()

    return made_once(tmp_path_factory, "bundled", make) / "db" / "catalog.db"


@pytest.fixture
def seeded(home: Path, bundled: Path) -> Path:
    """The isolated home with the bundled starter, for tests that only read it."""
    (home / "db").mkdir(parents=True)
    (home / "db" / "catalog.db").symlink_to(bundled)
    return home


@pytest.fixture
def own_starter(home: Path, bundled: Path) -> Path:
    """The isolated home with a copy of the bundled starter, for tests that change it."""
    (home / "db").mkdir(parents=True)
    shutil.copyfile(bundled, home / "db" / "catalog.db")
    return home


@pytest.fixture(scope="session")
def bundled_url(bundled: Path, on_server: OnServer | None) -> str:
    """Address of the same, in the file or on the server."""
    address = f"sqlite:///{bundled}"
    return on_server.shared(address) if on_server else address


@pytest.fixture(scope="session")
def starter(bundled_url: str, bundled: Path) -> Iterator[Catalog]:
    """The same, opened: the bundled starter, for tests that only ask."""
    with Catalog(bundled_url, Settings(home=bundled.parent)) as opened:
        yield opened


@pytest.fixture
def own_data_only(monkeypatch: pytest.MonkeyPatch, few_facts: Path, blank: Path) -> None:
    """A home without the bundled boards, and with few curated facts.

    Its first writer copies an empty catalog instead of running all migrations.
    """
    fill = catalog_starter._fill

    def fill_fast(engine: Engine, starter: Path | None, curated: Curated) -> None:
        path = sqlite_path(str(engine.url))
        if starter is None and path is not None:
            engine.dispose()
            shutil.copyfile(blank, path)
        else:
            fill(engine, starter, curated)

    monkeypatch.setattr(catalog_starter, "_fill", fill_fast)
    monkeypatch.setenv("TRACKER_CURATED", str(few_facts))
    monkeypatch.setenv("TRACKER_STARTER", "0")


@pytest.fixture
def bare_home(monkeypatch: pytest.MonkeyPatch, own_data_only: None) -> None:
    """A home without the bundled boards; its one live board answers at once."""
    monkeypatch.setenv("TRACKER_RETRIES", "0")
    monkeypatch.setenv("TRACKER_WAKE_UP_SECONDS", "0")
    monkeypatch.setattr("tracker.sources.leaderboard_api.SECONDS_BETWEEN_REQUESTS", 0)
    monkeypatch.setenv("TRACKER_LEADERBOARD_API_BOARDS", '["MTEB(eng, v2)"]')
