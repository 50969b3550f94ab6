"""Keeps keys of commands from firing where a person types or moves in a list."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QMainWindow,
    QPlainTextEdit,
    QTabBar,
    QTextEdit,
    QWidget,
)

OWN_KEYS = "ownKeys"
"""Name of a property: a widget that has it set uses arrow keys, Enter and Space itself."""

_TEXT = (QLineEdit, QPlainTextEdit, QTextEdit, QAbstractSpinBox)
_MOVING = (QAbstractItemView, QAbstractSlider, QComboBox, QTabBar)
_COMMAND = (
    Qt.KeyboardModifier.ControlModifier
    | Qt.KeyboardModifier.AltModifier
    | Qt.KeyboardModifier.MetaModifier
)
_EDITING = (
    QKeySequence.StandardKey.Undo,
    QKeySequence.StandardKey.Redo,
    QKeySequence.StandardKey.Copy,
    QKeySequence.StandardKey.Cut,
    QKeySequence.StandardKey.Paste,
    QKeySequence.StandardKey.SelectAll,
    QKeySequence.StandardKey.MoveToNextWord,
    QKeySequence.StandardKey.MoveToPreviousWord,
    QKeySequence.StandardKey.SelectNextWord,
    QKeySequence.StandardKey.SelectPreviousWord,
    QKeySequence.StandardKey.MoveToStartOfDocument,
    QKeySequence.StandardKey.MoveToEndOfDocument,
    QKeySequence.StandardKey.DeleteStartOfWord,
)
_NAVIGATION = frozenset(
    {
        Qt.Key.Key_Left,
        Qt.Key.Key_Right,
        Qt.Key.Key_Up,
        Qt.Key.Key_Down,
        Qt.Key.Key_Home,
        Qt.Key.Key_End,
        Qt.Key.Key_PageUp,
        Qt.Key.Key_PageDown,
        Qt.Key.Key_Space,
        Qt.Key.Key_Return,
        Qt.Key.Key_Enter,
    }
)


class KeyGuard(QObject):
    """An event filter of the application; see the module."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        app.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Take a key away from shortcuts where the focused widget wants it."""
        if (
            event.type() is QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and isinstance(watched, QWidget)
            and keeps_key(watched, event)
        ):
            event.accept()
            return True
        is_key = event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent)
        if is_key and isinstance(watched, QLineEdit) and _is_escape(event):
            return _leave(watched)
        return False


def _is_escape(event: QEvent) -> bool:
    """Whether a key was Escape."""
    return isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape


def _leave(box: QLineEdit) -> bool:
    """Empty a box of the main window, or leave it if it is empty; dialogs keep their Escape."""
    if not isinstance(box.window(), QMainWindow):
        return False
    if box.text() and not box.isReadOnly():
        box.clear()
    else:
        box.clearFocus()
    return True


def keeps_key(widget: QWidget, event: QKeyEvent) -> bool:
    """Whether a key belongs to the widget that has the focus and not to a command."""
    plain = not event.modifiers() & _COMMAND
    if isinstance(widget, _TEXT) or (isinstance(widget, QComboBox) and widget.isEditable()):
        function_key = Qt.Key.Key_F1 <= event.key() <= Qt.Key.Key_F35
        if plain and not function_key and event.key() != Qt.Key.Key_Escape:
            return True
        return any(event.matches(key) for key in _EDITING)
    if isinstance(widget, _MOVING) or widget.property(OWN_KEYS):
        return plain and event.key() in _NAVIGATION
    return False
