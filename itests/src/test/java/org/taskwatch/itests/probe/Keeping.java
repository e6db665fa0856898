// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests.probe;

import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.taskwatch.api.Capture;
import org.taskwatch.api.Task;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskLocal;
import org.taskwatch.api.TaskLocals;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.TaskWatcher;
import org.taskwatch.api.Verdict;
import org.taskwatch.api.WatchTask;

/// Keeps a note with each program of the test, which its children inherit, and writes down which note a
/// task has at its CLONE, EXIT and FREE.
@Component
@WatchTask(
        value = {TaskEvent.CLONE, TaskEvent.EXEC, TaskEvent.EXIT, TaskEvent.FREE},
        capture = Capture.CMDLINE,
        threads = false)
public class Keeping implements TaskWatcher {
    private final Notebook notebook = Notebook.ofThisBundle();
    private final TaskLocal<Note> notes;

    /// Of a class that goes with the revision.
    private record Note(String text) {}

    /// Made by the component runtime.
    ///
    /// @param locals makes what is kept
    @Activate
    public Keeping(@Reference TaskLocals locals) {
        notes =
                locals.<Note>named("note")
                        .inherited((note, child) -> new Note(note.text() + "+"))
                        .carried(Note::text, Note::new)
                        .create();
    }

    @Override
    public Verdict notify(TaskNotification n) {
        Task task = n.task();
        if (n.event() != TaskEvent.EXEC) {
            Note note = notes.get(task);
            if (note != null || notebook.concerns(n)) {
                notebook.write(
                        n.event() + " " + task.pid() + " " + (note == null ? "-" : note.text()));
            }
        } else if (notebook.concerns(n)) {
            notes.set(task, new Note("by " + notebook.revision()));
            notebook.write("EXEC " + task.pid());
        }
        return Verdict.ALLOW;
    }
}
