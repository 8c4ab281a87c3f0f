"""VRP's commands that keep or bring back configurations: save, compare, reboot, schedule, commit, rollback."""

import difflib
from typing import TYPE_CHECKING

from lab.cli.conversation import Question
from lab.cli.lines.grammar import Match
from lab.cli.lines.tree import Tree
from lab.cli.vrp import readings
from lab.cli.vrp.trial import trial_of

if TYPE_CHECKING:
    from lab.cli.vrp.console import VrpConsole

_IN_TRIAL = "Error: The system is in the trial configuration mode."
_NOT_SAVED = "Error: Failed to save the configuration. The storage device does not have enough space."


class SavingCommands:
    """Belongs to one session."""

    def __init__(self, console: "VrpConsole") -> None:
        self._console = console

    def act(self, match: Match, bar: str) -> None:
        console, model = self._console, self._console.model
        match match.rule.action:
            case "save":
                self._save(force="force" in match.words)
            case "save_file":
                self._save_as(match.values[0])
            case "startup_set":
                there = model.start_from(match.values[0])
                console.print(
                    "Info: Succeeded in setting the configuration for booting system."
                    if there
                    else "Error: The configuration file does not exist."
                )
            case "reset_saved":
                self._sure(
                    "Warning: The action will delete the saved configuration in the device.\n"
                    "The configuration will be erased to reconfigure. Continue? [Y/N]:",
                    self._erase,
                )
            case "compare":
                console.show(self._compare(), bar)
            case "reboot" | "reboot_fast":
                self._reboot(fast=match.rule.action == "reboot_fast")
            case "schedule_delay":
                self._schedule(match.values[0])
            case "schedule_undo":
                had, model.reboot_at = model.reboot_at, None
                console.print(
                    "Info: Reboot timer is canceled." if had is not None else "Info: There is no reboot timer."
                )
            case "display_schedule":
                at = model.reboot_at
                console.print(
                    "Info: System reboot is not scheduled."
                    if at is None
                    else f"Info: System will reboot at {readings.stamp(at)}."
                )
            case "display_commits":
                console.show(self._commits(), bar)
            case "rollback":
                self._rollback(match)
            case "dir":
                rows = "".join(
                    f"  {number:>3}  -rw-     {len(text):>10}  Nov 22 2026 06:00:00   {name}\n"
                    for number, (name, text) in enumerate(sorted(model.files.items()))
                )
                head = "Directory of flash:/\n\n  Idx  Attr     Size(Byte)  Date        Time       FileName\n"
                console.print(f"{head}{rows}")
            case _:
                self._two_phase(match)

    def _save(self, *, force: bool) -> None:
        console = self._console

        def saved() -> None:
            if not console.model.save():
                console.print(_NOT_SAVED)
                return
            console.print("Now saving the current configuration to the slot 0.\nSave the configuration successfully.")

        if force:
            saved()
        else:
            self._sure(
                "The current configuration will be written to the device.\nAre you sure to continue?[Y/N]", saved
            )

    def _save_as(self, name: str) -> None:
        model = self._console.model

        def saved() -> None:
            if model.save_as(name):
                self._console.print("Now saving the current configuration to the slot 0.\n"
                                    "Info: Save the configuration successfully.")  # fmt: skip
            else:
                self._console.print(_NOT_SAVED)

        def sure() -> None:
            if name in model.files:
                self._sure(f"flash:/{name} exists, overwrite? [Y/N]:", saved)
            else:
                saved()

        self._sure(f"Are you sure to save the configuration to flash:/{name}? [Y/N]:", sure)

    def _sure(self, question: str, act: object) -> None:
        assert callable(act)

        def answered(text: str) -> None:
            if text.strip().lower() in ("y", "yes"):
                act()
            elif text.strip().lower() not in ("n", "no", ""):
                self._console.print("Error: Please choose 'YES' or 'NO' first before pressing 'Enter'. [Y/N]:")

        self._console.ask(Question(question, answered))

    def _erase(self) -> None:
        self._console.model.erase()
        self._console.print("Info: Clear the configuration in the device successfully.")

    def _compare(self) -> str:
        model = self._console.model
        rows = difflib.unified_diff((model.saved_text or "").splitlines(), model.text().splitlines(), lineterm="", n=1)
        changed = [row for row in rows if not row.startswith(("---", "+++"))]
        if not changed:
            return "The current configuration is the same as the next startup configuration file.\n"
        head = "Warning: The current configuration is not the same as the next startup configuration file.\n"
        return head + "".join(f"{row}\n" for row in changed)

    def _reboot(self, *, fast: bool) -> None:
        model = self._console.model

        def down() -> None:
            model.restarting = True

        def really() -> None:
            self._sure("System will reboot! Continue?[Y/N]:", down)

        def answered(text: str) -> None:
            if text.strip().lower().startswith("y") and not model.save():
                self._console.print(_NOT_SAVED)
            really()

        if fast or not model.modified:
            really()
            return
        self._console.ask(
            Question(
                "Info: The system is now comparing the configuration, please wait.\n"
                "Warning: All the configuration will be saved to the configuration file for the next startup:"
                "flash:/vrpcfg.zip, Continue?[Y/N]:",
                answered,
            )
        )

    def _schedule(self, text: str) -> None:
        """`hh:mm` or minutes, at most 720 hours."""
        model = self._console.model
        hours, colon, minutes = text.rpartition(":")
        if not minutes.isdigit() or (colon and not hours.isdigit()):
            self._console.print("Error: Wrong parameter found.")
            return
        seconds = (int(hours or 0) * 60 + int(minutes)) * 60.0
        at = model.now + seconds
        left = f"in {int(seconds // 3600)} hours and {int(seconds % 3600 // 60)} minutes"

        def confirmed() -> None:
            model.reboot_at = at
            self._console.print("Info: Reboot timer is set.")

        self._sure(f"Info: Reboot system at {readings.stamp(at)} ({left})\nconfirm? [Y/N]:", confirmed)

    # --- version 8

    def _commits(self) -> str:
        rows = "".join(
            f"{number:>3}) {commit.number:<12} -                     {commit.user:<12} {readings.stamp(commit.at)}\n"
            for number, commit in enumerate(reversed(self._console.model.commits), start=1)
        )
        return f"No.  CommitId     Label                 User         TimeStamp\n{'-' * 78}\n{rows}"

    def _rollback(self, match: Match) -> None:
        model = self._console.model
        target: Tree | None = None
        if "file" in match.words:
            self._roll_back_to_file(match.values[0])
            return
        if "last" in match.words:
            count = int(match.values[0])
            target = model.commits[-count].before if count <= len(model.commits) else None
        else:
            target = next((each.after for each in model.commits if str(each.number) == match.values[0]), None)
        if target is None:
            self._console.print("Error: The commit-id does not exist.")
            return
        kept = target

        def back() -> None:
            self._console.print("Loading rollback changes\nCommitting\nCommit complete\nRollback finished.")
            model.commit(kept, self._console.login.user)

        self._sure(
            "Warning: This will revert all configuration changes made after the specified commit id.\nContinue?[Y/N]:",
            back,
        )

    def _roll_back_to_file(self, name: str) -> None:
        model = self._console.model
        text = model.files.get(name)
        if text is None:
            self._console.print("Error: The configuration file does not exist.")
            return
        if model.trial is not None:
            self._console.print(_IN_TRIAL)
            return

        def back() -> None:
            running = model.tree
            model.load(text)
            wanted, model.tree = model.tree, running
            model.commit(wanted, self._console.login.user)
            self._console.print("Checking changes...\nLoading rollback changes\nCommitting\nCheck rollback result\n"
                                "Configuration rollback succeeded.")  # fmt: skip

        self._sure(
            f"Warning: This operation will revert configuration changes to the file {name}. Continue? [Y/N]:", back
        )

    def _two_phase(self, match: Match) -> None:
        console, model = self._console, self._console.model
        if console.candidate is None:
            return
        persist = match.words[match.words.index("persist") + 1] if "persist" in match.words else ""
        trial = model.trial
        if trial is not None and match.rule.action.startswith("commit") and not trial.belongs_to(persist, id(console)):
            console.print(_IN_TRIAL)
            return
        match match.rule.action:
            case "commit" | "commit_comment":
                if trial is None and persist:
                    console.print("Error: The trial configuration does not exist.")
                    return
                if trial is None and not console.changed:
                    return
                model.trial = None
                if console.changed:
                    model.commit(console.candidate, console.login.user)
            case "commit_trial":
                seconds = int(match.values[0]) if match.values and match.values[0].isdigit() else 600
                before = trial.before if trial is not None else model.tree
                model.trial = trial_of(model.now + seconds, before, persist, id(console))
                model.commit(console.candidate, console.login.user)
                console.print(
                    "Info: The system enters the trial configuration mode.\nThe system will revert to previous "
                    f"configuration if the trial configuration is not confirmed in {seconds} seconds."
                )
            case "commit_abort":
                if trial is None:
                    console.print("Error: The trial configuration does not exist.")
                else:
                    self._sure("Warning: The trial configuration will be rolled back. Continue? [Y/N]:", self._abort)
            case "clear":
                console.candidate = model.tree.copy()
            case "display_candidate":
                console.show(readings.whole(console.candidate, model))

    def _abort(self) -> None:
        model = self._console.model
        if model.trial is not None:
            model.end_trial()
        self._console.print("Info: The trial configuration rollback succeeded.")
