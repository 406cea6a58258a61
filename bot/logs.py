"""Logs as events with fields, one JSON object a line on standard error, without secrets."""

import sys
from collections.abc import Iterable

import structlog
from pydantic import SecretStr
from structlog.typing import EventDict, WrappedLogger

from bot.gateway.masking import Mask


def configure(secrets: Iterable[SecretStr]) -> None:
    """Set up logging once, where the program starts."""
    mask = Mask(secrets)

    def masked(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        return {key: mask.value(value) for key, value in event.items()}

    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            masked,
            structlog.processors.JSONRenderer(default=lambda value: mask.text(str(value))),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
