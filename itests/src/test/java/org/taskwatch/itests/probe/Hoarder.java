// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests.probe;

import org.osgi.service.component.annotations.Component;
import org.taskwatch.api.Capture;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.TaskWatcher;
import org.taskwatch.api.Verdict;
import org.taskwatch.api.WatchTask;

import java.util.ArrayList;
import java.util.List;

/// Asks for memory when an event of the test comes, in the way that is its revision: `array` asks for
/// an array that no heap has room for, `keep` keeps what it gets, and `hide` does so on a thread of
/// its own, and takes no notice when there is no more.
@Component
@WatchTask(value = TaskEvent.EXEC, capture = Capture.CMDLINE)
public class Hoarder implements TaskWatcher {
    private final Notebook notebook = Notebook.ofThisBundle();
    private final List<byte[]> kept = new ArrayList<>();

    @Override
    public Verdict notify(TaskNotification n) {
        if (notebook.concerns(n)) {
            notebook.write("called");
            switch (notebook.revision()) {
                case "array" -> kept.add(new byte[Integer.MAX_VALUE]);
                case "keep" -> keep(1 << 16);
                default -> Thread.ofPlatform().daemon().start(this::hide);
            }
        }
        return Verdict.ALLOW;
    }

    private void keep(int bytes) {
        while (true) {
            kept.add(new byte[bytes]);
        }
    }

    private void hide() {
        for (int bytes = 1 << 16; bytes > 0; bytes /= 2) {
            try {
                keep(bytes);
            } catch (OutOfMemoryError _) {
                // smaller ones may still fit
            }
        }
    }
}
