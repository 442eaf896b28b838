"""What people hand in as evidence, however bad, and items that are said to be one: refused with a reason, nothing half done."""

from __future__ import annotations

import io
from contextlib import nullcontext
from datetime import timedelta

import pytest
from PIL import Image

from ronghe.domain.claims.rules import CLAIM_TASK
from ronghe.domain.items.enums import Visibility
from ronghe.domain.items.models import ItemEvidence, ItemNote, WorkItem
from ronghe.domain.items.services.changing import OtherKind, add_note, merge_item
from ronghe.domain.items.services.raising import ItemText, raise_item
from ronghe.domain.items.services.steps import Said, take_step
from ronghe.domain.needs.services.raising import NeedText, raise_need
from ronghe.domain.work.models import Evidence, StoredFile
from ronghe.domain.work.services import files
from ronghe.domain.work.services.files import Upload, path_of
from ronghe.domain.work.services.tasks import DeadlinePast, submit_task
from tests.factories.items import DUTIES, claimed, handed_in
from tests.factories.needs import make_need, worker_of
from tests.factories.races import at_once
from tests.factories.rhythm import make_task, make_zone, photo

pytestmark = pytest.mark.django_db
GIGABYTE = 1 << 30


class Video:
    """A film of two gigabytes that says so; reading a byte of it is a mistake."""

    size = 2 * GIGABYTE

    def read(self, _size: int = -1, /) -> bytes:
        raise AssertionError


BAD = {
    "two gigabytes": (lambda: Upload("巡检.mp4", Video()), files.FileTooLarge),
    "a program named as a photo": (lambda: Upload("现场.jpg", io.BytesIO(b"MZ\x90\x00")), files.FileTypeRefused),
    "a sheet named as a paper": (lambda: Upload("签字.pdf", io.BytesIO(b"PK\x03\x04")), files.FileTypeRefused),
    "a film that is small": (lambda: Upload("短.mp4", io.BytesIO(b"\0\0\0 ftypisom")), files.FileTypeRefused),
    "nothing": (lambda: Upload("空.jpg", io.BytesIO(b"")), files.FileEmpty),
    "half a photo": (
        lambda: Upload("半.jpg", io.BytesIO(photo(size=(400, 300)).content.read()[:900])),
        files.FileDamaged,
    ),
}
bad = pytest.mark.parametrize(("made", "refusal"), BAD.values(), ids=BAD)


@pytest.fixture
def story():
    return make_zone()


def with_place() -> Upload:
    """A photo that says where and with what it was taken."""
    tags = Image.Exif()
    tags[0x010F] = "Camera Maker"
    tags.get_ifd(0x8825)[1] = "N"
    return photo(exif=tags.tobytes())


@bad
def test_bad_evidence_is_refused_by_every_act_and_leaves_nothing(story, morning, made, refusal):
    item, hand = claimed(story, morning, story.members[0]), story.members[0]
    take_step(item=item, step="sign", actor=hand, at=morning)
    text = ItemText("联动", values=DUTIES, due_at=morning + timedelta(days=1))
    for act in (
        lambda: take_step(item=item, step="submit", actor=hand, at=morning, said=Said(note="好了", uploads=[made()])),
        lambda: add_note(item=item, text="看", actor=hand, at=morning, uploads=[photo(), made()]),
        lambda: raise_item(kind=CLAIM_TASK, text=text, body=story.body, actor=story.lead, at=morning, uploads=[made()]),
    ):
        with pytest.raises(refusal):
            act()

    item.refresh_from_db()
    assert (item.state, WorkItem.objects.count(), ItemNote.objects.count()) == ("running", 1, 0)
    assert not ItemEvidence.objects.exists()
    assert not StoredFile.objects.exists()


def test_a_film_of_two_gigabytes_is_refused_unread_with_its_size_the_limit_and_the_way_on(story, morning):
    task = make_task(story, morning)
    with pytest.raises(files.FileTooLarge) as refused:
        submit_task(task=task, actor=story.members[0], at=morning, uploads=[Upload("巡检.mp4", Video())])

    for said in ("巡检.mp4", "2048 MB", "20 MB", "截取要紧的画面"):
        assert said in str(refused.value)
    assert task.state == "open"


