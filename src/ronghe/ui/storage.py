"""Static files with hashed names, compressed, for ever in the browser's cache."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # an untyped library
    """Names in scripts are not rewritten: ours import nothing, and the comments of others' look like imports."""

    support_js_module_import_aggregation = False

    def stored_name(self, name: str) -> str:
        """Return the hashed name, or the plain one before anything was collected (development, tests)."""
        return str(super().stored_name(name)) if self.hashed_files else name
