"""Beside the pages: sections to switch, the head to fill in, texts to edit, language, template."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from amr_viewer.gui.report_preferences import ReportPreferences
from amr_viewer.gui.report_view.field_form import Choice, FieldForm
from amr_viewer.gui.report_view.text_box import TextBox

if TYPE_CHECKING:
    from amr_viewer.core.analysis import Analysis
    from amr_viewer.gui.desk import Desk
    from amr_viewer.gui.document import Document

LANGUAGE_NAMES = {"en": "English", "ru": "Русский"}
TEXTS = {
    "findings": ("Findings", "The answer in your own words", 5),
    "conclusion": ("Conclusion", "The conclusion in your own words", 10),
}
"""Title, what it is for, and lines of height."""


class SidePanel(QScrollArea):
    """What a person may change of the report of the current recording."""

    def __init__(
        self, desk: Desk, preferences: ReportPreferences, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._desk, self._preferences = desk, preferences
        self._key: int | None = None
        self._told: tuple[Analysis, str, dict[str, str]] | None = None
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("Sections, fields and texts of the report")
        self.sections = self._section_boxes()
        self.form = FieldForm(desk.editor.set_field)
        self.texts = {name: TextBox(*about) for name, about in TEXTS.items()}
        for name, box in self.texts.items():
            box.written.connect(lambda text, n=name: self._write(n, text))
        self.language = self._language_box()
        self.template = QLabel()
        self.template.setProperty("role", "muted")
        self.template.setWordWrap(True)
        self.clear = QPushButton("Built-in")
        self._content = self._inside()
        self.setWidget(self._content)
        self._show_preferences()
        preferences.changed.connect(self._show_preferences)

    # ------------------------------------------------------------------ building

    def _section_boxes(self) -> dict[str, QCheckBox]:
        """Return a switch per section."""
        from amr_viewer.report.content import SECTIONS, wording

        boxes = {}
        for name in SECTIONS:
            title = wording("en").headings[name]
            box = QCheckBox(title)
            box.setToolTip(f"Print the section “{title}”")
            box.setAccessibleName(f"Section {title}")
            box.clicked.connect(lambda on, n=name: self._desk.editor.set_section(n, on))
            boxes[name] = box
        return boxes

    def _language_box(self) -> Choice:
        """Return the choice of languages."""
        from amr_viewer.report.content import LANGUAGES

        box = Choice()
        for code in LANGUAGES:
            box.addItem(LANGUAGE_NAMES.get(code, code), code)
        box.setToolTip("Language of the report")
        box.setAccessibleName("Language of the report")
        box.activated.connect(lambda _: self._preferences.set(language=box.currentData()))
        return box

    def _inside(self) -> QWidget:
        """Return the panel's content."""
        inside = QWidget()
        inside.setObjectName("report-panel")
        layout = QVBoxLayout(inside)
        layout.setContentsMargins(12, 12, 12, 12)
        layout.setSpacing(8)
        layout.addWidget(_heading("SECTIONS"))
        switches = QVBoxLayout()
        switches.setSpacing(4)
        for box in self.sections.values():
            switches.addWidget(box)
        layout.addLayout(switches)
        layout.addSpacing(8)
        layout.addWidget(_heading("PATIENT AND EXAMINATION"))
        layout.addWidget(self.form)
        layout.addSpacing(8)
        layout.addWidget(_heading("TEXTS"))
        for text in self.texts.values():
            layout.addWidget(text)
        layout.addSpacing(8)
        layout.addWidget(_heading("APPEARANCE"))
        title = QLabel("Language")
        title.setBuddy(self.language)
        layout.addWidget(title)
        layout.addWidget(self.language)
        layout.addWidget(QLabel("Template"))
        layout.addWidget(self.template)
        layout.addLayout(self._template_row())
        layout.addStretch(1)
        return inside

    def _template_row(self) -> QHBoxLayout:
        """Return the buttons of the template."""
        choose = QPushButton("Choose...")
        choose.setToolTip("Set the report with a laboratory's own typst template")
        choose.setAccessibleName("Choose a template")
        choose.clicked.connect(self._choose_template)
        self.clear.setToolTip("Set the report with the template of the program")
        self.clear.setAccessibleName("Use the template of the program")
        self.clear.clicked.connect(lambda: self._preferences.set(template=""))
        row = QHBoxLayout()
        row.addWidget(choose)
        row.addWidget(self.clear)
        row.addStretch(1)
        return row

    # ------------------------------------------------------------------ showing

    def show_document(self, document: Document | None) -> None:
        """Show what is decided about the report of a recording."""
        ready = document is not None and document.analysis is not None
        self._content.setEnabled(ready)
        anew = (document.key if document else None) != self._key
        self._key = document.key if document else None
        if document is None or document.recording is None:
            self.form.show_values({}, {}, anew=True)
            for box in self.texts.values():
                box.show_text("", "", anew=True)
            return
        review = document.review
        for name, switch in self.sections.items():
            switch.setChecked(name not in review.hidden_sections)
        self.form.show_values(_of_file(document), review.fields, anew=anew)
        automatic = self._automatic(document)
        for name, text in self.texts.items():
            text.show_text(automatic[name], review.texts.get(name, ""), anew=anew)

    def _automatic(self, document: Document) -> dict[str, str]:
        """Return the texts of the program."""
        from amr_viewer.report.content import automatic_texts

        analysis, language = document.analysis, self._preferences.values.language
        if analysis is None:
            return dict.fromkeys(self.texts, "")
        if self._told is None or self._told[:2] != (analysis, language):
            self._told = (analysis, language, automatic_texts(analysis, language=language))
        return self._told[2]

    def _show_preferences(self) -> None:
        """Show language and template."""
        values = self._preferences.values
        self.language.setCurrentIndex(max(self.language.findData(values.language), 0))
        self.template.setText(Path(values.template).name if values.template else "of the program")
        self.template.setToolTip(values.template)
        self.clear.setEnabled(bool(values.template))
        document = self._desk.session.document
        if document is not None and document.analysis is not None:
            self.show_document(document)

    # ------------------------------------------------------------------ changing

    def _write(self, name: str, text: str) -> None:
        """Keep a text of a person."""
        document = self._desk.session.document
        if document is not None:
            self._desk.editor.set_text(name, text, self._automatic(document)[name])

    def _choose_template(self) -> None:
        """Let a person choose a template."""
        name, _ = QFileDialog.getOpenFileName(
            self, "Template of the report", self._preferences.values.template, "typst (*.typ)"
        )
        if name:
            self._preferences.set(template=name)

    def commit(self) -> None:
        """Keep what is being typed."""
        for row in self.form.rows.values():
            row.commit()
        for text in self.texts.values():
            text.commit()


def _heading(text: str) -> QLabel:
    """Return a heading of the panel."""
    label = QLabel(text)
    label.setProperty("role", "heading")
    return label


def _of_file(document: Document) -> dict[str, str]:
    """Return what the recording and the protocol say of the fields."""
    recording = document.recording
    assert recording is not None
    facts = {
        "study": (recording.start or "").replace("T", " ")[:16],
        "device": recording.equipment or "",
        "institution": document.protocol.institution,
    }
    return dict(recording.patient) | facts
