"""The integration point out: the only importer of python-gitlab."""

from bot.forge.connection import ForgeError, Gone, Refused, Unreachable
from bot.forge.facts import DEVELOPER, MAINTAINER, Account, Hook, MergeRequest, ProjectFacts, Proposal
from bot.forge.forge import Forge, lacking

__all__ = [
    "DEVELOPER",
    "MAINTAINER",
    "Account",
    "Forge",
    "ForgeError",
    "Gone",
    "Hook",
    "MergeRequest",
    "ProjectFacts",
    "Proposal",
    "Refused",
    "Unreachable",
    "lacking",
]
