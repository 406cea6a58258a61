"""Everything an operator can set: one frozen tree, read once from `HASTEN_*` variables, handed out in small parts."""

from pathlib import Path
from typing import Annotated

from pydantic import AliasChoices, Field, HttpUrl, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

ModelChoice = Annotated[str, Field(pattern=r"^[^\s:]+(:(low|medium|high|xhigh|max))?$")]  # a model, and how hard it thinks


class Settings(BaseSettings):
    """Read once where the program starts; nobody imports an instance."""

    model_config = SettingsConfigDict(env_prefix="HASTEN_", frozen=True, extra="ignore", protected_namespaces=())

    data: Path = Field(Path("~/.hasten"), description="Folder of databases, mirrors, environments and blobs.")
    host: str = Field("127.0.0.1", description="Address `hasten serve` listens on.")
    port: int = Field(8077, ge=0, le=65535, description="Port `hasten serve` listens on.")

    gitlab_url: HttpUrl | None = Field(None, description="Base URL of the GitLab instance, with its sub-path if it has one.")
    gitlab_token: SecretStr | None = Field(None, description="The bot's access token (scope api, role Developer).")
    gitlab_ca: Path | None = Field(None, description="CA bundle for REST and git where GitLab's certificate is not public.")
    webhook_secret: SecretStr | None = Field(None, description="The hook's secret token (X-Gitlab-Token).")
    webhook_signing_token: SecretStr | None = Field(None, description="The hook's signing token (whsec_..., GitLab >= 19).")
    command: str = Field("optimize", pattern=r"^[a-z][a-z0-9_-]*$", description="The word after the slash.")
    label: str = Field("optimize", description="A label that asks, on an issue or merge request, as a command would.")
    review_pause: float = Field(40.0, ge=0, le=600, description="Seconds that the remarks of one review are collected for.")
    bots: tuple[str, ...] = Field((), description="Other bots (user names) whose commands are obeyed.")

    requests_per_minute: int = Field(600, ge=1, description="Most requests a minute to GitLab's API, all in all.")
    notes_per_minute: int = Field(50, ge=1, description="Most new comments a minute; GitLab.com refuses more than 60.")
    reconcile_minutes: float = Field(5, ge=0, description="Pause between two looks for lost webhooks; 0: never look.")

    sandbox: str = Field("auto", pattern="^(auto|bubblewrap|docker)$", description="Where foreign code runs.")
    docker_image: str = Field("python:3.12-slim", description="Image of the docker tier.")
    python: str | None = Field(None, description='Default Python of projects, e.g. "3.12".')

    agents: tuple[str, ...] = Field(("recipes",), description="Who proposes; `native` joins by itself when a key is set.")
    anthropic_api_key: SecretStr | None = Field(
        None, validation_alias=AliasChoices("HASTEN_ANTHROPIC_API_KEY", "ANTHROPIC_API_KEY"), description="Key of the model."
    )
    anthropic_base_url: HttpUrl | None = Field(None, description="Another endpoint that speaks the Messages API.")
    model_ca: Path | None = Field(None, description="CA bundle for the model's endpoint where its certificate is not public.")
    model: str = Field("claude-opus-5-5", description="The model that the native agent and the review reader use.")
    models: tuple[ModelChoice, ...] = Field(
        (),
        description='Models that take turns as `native`, e.g. `["claude-opus-5-5:high", "claude-haiku-5-5"]`; empty: `model`.',
    )

    otlp_endpoint: HttpUrl | None = Field(
        None,
        validation_alias=AliasChoices("HASTEN_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT"),
        description="An OpenTelemetry collector (OTLP over HTTP) that gets the spans of each search; no texts.",
    )

    runs: int = Field(2, ge=1, description="Commands carried out at once on this host; measurements still take turns.")
    minutes: float = Field(30, gt=0, description="Upper bound of one run's time budget; a project can ask for less.")
    usd: float = Field(5.0, ge=0, description="Upper bound of one run's model costs; a project can ask for less.")

    def folder(self) -> Path:
        """The data folder, absolute."""
        return self.data.expanduser().resolve()

    def secrets(self) -> list[SecretStr]:
        """All that must never be read in a log."""
        told = (getattr(self, name) for name in type(self).model_fields)
        return [each for each in told if isinstance(each, SecretStr)]

    @property
    def base_url(self) -> str | None:
        """GitLab's base URL without a trailing slash."""
        return str(self.gitlab_url).rstrip("/") if self.gitlab_url else None

    @property
    def proposers(self) -> tuple[str, ...]:
        """The agents of a run: those configured, and `native` wherever a model's key makes it possible."""
        if self.anthropic_api_key is None or "native" in self.agents:
            return self.agents
        return (*self.agents, "native")
