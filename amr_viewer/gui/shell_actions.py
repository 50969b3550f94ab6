"""What can be done to the window as a whole: files, views, appearance, undo, help."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from amr_viewer.gui.actions import ActionSpec
from amr_viewer.gui.document import Stage
from amr_viewer.gui.theme import WISHES

if TYPE_CHECKING:
    from amr_viewer.gui.main_window import MainWindow
    from amr_viewer.gui.session import Session

VIEW_KEYS = {"traces": "1", "sweeps": "2", "trend": "3", "patterns": "4", "report": "5"}
VIEW_TIPS = {
    "traces": "All channels over time",
    "sweeps": "The sweeps of one stimulated branch",
    "trend": "Persistence and amplitude over the session",
    "patterns": "Bursts of free-running EMG, and the pattern that they show",
    "report": "The pages as they will print",
}
THEME_WORDS = {"system": "As the system", "light": "Light", "dark": "Dark"}


def shell_actions(window: MainWindow) -> tuple[ActionSpec, ...]:
    """Return the actions of the shell."""
    return (*_file(window), *_edit(window), *_view(window), *_help(window))


def _none_open(window: MainWindow) -> str:
    """Say that nothing is open, empty if something is."""
    return "" if window.desk.session.document else "no recording is open"


def _file(window: MainWindow) -> list[ActionSpec]:
    """Return what opens and closes."""
    session = window.desk.session

    def close() -> None:
        document = session.document
        if document:
            window.close_document(document.key)

    def analyze() -> None:
        document = session.document
        if document:
            session.analyze(document.key)

    def not_analyzable() -> str:
        document = session.document
        if document is None or document.recording is None:
            return "no recording is open"
        return "it is being analyzed" if document.stage is Stage.ANALYZING else ""

    return [
        ActionSpec(
            "file.open", "Open...", window.opener.ask_for_files, "File", "Ctrl+O",
            icon="mdi6.folder-open-outline", tip="Open recordings",
        ),
        ActionSpec(
            "file.open_folder", "Open folder...", window.opener.ask_for_folder, "File",
            "Ctrl+Shift+O", tip="Open all recordings of a folder",
        ),
        ActionSpec(
            "file.batch", "Analyze a folder...", window.batches.start, "File", "Ctrl+Shift+B",
            icon="mdi6.folder-multiple-outline",
            tip="Analyze all recordings of a folder, and write their results",
        ),
        ActionSpec(
            "file.sample", "Open sample", window.opener.open_sample, "File",
            tip="Open the sample recording: an AMR before decompression",
        ),
        ActionSpec(
            "file.analyze", "Analyze again", analyze, "File", "F5",
            tip="Analyze the current recording again", blocked=not_analyzable,
        ),
        ActionSpec(
            "file.cancel", "Stop the analysis", session.cancel, "File", "Esc",
            tip="Stop reading and analyzing",
            blocked=lambda: "" if session.is_stoppable else "nothing is running",
        ),
        ActionSpec(
            "file.save", "Save review", window.saver.save_all, "File", "Ctrl+S",
            icon="mdi6.content-save-outline", tip="Save decisions; it is done by itself as well",
            blocked=lambda: _none_open(window),
        ),
        ActionSpec(
            "file.close", "Close recording", close, "File", "Ctrl+W",
            tip="Close the current recording", blocked=lambda: _none_open(window),
        ),
        ActionSpec("file.quit", "Quit", window.close, "File", "Ctrl+Q", tip="End the program"),
    ]  # fmt: skip


def _edit(window: MainWindow) -> list[ActionSpec]:
    """Return undo and redo."""
    group = window.desk.editor.undo_group
    return [
        ActionSpec(
            "edit.undo", "Undo", group.undo, "Edit", "Ctrl+Z", icon="mdi6.undo",
            tip="Take the last decision back",
            blocked=lambda: "" if group.canUndo() else "nothing to undo",
        ),
        ActionSpec(
            "edit.redo", "Redo", group.redo, "Edit", "Ctrl+Shift+Z; Ctrl+Y", icon="mdi6.redo",
            tip="Decide again what was taken back",
            blocked=lambda: "" if group.canRedo() else "nothing to redo",
        ),
        ActionSpec(
            "edit.author", "Who decides...", window.ask_for_author, "Edit",
            tip="The name that stands beside every decision",
        ),
    ]  # fmt: skip


def _view(window: MainWindow) -> list[ActionSpec]:
    """Return views and appearance."""
    session = window.desk.session
    specs = [
        ActionSpec(
            f"view.{name}", name.capitalize(), partial(session.set_view, name), "View", key,
            tip=VIEW_TIPS[name], checked=partial(_shows, session, name),
        )
        for name, key in VIEW_KEYS.items()
    ]  # fmt: skip
    specs += [
        ActionSpec(
            "look.negative_up", "Negative up", window.switch_polarity, "View",
            tip="Draw negative voltages upward in all views; values stay what they are",
            checked=lambda: session.display.negative_up,
        ),
        ActionSpec(
            "look.fullscreen", "Full screen", window.switch_full_screen, "View", "F11",
            tip="Use the whole screen", checked=window.isFullScreen,
        ),
        ActionSpec(
            "look.reset", "Reset layout", window.reset_layout, "View",
            tip="Put all panels back where they were at first",
        ),
    ]  # fmt: skip
    specs += [
        ActionSpec(
            f"theme.{wish}", THEME_WORDS[wish], partial(window.wish_theme, wish),
            "View/Appearance", tip=f"Appearance: {THEME_WORDS[wish].lower()}",
            checked=partial(_wishes, window, wish),
        )
        for wish in WISHES
    ]  # fmt: skip
    return specs


def _shows(session: Session, view: str) -> bool:
    """Whether a view is shown."""
    return session.view == view


def _wishes(window: MainWindow, wish: str) -> bool:
    """Whether an appearance is wanted."""
    return window.settings.values.theme == wish


def _help(window: MainWindow) -> list[ActionSpec]:
    """Return help."""
    return [
        ActionSpec(
            "help.palette", "Search commands...", window.show_palette, "Help", "Ctrl+Shift+P",
            tip="Every command by a few letters",
        ),
        ActionSpec(
            "help.keys", "Keyboard...", window.show_keys, "Help", "?",
            tip="All keys; they can be changed here",
        ),
        ActionSpec("help.about", "About", window.show_about, "Help", tip="Version and limits"),
    ]  # fmt: skip
