"""问卷: what the room keeps. Of an anonymous survey no row says, or lets anybody work out, who answered what (0012)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from ronghe.domain.surveys.enums import Audience, Purpose, QuestionType, SurveyState
from ronghe.kernel.db.append_only import append_only
from ronghe.kernel.subjects import declared_subjects


class Survey(models.Model):
    """Questions put to the people on its list; anonymous unless `is_named`, which is fixed when it is opened.

    `answered_count` and `people_count` are those of the moment of closing.
    """

    title = models.CharField(max_length=120)
    intro = models.CharField(max_length=400, default="")
    body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, related_name="surveys")
    purpose = models.CharField(max_length=16, choices=Purpose.choices, default=Purpose.OTHER)
    audience = models.CharField(max_length=8, choices=Audience.choices, default=Audience.BELOW)
    is_named = models.BooleanField(default=False)
    shows_results = models.BooleanField(default=False)
    """Whether those who were asked read the results too."""
    state = models.CharField(max_length=8, choices=SurveyState.choices, default=SurveyState.DRAFT)
    made_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="surveys_made")
    made_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    closes_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    drop_reason = models.CharField(max_length=120, default="")
    people_count = models.PositiveIntegerField(null=True)
    answered_count = models.PositiveIntegerField(null=True)
    judged_item = models.CharField(max_length=60, default="")
    """The item of a score sheet that its marks count for (PP-06); "" of a survey that judges nobody."""
    judged_period = models.CharField(max_length=20, default="")
    judged_out_of = models.DecimalField(max_digits=9, decimal_places=4, null=True)
    """What the best mark counts as in the sheet."""
    judged_body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, null=True, related_name="+")
    judged_unit = models.ForeignKey("org.AdminUnit", on_delete=models.PROTECT, null=True, related_name="+")
    judged_person = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    judged_level = models.CharField(max_length=16, default="")
    """Of a company, a post or whatever else a room declares (`kernel/subjects`); "" for bodies, units and people."""
    judged_subject = models.BigIntegerField(null=True)
    is_counted = models.BooleanField(default=True, db_default=True)
    """Whether it holds the one place of its item, subject and period: not one that too few answered."""
    source_type = models.CharField(max_length=48, null=True)
    """Of the record that it asks about, in the words of facts (`rhythm.activity`)."""
    source_id = models.BigIntegerField(null=True)

    objects: ClassVar[models.Manager[Survey]] = models.Manager()

    class Meta:
        db_table = "surveys_survey"
        indexes = [
            models.Index(fields=("-made_at", "-id"), name="surveys_survey_made"),
            models.Index(fields=("body", "-made_at"), name="surveys_survey_body"),
            models.Index(fields=("state", "closes_at"), name="surveys_survey_closing"),
            models.Index(fields=("source_type", "source_id"), name="surveys_survey_source"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=SurveyState.OPEN) | Q(opened_at__isnull=False, closes_at__isnull=False),
                name="surveys_survey_open_complete",
            ),
            models.CheckConstraint(
                condition=~Q(state=SurveyState.CLOSED)
                | Q(closed_at__isnull=False, people_count__isnull=False, answered_count__isnull=False),
                name="surveys_survey_closed_complete",
            ),
            models.CheckConstraint(
                condition=Q(opened_at=None) | Q(closes_at__gt=F("opened_at")), name="surveys_survey_in_order"
            ),
            *(
                models.UniqueConstraint(
                    "judged_item", "judged_period", f"judged_{whom}",
                    condition=Q(state__in=["open", "closed"], is_counted=True, **{f"judged_{whom}__isnull": False}),
                    name=f"surveys_survey_judges_{whom}_once",
                )
                for whom in ("body", "unit", "person")
            ),
            models.UniqueConstraint(
                "judged_item", "judged_period", "judged_level", "judged_subject",
                condition=Q(state__in=["open", "closed"], is_counted=True, judged_subject__isnull=False),
                name="surveys_survey_judges_subject_once",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"#{self.pk} {self.title}"

    @property
    def judged_name(self) -> str:
        """Whom it judges, by name; "" of a survey that judges nobody."""
        judged = self.judged_body or self.judged_unit or self.judged_person
        if judged is not None:
            return judged.name
        source = declared_subjects(self.judged_level)
        return source.names([self.judged_subject])[self.judged_subject] if source and self.judged_subject else ""

    def get_state_display(self) -> str:  # type: ignore[no-redef]
        return str(SurveyState(self.state).label)

    def get_purpose_display(self) -> str:  # type: ignore[no-redef]
        return str(Purpose(self.purpose).label)

    def get_audience_display(self) -> str:  # type: ignore[no-redef]
        return str(Audience(self.audience).label)


class SurveyQuestion(models.Model):
    """One question. `options` are the words to choose from, `rows` what a matrix asks about, each with 1 to 5 points."""

    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="questions")
    number = models.PositiveSmallIntegerField()
    section = models.CharField(max_length=40, default="")
    text = models.CharField(max_length=120)
    type = models.CharField(max_length=8, choices=QuestionType.choices)
    options = models.JSONField(default=list)
    rows = models.JSONField(default=list)
    is_required = models.BooleanField(default=True)

    class Meta:
        db_table = "surveys_question"
        constraints = [models.UniqueConstraint("survey", "number", name="surveys_question_number")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.number} {self.text}"

    def get_type_display(self) -> str:  # type: ignore[no-redef]
        return str(QuestionType(self.type).label)


class SurveyGroup(models.Model):
    """The people of one unit among those who are asked; results are shown by group where enough answered."""

    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="groups")
    place = models.PositiveSmallIntegerField()
    unit = models.ForeignKey("org.AdminUnit", on_delete=models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=80)

    class Meta:
        db_table = "surveys_group"
        constraints = [models.UniqueConstraint("survey", "place", name="surveys_group_place")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.name}"


class SurveyPerson(models.Model):
    """Somebody who is asked, and whether an answer came: without a time, and with nothing of what it said."""

    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="people")
    person = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="surveys_to_answer")
    group = models.ForeignKey(SurveyGroup, on_delete=models.PROTECT, null=True, related_name="people")
    """Nothing while the survey is a draft."""
    has_answered = models.BooleanField(default=False)

    class Meta:
        db_table = "surveys_person"
        indexes = [models.Index(fields=("person", "has_answered"), name="surveys_person_waiting")]
        constraints = [models.UniqueConstraint("survey", "person", name="surveys_person_once")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.survey_id} {self.person_id}"


class SurveyUrn(models.Model):
    """Sums and texts of an open anonymous survey, sealed anew as a whole with every answer; gone when it is closed."""

    survey = models.OneToOneField(Survey, on_delete=models.CASCADE, primary_key=True, related_name="urn")
    sealed = models.TextField()

    class Meta:
        db_table = "surveys_urn"

    def __str__(self) -> str:
        return f"#{self.survey_id}"


class SurveyTally(models.Model):
    """Sums of one question for everybody (`group` empty) or one group; written once, at closing, where enough answered.

    `cells`: how often each option (or point, row after row) was chosen; of a number the sum in hundredths.
    """

    question = models.ForeignKey(SurveyQuestion, on_delete=models.PROTECT, related_name="tallies")
    group = models.ForeignKey(SurveyGroup, on_delete=models.PROTECT, null=True, related_name="tallies")
    answers = models.PositiveIntegerField()
    cells = models.JSONField()

    class Meta:
        db_table = append_only("surveys_tally")
        constraints = [
            models.UniqueConstraint("question", "group", name="surveys_tally_once"),
            models.UniqueConstraint("question", condition=Q(group=None), name="surveys_tally_whole_once"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.question_id}/{self.group_id}: {self.answers}"


class SurveyText(models.Model):
    """One text that was written, shuffled among the others of its question before it was kept; nobody's."""

    question = models.ForeignKey(SurveyQuestion, on_delete=models.PROTECT, related_name="texts")
    place = models.PositiveIntegerField()
    text = models.CharField(max_length=200)

    class Meta:
        db_table = append_only("surveys_text")
        constraints = [models.UniqueConstraint("question", "place", name="surveys_text_place")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.question_id}"


class NamedAnswer(models.Model):
    """What somebody answered in a survey that said beforehand that it keeps names; question number → value."""

    place = models.OneToOneField(SurveyPerson, on_delete=models.PROTECT, primary_key=True, related_name="answer")
    values = models.JSONField()
    answered_at = models.DateTimeField()

    class Meta:
        db_table = append_only("surveys_named_answer")

    def __str__(self) -> str:
        return f"#{self.place_id}"
