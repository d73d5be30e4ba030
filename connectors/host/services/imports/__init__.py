"""Files of facts: kept in pieces, read line by line, and going on where they stopped."""

from connectors.host.services.imports.mappings import mapping_read, mapping_sketch
from connectors.host.services.imports.preview import Preview, PreviewLine, import_preview
from connectors.host.services.imports.storing import import_create
from connectors.host.services.imports.verbs import import_cancel, import_pause, import_resume
from connectors.host.services.imports.work import import_work, imports_due

__all__ = [
    "Preview", "PreviewLine", "import_cancel", "import_create", "import_pause", "import_preview", "import_resume",
    "import_work", "imports_due", "mapping_read", "mapping_sketch",
]  # fmt: skip
