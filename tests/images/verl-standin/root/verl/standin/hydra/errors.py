"""Errors with the names and texts of Hydra's and OmegaConf's own."""
from __future__ import annotations

GRAMMAR_HINT = "See https://hydra.cc/docs/1.2/advanced/override_grammar/basic for details"


class HydraException(Exception):
    """An error that Hydra reports in short form (message, then its cause's message)."""


class OmegaConfBaseException(Exception):
    """An error of the configuration tree itself."""


class OverrideParseException(HydraException):
    def __init__(self, override: str, message: str):
        super().__init__(message)
        self.override = override


class ConfigCompositionException(HydraException):
    pass


class MissingConfigException(HydraException):
    pass


class ConfigKeyError(OmegaConfBaseException):
    pass


class InterpolationKeyError(OmegaConfBaseException):
    pass


class InterpolationResolutionError(OmegaConfBaseException):
    pass


class MissingMandatoryValue(OmegaConfBaseException):
    pass


# Tracebacks must name these as the real libraries do.
for _class in (HydraException, OverrideParseException, ConfigCompositionException, MissingConfigException):
    _class.__module__ = "hydra.errors"
for _class in (ConfigKeyError, InterpolationKeyError, InterpolationResolutionError, MissingMandatoryValue):
    _class.__module__ = "omegaconf.errors"
