"""Which connectors there are, for whoever shows or tries them."""

from connectors.host.registry import connector_class, connector_classes, connector_folder, connector_problems

__all__ = ["connector_class", "connector_classes", "connector_folder", "connector_problems"]
