"""Files as they come through the API: laid out for a reader of tables, or named for what is kept."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from django.http import FileResponse
from django.http.response import HttpResponseBase
from ninja.files import UploadedFile

from ronghe.domain.work.models import StoredFile
from ronghe.domain.work.services.files import Upload, path_of
from ronghe.kernel.errors import NotFound


def upload_of(file: UploadedFile) -> Upload:
    """Return a file that came in as what the services take."""
    return Upload(file.name or "", file)


def stored_file(file: StoredFile | None) -> HttpResponseBase:
    """Answer with a kept file, in a box of its own: whatever it holds, a browser runs nothing of it.

    :raises NotFound: there is none
    """
    if file is None:
        raise NotFound
    answer = FileResponse(path_of(file.sha256).open("rb"), content_type=file.media_type)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "sandbox"
    return answer


@contextmanager
def laid_out(file: UploadedFile) -> Iterator[Path]:
    """Lay a file that came in out on disk for as long as it is read."""
    with TemporaryDirectory(prefix="ronghe-upload-") as folder:
        path = Path(folder) / "table"
        with path.open("wb") as out:
            for piece in file.chunks():
                out.write(piece)
        yield path