def test_the_same_bytes_of_a_task_and_of_an_item_are_flagged_either_way(story, morning):
    hand = story.members[0]
    first, later = make_task(story, morning), make_task(story, morning, title="清理4号沟")
    submit_task(task=first, actor=hand, at=morning, uploads=[photo(color=(1, 2, 3))])
    item = claimed(story, morning, hand)
    add_note(item=item, text="看", actor=hand, at=morning, uploads=[photo(color=(1, 2, 3)), photo(color=(9, 9, 9))])
    submit_task(task=later, actor=hand, at=morning, uploads=[photo(color=(9, 9, 9)), photo(color=(7, 7, 7))])

    assert [row.is_reused for row in item.evidence.order_by("pk")] == [True, False]
    assert [row.is_reused for row in Evidence.objects.filter(task=later).order_by("pk")] == [True, False]
    assert not Evidence.objects.get(task=first).is_reused


def test_a_photo_that_was_only_given_another_camera_is_the_same_photo(story, morning):
    submit_task(task=make_task(story, morning), actor=story.members[0], at=morning, uploads=[photo()])
    item = claimed(story, morning, story.members[0])
    add_note(item=item, text="看", actor=story.members[0], at=morning, uploads=[with_place()])

    assert item.evidence.get().is_reused


def test_where_a_unit_keeps_places_those_of_a_private_matter_are_taken_out_all_the_same(story, morning, settings):
    settings.EVIDENCE_KEEPS_EXIF = True
    open_item, private = (
        claimed(story, morning, story.members[0]),
        claimed(story, morning, story.members[0], title="家访"),
    )
    WorkItem.objects.filter(pk=private.pk).update(visibility=Visibility.INVOLVED)
    private.refresh_from_db()
    for item in (open_item, private):
        add_note(item=item, text="看", actor=story.members[0], at=morning, uploads=[with_place()])

    def kept(item):
        return b"Camera Maker" in path_of(item.evidence.get().file.sha256).read_bytes()

    assert (kept(open_item), kept(private)) == (True, False)


def test_evidence_of_a_hidden_need_says_no_place_from_the_first_photo_on(story, morning, settings):
    settings.EVIDENCE_KEEPS_EXIF = True
    text = NeedText("家里漏水", ("efficiency",), hides_name=True)
    need = raise_need(text=text, body=story.committee, actor=worker_of(story), at=morning, uploads=[with_place()])

    assert need.visibility == Visibility.INVOLVED
    assert b"Camera Maker" not in path_of(need.evidence.get().file.sha256).read_bytes()


def test_two_items_never_end_in_each_other(story, morning):
    first, second, third = (make_need(story, morning, worker_of(story), title=f"第{n}件") for n in range(3))
    before = WorkItem.objects.get(pk=first.pk)

    def merge(item, into):
        return merge_item(item=item, into=into, step="merge", actor=story.clerk, at=morning)

    with pytest.raises(OtherKind):
        merge(first, first)
    merge(first, second)
    with pytest.raises(OtherKind):
        merge(second, before)  # as it stood before it was merged away
    merge(second, third)
    with pytest.raises(OtherKind):
        merge(third, first)
    first.refresh_from_db()
    assert (first.merged_into, WorkItem.objects.get(pk=third.pk).merged_into) == (third, None)


@pytest.mark.django_db(transaction=True)
def test_two_who_merge_two_items_into_each_other_at_once_leave_one_open(committing_db, morning):
    story = make_zone()
    pair = [make_need(story, morning, worker_of(story), title=f"第{n}件") for n in range(2)]
    acts = [
        lambda a=a, b=b: merge_item(item=a, into=b, step="merge", actor=story.clerk, at=morning)
        for a, b in (pair, pair[::-1])
    ]

    assert at_once(acts) == 1
    assert WorkItem.objects.filter(merged_into=None).count() == 1


@pytest.mark.parametrize(("minutes", "is_refused"), [(-1, True), (0, True), (1, False)])
def test_a_deadline_that_is_over_is_refused_wherever_one_is_set(story, morning, minutes, is_refused):
    due_at = morning + timedelta(minutes=minutes)
    need = make_need(story, morning, worker_of(story))
    said = Said(values={"way": "on_site"}, owner=story.lead, due_at=due_at)
    with pytest.raises(DeadlinePast, match="2026-09-14") if is_refused else nullcontext():
        take_step(item=need, step="triage", actor=story.clerk, at=morning, said=said)
    need.refresh_from_db()

    assert need.state == ("raised" if is_refused else "triaged")


def test_photos_that_one_hands_in_twice_for_the_same_item_are_one(story, morning):
    item = handed_in(story, morning, story.members[0])
    take_step(item=item, step="return", actor=story.lead, at=morning, said=Said(note="补拍"))
    take_step(
        item=item, step="submit", actor=story.members[0], at=morning, said=Said(note="还是这张", uploads=[photo()])
    )

    assert [(row.round, row.is_reused) for row in item.evidence.all()] == [(1, False)]
