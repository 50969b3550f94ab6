"""Questions that are asked before something is lost."""

from __future__ import annotations

from PySide6.QtWidgets import QInputDialog, QMessageBox, QWidget


def agreed(parent: QWidget, title: str, question: str, yes: str) -> bool:
    """Ask a question; the safe answer is the one that Enter and Esc give."""
    box = QMessageBox(QMessageBox.Icon.Question, title, question, parent=parent)
    accept = box.addButton(yes, QMessageBox.ButtonRole.AcceptRole)
    stay = box.addButton("Keep", QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(stay)
    box.setEscapeButton(stay)
    box.exec()
    pressed = box.clickedButton()
    box.deleteLater()
    return pressed is accept


def asked_name(parent: QWidget, present: str) -> str:
    """Ask for the name of a lab protocol; empty if none is given."""
    name, wanted = QInputDialog.getText(
        parent, "Save as lab protocol", "Name of the lab protocol:", text=present
    )
    return " ".join(name.split()) if wanted else ""
