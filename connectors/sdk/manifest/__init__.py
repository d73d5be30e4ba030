"""``connector.toml``: a connector that needs no ``if``, compiled to the same kind of class as one in Python."""

from connectors.sdk.manifest.compiling import compiled, connector_from, manifest_of
from connectors.sdk.manifest.problems import ManifestError, Problem

__all__ = ["ManifestError", "Problem", "compiled", "connector_from", "manifest_of"]
