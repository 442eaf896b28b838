"""Acts that a page's story starts from, done through the services."""

from __future__ import annotations

from datetime import datetime

from django.core.files.uploadedfile import SimpleUploadedFile

from ronghe.domain.rhythm.models import Activity
from ronghe.domain.rhythm.services.agenda import add_agenda_item
from ronghe.domain.rhythm.services.closing import close_activity
from ronghe.domain.rhythm.services.codes import sign_in_code
from ronghe.domain.rhythm.services.sign_in import sign_in_with_code
from ronghe.domain.work.models import Task
from ronghe.domain.work.services.tasks import submit_task
from tests.factories.rhythm import ZoneStory, make_task, photo


def hold(story: ZoneStory, activity: Activity, at: datetime) -> Activity:
    """Let the lead sign in, name one topic and close."""
    prepare(story, activity, at)
    return close_activity(activity=activity, actor=story.lead, at=at).activity


def prepare(story: ZoneStory, activity: Activity, at: datetime) -> None:
    """Leave an open activity so that it can be closed: somebody came, something was discussed."""
    sign_in_with_code(code=sign_in_code(activity, at=at), actor=story.lead, at=at)
    add_agenda_item(activity=activity, topic="管廊动火", actor=story.lead, at=at, notes="", decision="按方案执行。")


def submitted_task(story: ZoneStory, at: datetime, *, title: str = "清理3号沟") -> Task:
    task = make_task(story, at, title=title)
    return submit_task(task=task, actor=story.members[0], at=at, note="已清理。", uploads=[])


def picture(number: int = 0) -> SimpleUploadedFile:
    """A photo as a phone sends it; another number is another photo."""
    upload = photo(color=(number * 40 % 256, 120, 40))
    return SimpleUploadedFile("现场.jpg", upload.content.read(), content_type="image/jpeg")
