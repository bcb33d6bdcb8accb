"""Settings: all options, paths and addresses.

Values come from ``TRACKER_*`` environment variables, then ``tracker.toml`` in the home folder,
then the defaults below.
"""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from tracker.common.paths import CHECKOUT, is_checkout, resource
from tracker.errors import UsageError

OFFLINE = "offline: no outside connection is allowed"
GO_ONLINE = "unset TRACKER_OFFLINE, leave out --offline, or change offline in tracker.toml"
"""Remedy for what needs an outside connection in offline mode."""
DEFAULT_API_BOARDS = (
    "MTEB(eng, v2)",
    "MTEB(eng, v1)",
    "MTEB(cmn, v1)",
    "MTEB(Multilingual, v2)",
)


def default_home() -> Path:
    """Return the checkout, or the user's data folder if there is none."""
    if is_checkout():
        return CHECKOUT
    from platformdirs import user_data_path

    return user_data_path("embedding-tracker")


def _home() -> Path:
    return Path(os.environ.get("TRACKER_HOME") or default_home()).expanduser().resolve()


class Settings(BaseSettings):
    """Settings of a run; ``site/docs/reference/settings.md`` has the same list."""

    model_config = SettingsConfigDict(env_prefix="TRACKER_", extra="forbid")

    home: Path = Field(
        default_factory=_home, description="Folder of everything that the tracker writes."
    )
    database_url: str | None = Field(
        None,
        description="URL of the catalog, sqlite:///… or postgresql+psycopg://…, instead of the"
        " home's own file.",
    )
    offline: bool = Field(False, description="Forbid every outside connection.")
    starter: bool = Field(True, description="Seed an empty home from the bundled starter.")
    contact: str = Field(
        "https://github.com/embedding-tracker/embedding-tracker",
        description="Contact in the user agent, for the operators of sources.",
    )
    site_url: str | None = Field(
        None,
        pattern=r"^https?://[^/\s]+(/\S*)?$",
        description="Address of the published site, for its sitemap and absolute links.",
    )
    curated: Path = Field(
        default_factory=lambda: resource("db/curated"),
        description="Folder of the curated knowledge.",
    )
    published_boards_url: str = Field(
        "https://github.com/embeddings-benchmark/leaderboard",
        description="Git repository of the boards as they were published until 2025-02.",
    )
    result_files_url: str = Field(
        "https://github.com/embeddings-benchmark/results",
        description="Git repository of the result files, or a plain folder of them.",
    )
    leaderboard_api_url: str = Field(
        "https://mteb-leaderboard-backend.hf.space/v1",
        description="Root of the live leaderboard's REST API.",
    )
    leaderboard_api_boards: tuple[str, ...] = Field(
        DEFAULT_API_BOARDS, description="Boards that a fetch requests without --all."
    )
    arxiv_api_url: str = Field(
        "https://export.arxiv.org/api/query", description="The arXiv query API."
    )
    arxiv_seconds_between_requests: float = Field(
        3.0, ge=0, description="Pause in seconds between two requests to arXiv, as arXiv demands."
    )
    arxiv_discovery_days: int = Field(
        30, ge=1, description="Days before the first run for which it searches new papers."
    )
    arxiv_discovery_papers: int = Field(
        2000, ge=500, description="Most new papers of one run; the next run continues."
    )
    arxiv_html_url: str = Field(
        "https://arxiv.org/html", description="Root address of the full texts of papers."
    )
    arxiv_html_requests: int = Field(
        100, ge=1, description="Most full texts that one run requests."
    )
    hub_url: str | None = Field(
        None, description="Root address of the Hub, instead of HF_ENDPOINT or the Hub itself."
    )
    hub_seconds_between_requests: float = Field(
        1.0, ge=0, description="Pause in seconds between two requests to the Hub."
    )
    hub_requests: int = Field(500, ge=10, description="Most requests to the Hub in one run.")
    cited_requests: int = Field(
        100, ge=1, description="Most cited files and papers that one run requests."
    )
    registry_python: Path | None = Field(
        None, description="Python interpreter with mteb, instead of the tracker's own."
    )
    llm_url: str | None = Field(
        None, description="Root of an OpenAI-compatible API that reads texts; not used if unset."
    )
    llm_model: str | None = Field(None, description="Name of the language model.")
    llm_key: SecretStr | None = Field(None, description="Key for that API; never shown or logged.")
    llm_requests: int = Field(50, ge=1, description="Most texts that one run asks about.")
    llm_seconds: float = Field(
        120.0, gt=0, description="Time limit of one answer of the language model, in seconds."
    )
    connect_timeout: float = Field(5.0, gt=0, description="Seconds to wait for a connection.")
    read_timeout: float = Field(30.0, gt=0, description="Seconds to wait for the next bytes.")
    retries: int = Field(3, ge=0, le=10, description="Further attempts after a temporary failure.")
    retry_wait_limit: float = Field(
        60.0, ge=0, description="Longest wait in seconds that a server may ask for by Retry-After."
    )
    wake_up_seconds: float = Field(
        90.0, ge=0, description="Total wait in seconds for a leaderboard server that is starting."
    )
    watch: Path | None = Field(
        None, description="File of the rules for notices, instead of watch.toml in the home."
    )
    sql_seconds: float = Field(60.0, gt=0, description="Time limit of one SQL query, in seconds.")
    max_response_bytes: int = Field(
        200_000_000, gt=0, description="Largest answer of any server, in bytes."
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Environment before ``tracker.toml``; no ``.env`` file."""
        toml = TomlConfigSettingsSource(settings_cls, toml_file=_home() / "tracker.toml")
        return init_settings, env_settings, toml

    def check_online(self, target: str) -> None:
        """Raise ``UsageError`` if an address outside must not be reached."""
        if self.offline:
            raise UsageError(f"{target}: {OFFLINE}", remedy=GO_ONLINE)

    @property
    def archive(self) -> Path:
        """Folder of raw bytes with their origin records."""
        return self.home / "db" / "snapshots"

    @property
    def clones(self) -> Path:
        """Folder of the clones of git sources; the clone is their archive."""
        return self.home / "db" / "clones"

    @property
    def catalog_path(self) -> Path:
        """Catalog file of the home."""
        return self.home / "db" / "catalog.db"

    @property
    def scans(self) -> Path:
        """Cache of what was found in result files, beside the catalog."""
        return self.home / "db" / "lint.parquet"

    @property
    def catalog_url(self) -> str:
        """SQLAlchemy URL of the catalog, with a percent-encoded path."""
        return self.database_url or f"sqlite:///{quote(str(self.catalog_path))}"

    @property
    def watch_file(self) -> Path:
        """File of the rules for notices."""
        return self.watch or self.home / "watch.toml"

    @property
    def build(self) -> Path:
        """Folder of the generated pages and the built site (``build/site``)."""
        return self.home / "build"


@lru_cache(maxsize=1)
def load_settings() -> Settings:
    """Return the settings of this process, which are read once."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = "_".join(str(part) for part in first["loc"])
        raise UsageError(
            f"setting {name}: {first['msg']}",
            remedy=f"see TRACKER_{name.upper()} or {_home() / 'tracker.toml'}",
        ) from None
    except (ValueError, OSError) as error:
        raise UsageError(f"{_home() / 'tracker.toml'}: {error}") from None
