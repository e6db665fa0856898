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
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/// Asks for memory when an event of the test comes, in the way that is its revision: `array` asks for
/// an array that no heap has room for, `keep` keeps what it gets, and `hide` does so on a thread of
/// its own, takes no notice when there is no more, and takes whatever others let go of.
@Component
@WatchTask(value = TaskEvent.EXEC, capture = Capture.CMDLINE)
public class Hoarder implements TaskWatcher {
    private static final long PAUSE_NANOS = 20_000_000;

    private final AtomicBoolean isHiding = new AtomicBoolean();
    private final Notebook notebook = Notebook.ofThisBundle();
    private final List<byte[]> kept = new ArrayList<>();

    @Override
    public Verdict notify(TaskNotification n) {
        if (notebook.concerns(n)) {
            notebook.write("called");
            switch (notebook.revision()) {
                case "array" -> kept.add(new byte[Integer.MAX_VALUE]);
                case "keep" -> keep(1 << 16);
                default -> {
                    if (!isHiding.getAndSet(true)) {
                        Thread.ofPlatform().daemon().start(this::hide);
                    }
                }
            }
        }
        return Verdict.ALLOW;
    }

    private void keep(int bytes) {
        while (true) {
            kept.add(new byte[bytes]);
        }
    }

    /// A chain: a list would need room for a copy of itself, and leave that to others when it can't grow.
    private void hide() {
        pause(); // linked now: later there is no memory for that
        Object[] chain = {};
        int length = 1 << 14;
        while (true) {
            try {
                while (true) {
                    Object[] link = new Object[length];
                    link[0] = chain;
                    chain = link;
                }
            } catch (OutOfMemoryError _) {
                if (length > 1) {
                    length /= 2; // smaller ones may still fit
                } else {
                    pause(); // each try makes a full collection
                }
            }
        }
    }

    private static void pause() {
        LockSupport.parkNanos(PAUSE_NANOS);
    }
}
