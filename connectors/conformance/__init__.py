"""What every connector is held to, whoever wrote it. Authors write no test: they keep recordings and a ledger.

``connectors.conformance.running.conform`` runs it, ``connectors.conformance.plugin`` gives it to pytest; each check is
a function in ``connectors.conformance.checks``. docs/conformance.md lists them.
"""

from connectors.conformance.running import Result, conform, suite
from connectors.conformance.subject import Subject, SubjectError, subject_of

__all__ = ["Result", "Subject", "SubjectError", "conform", "subject_of", "suite"]
