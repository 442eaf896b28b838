"""Runs, what is said of them, and what they take in by decision: figures, vetoes, marks of panels."""

from ronghe.domain.appraisal.models.figures import Figure
from ronghe.domain.appraisal.models.panels import (
    Panel,
    PanelConflict,
    PanelMark,
    PanelReviewer,
    PanelSubject,
    PanelUrn,
)
from ronghe.domain.appraisal.models.remarks import Remark
from ronghe.domain.appraisal.models.runs import Result, Run
from ronghe.domain.appraisal.models.vetoes import VetoCase, VetoFact, VetoFile

__all__ = [
    "Figure",
    "Panel",
    "PanelConflict",
    "PanelMark",
    "PanelReviewer",
    "PanelSubject",
    "PanelUrn",
    "Remark",
    "Result",
    "Run",
    "VetoCase",
    "VetoFact",
    "VetoFile",
]
