"""All settings, in one place: an environment variable `TALERSTOL_*` or a line in `talerstol.toml`."""

from __future__ import annotations

import os
from datetime import date
from ipaddress import ip_network
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from catalogue.errors import InputError

GIB = 1024**3

LogFormat = Literal["text", "json"]
LogLevel = Literal["debug", "info", "warning", "error"]


class Settings(BaseSettings):
    """What can be set. Built once in `pipeline` and handed down; nothing else reads the environment."""

    model_config = SettingsConfigDict(env_prefix="TALERSTOL_", extra="forbid", frozen=True)

    home: Path = Field(Path("talerstol-data"), description="Folder that holds all state.")
    media: Path | None = Field(
        None,
        description="Folder for recordings, which machines that share one database have in common; `media` in the home "
        "folder if unset.",
    )
    database_url: str | None = Field(
        None, description="SQLAlchemy address of the catalogue; SQLite in the home folder if unset."
    )
    meili_url: str | None = Field(
        None, description="Address of a Meilisearch server; the embedded search engine if unset."
    )
    meili_key: SecretStr | None = Field(None, description="Meilisearch key that may write (never logged).")
    meili_search_key: SecretStr | None = Field(
        None,
        description="Meilisearch key for the web server, which needs `search`, `indexes.get` and `version` only; "
        "`meili_key` if unset.",
    )
    meili_index: str = Field(
        "passages", pattern=r"^[A-Za-z0-9_-]+$", description="Name of the Meilisearch index."
    )
    meili_timeout: float = Field(10.0, gt=0, description="Seconds before a request to Meilisearch gives up.")

    model: str = Field(
        "base", description="Speech model: a name, a hub id or a folder (see `talerstol models`)."
    )
    device: Literal["auto", "cpu", "cuda"] = Field("auto", description="Where the speech model runs.")
    compute_type: str = Field(
        "auto", description="Arithmetic of the speech model: int8 on CPU, float16 on GPU."
    )
    cpu_threads: int = Field(0, ge=0, description="Threads of the speech model on CPU; 0 means all cores.")
    beam_size: int = Field(
        5, ge=1, le=20, description="Beams of the decoder; fewer is faster and less accurate."
    )

    executor: Literal["local", "ray"] = Field(
        "local", description="Where speech is recognised: in this process, or by Ray actors."
    )
    ray_address: str | None = Field(
        None, description="Address of a Ray cluster; one on this machine alone if unset."
    )
    ray_workers: int = Field(
        0, ge=0, description="Ray actors; 0 means one a GPU, or one a core without GPUs."
    )

    allow_private_addresses: bool = Field(
        False, description="Allow sources at loopback and private network addresses."
    )
    max_download_bytes: int = Field(
        20 * GIB, gt=0, description="Largest recording that is fetched, in bytes."
    )
    max_document_bytes: int = Field(
        32 * 1024**2, gt=0, description="Largest agenda, caption file or manifest that is read, in bytes."
    )
    max_hours: float = Field(24.0, gt=0, description="Longest recording that is accepted, in hours.")
    keep_free_bytes: int = Field(
        2 * GIB,
        ge=0,
        description="Room on the disk that recordings never take, in bytes: a run stops before it is touched.",
    )
    http_timeout: float = Field(
        30.0, gt=0, description="Seconds a source may stay silent before it is given up."
    )

    night_until: str = Field(
        "06:00",
        pattern=r"^([01]\d|2[0-3]):[0-5]\d$",
        description="When `talerstol night` stops if it is not done by then, HH:MM.",
    )
    reports_days: int = Field(
        400,
        ge=1,
        description="Days that the nights' reports are kept; more than a year, so that years compare.",
    )
    smtp_host: str = Field(
        "", description="Mail server that the night's report is sent through; none if unset."
    )
    smtp_port: int = Field(587, ge=1, le=65535, description="Port of the mail server.")
    smtp_security: Literal["starttls", "tls", "none"] = Field(
        "starttls",
        description="How the connection to the mail server is made secret; `tls` is usual on port 465.",
    )
    smtp_user: str = Field("", description="User name at the mail server; no login if unset.")
    smtp_password: SecretStr | None = Field(None, description="Password at the mail server (never logged).")
    mail_from: str = Field("", description="Address that the night's report comes from.")
    mail_to: str = Field("", description="Who gets the night's report: addresses with commas between.")
    look_again_days: int = Field(
        7,
        ge=0,
        le=365,
        description="Days after a meeting during which a run asks its source, once a night, whether the recording "
        "there has changed; 0: never.",
    )
    live_patience: float = Field(
        60.0,
        gt=0,
        description="Minutes that `talerstol record` waits for anything new before it ends; breaks last that long.",
    )
    log_format: LogFormat = Field(
        "text",
        description="Logs on stderr as lines for people, or as one JSON object a line (then progress too).",
    )
    log_level: LogLevel = Field(
        "warning", description="The least of what is logged: debug, info (each step), warning or error."
    )

    site_name: str = Field("Talerstolen", description="Name of the archive on its pages.")
    base_url: str = Field(
        "", description="Public address of the archive, for links in machine-readable answers."
    )

    data_licence: str = Field(
        "CC-BY-4.0",
        min_length=1,
        description="Licence of the open data: CC-BY-4.0, CC0-1.0, ODC-By-1.0, PDDL-1.0, an address, or words.",
    )

    clip_workers: int = Field(1, ge=1, le=8, description="Clips that are cut at the same time.")
    clip_places: int = Field(8, ge=1, le=100, description="Clips that may wait to be cut; more are refused.")
    clips_an_hour: int = Field(20, ge=1, description="Clips that one visitor may have cut in an hour.")
    clip_cache_bytes: int = Field(
        5 * GIB, ge=0, description="Room for finished clips, in bytes; those used least recently go first."
    )

    operator: str = Field("", description="Who runs the archive, as its readers are told.")
    contact: str = Field("", description="E-mail of whoever runs the archive, shown to its readers.")
    phone: str = Field(
        "", description="Telephone of whoever runs the archive; Danish law asks for one beside the e-mail."
    )
    postal_address: str = Field("", description="Postal address of whoever runs the archive.")
    privacy_contact: str = Field(
        "", description="How the data protection officer is reached; `contact` is shown if unset."
    )
    legal_basis: str = Field(
        "", description="Why personal data may be shown (GDPR, article 6), in a sentence for readers."
    )
    accessibility_statement: str = Field(
        "", description="Address of the statement made with WAS-Tool; `/was` leads there."
    )
    accessibility_status: Literal["", "full", "partial", "none"] = Field(
        "", description="How far the pages meet EN 301 549, as the operator has found."
    )
    accessibility_method: str = Field("", description="How that was found, in a sentence, and by whom.")
    accessibility_date: date | None = Field(
        None, description="The day the accessibility statement was last looked through."
    )

    rate_limits: bool = Field(
        True, description="Limit how much one network address may ask for (`docs/for-medarbejdere.md`)."
    )
    trusted_proxies: str = Field(
        "127.0.0.0/8, ::1/128",
        description="Networks of proxies whose `X-Forwarded-For` is believed, with commas between.",
    )
    page_makers: int | None = Field(
        None,
        ge=0,
        le=64,
        description="Processes beside the web server that make pages of results, 200 MB each; two if unset, none where "
        "there is one core only; 0: the server itself.",
    )
    max_connections: int = Field(
        1000, ge=10, description="Connections at once; who comes after that is told to come back."
    )
    metrics_token: SecretStr | None = Field(
        None, description="What a watcher elsewhere shows to read `/metrics` (`Authorization: Bearer …`)."
    )

    @field_validator("mail_from", "mail_to")
    @classmethod
    def _addresses(cls, text: str) -> str:
        for one in filter(None, (part.strip() for part in text.split(","))):
            name, at, host = one.rpartition("@")
            if not (name and at and host) or not one.isprintable() or any(c in one for c in ' <>";:\\()[]'):
                raise ValueError("is not an e-mail address (name@place, without a display name)")
        return text

    @field_validator("trusted_proxies")
    @classmethod
    def _networks(cls, text: str) -> str:
        for part in filter(None, (part.strip() for part in text.split(","))):
            ip_network(part)  # says itself what is wrong
        return text

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment wins over `talerstol.toml` in the home folder."""
        toml = TomlConfigSettingsSource(settings_cls, home_named_outside() / "talerstol.toml")
        return init_settings, env_settings, toml

    @property
    def database(self) -> str:
        """The catalogue's address, with the default filled in."""
        return self.database_url or f"sqlite:///{(self.home / 'catalogue.sqlite').resolve()}"

    @property
    def media_folder(self) -> Path:
        return self.media or self.home / "media"

    @property
    def index_folder(self) -> Path:
        return self.home / "index"

    @property
    def clips_folder(self) -> Path:
        """What readers have had cut; can be deleted at any time."""
        return self.home / "clips"

    @property
    def reports_folder(self) -> Path:
        """What each night came to, for staff."""
        return self.home / "reports"

    @property
    def export_folder(self) -> Path:
        """The open data."""
        return self.home / "export"

    @property
    def models_folder(self) -> Path:
        return self.home / "models"

    @property
    def names_folder(self) -> Path:
        """Each municipality's own list of names, for the recogniser."""
        return self.home / "names"


def home_named_outside() -> Path:
    """The data folder as the environment has it: also where the settings themselves cannot be read."""
    return Path(os.environ.get("TALERSTOL_HOME", "talerstol-data"))


def load_settings(home: Path | None = None) -> Settings:
    """Read the settings, or raise `InputError` that names the first one that is wrong."""
    try:
        return Settings(home=home) if home is not None else Settings()  # type: ignore[call-arg]
    except ValidationError as error:
        first = error.errors()[0]
        name = "TALERSTOL_" + "_".join(str(part) for part in first["loc"]).upper()
        raise InputError(
            first["msg"],
            where=name,
            remedy="docs/settings.md lists every setting with its meaning and default.",
        ) from error
    except ValueError as error:  # a talerstol.toml that is not TOML
        raise InputError(
            str(error), where="talerstol.toml", remedy="Mend that line, or remove the file."
        ) from error
