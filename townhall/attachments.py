"""Files that people attach: kept once under a name of their own, outside every served folder, and only handed out.

Which object a file belongs to, and who may have it, is the matter of the app that owns the object: it has a table of
its own, and its view asks for the object's permission each time before it calls `attachment_response`.
"""

import hashlib
import os
from datetime import date, datetime
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db import transaction
from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header

from townhall.attachment_guard import MAX_BYTES, AttachmentError, check_attachment, check_size
from townhall.models import Attachment, User

# Shown beside every field for a file.
WARNING = (
    "機密性2以下の資料だけを添付してください。住民の情報や特定個人情報（マイナンバーを含む情報）は載せないでください。"
)
# Nothing in the file may run, whatever program shows it.
POLICY = "default-src 'none'; sandbox"
NO_SPACE = "サーバーの空きが足りないなどの理由で、ファイルを保存できませんでした。総務課（事務局）へお知らせください。"


def folder() -> Path:
    return Path(settings.DATA_DIR) / "attachments"


def path_of(attachment: Attachment) -> Path:
    return folder() / attachment.stored_as.hex


def read_upload(upload: IO[bytes]) -> bytes:
    """The content of a chosen file; never more than may be attached is held in memory."""
    data = upload.read(MAX_BYTES + 1)
    check_size(len(data))
    return data


@transaction.atomic
def keep_attachment(name: str, data: bytes, *, by: User, today: date, now: datetime) -> Attachment:
    """Check the file and keep it. Raises AttachmentError with a sentence; then nothing is kept."""
    kind = check_attachment(name, data)
    attachment = Attachment(
        name=name,
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        content_type=kind.content_type,
        added_by=by,
        added_by_text=by.described_on(today),
        added_at=now,
    )
    attachment.full_clean()
    attachment.save()
    try:
        _write_once(path_of(attachment), data)
    except OSError as error:
        raise AttachmentError(NO_SPACE) from error
    return attachment


def _write_once(path: Path, data: bytes) -> None:
    """Refuses to overwrite; on the disk before the row is committed. A file without a row does no harm."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with path.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        path.chmod(0o400)
    except OSError:
        path.unlink(missing_ok=True)
        raise


def content_of(attachment: Attachment) -> bytes:
    """What was stored. Raises Http404 when it is not there, or not what was stored."""
    try:
        data = path_of(attachment).read_bytes()
    except OSError as error:
        raise Http404(f"{attachment} is not in {folder()}") from error
    if hashlib.sha256(data).hexdigest() != attachment.sha256:
        raise Http404(f"{attachment} is not what was stored")
    return data


def attachment_response(attachment: Attachment) -> HttpResponse:
    """The file to be saved, never to be shown in the window of the portal."""
    response = HttpResponse(content_of(attachment), content_type=attachment.content_type)
    response["Content-Disposition"] = content_disposition_header(True, attachment.name) or "attachment"
    response["Content-Security-Policy"] = POLICY
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store"
    return response
