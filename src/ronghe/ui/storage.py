"""Static files with hashed names, compressed, for ever in the browser's cache."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedFiles(CompressedManifestStaticFilesStorage):
    """Rewrites the imports between ES modules too, or a cached module would import an old one."""

    support_js_module_import_aggregation = True

    def stored_name(self, name: str) -> str:
        """Return the hashed name, or the plain one before anything was collected (development, tests)."""
        return str(super().stored_name(name)) if self.hashed_files else name
