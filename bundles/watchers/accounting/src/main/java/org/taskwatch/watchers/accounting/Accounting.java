// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.watchers.accounting;

import com.google.errorprone.annotations.concurrent.GuardedBy;

import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.SynchronousBundleListener;
import org.taskwatch.api.Capture;
import org.taskwatch.api.LinkTask;
import org.taskwatch.api.Loss;
import org.taskwatch.api.Task;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.TaskNotification.Origin;
import org.taskwatch.api.TaskWatcher;
import org.taskwatch.api.Verdict;
import org.taskwatch.api.tool.Counter;
import org.taskwatch.api.tool.Counters;

import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.function.UnaryOperator;

/// Writes a record of acct(5) for each process that ends. The notifying thread makes it, in a ring; a thread of
/// its own writes it.
@LinkTask(
        value = {TaskEvent.CLONE, TaskEvent.EXEC, TaskEvent.EXIT},
        capture = Capture.USAGE,
        threads = false,
        relaxed = true)
public final class Accounting implements TaskWatcher, Counters {
    static final int RECORDS = 65_536; // 4 MiB

    private static final String PROPERTY = "taskwatch.accounting.";
    private static final long MOST_BYTES = 64L << 20;
    private static final int OLD_FILES = 4;

    private final Ring ring;
    private final Writer writer;

    /// Those that have executed nothing since their fork. Weak, as the ends of all tasks of a table that is
    /// made anew are told to nobody.
    @GuardedBy("this")
    private final Set<Task> forked = Collections.newSetFromMap(new WeakHashMap<>());

    /// Made by the core, which is starting.
    ///
    /// @throws IllegalArgumentException if a property makes no sense
    public Accounting() {
        this(core().getBundleContext());
    }

    private Accounting(BundleContext context) {
        this(RECORDS, file(context::getProperty));
        context.registerService(Counters.class, this, null);
        closeWith(context);
    }

    /// @param records how many may wait
    Accounting(int records, AcctFile file) {
        ring = new Ring(records);
        writer = new Writer(ring, file);
        writer.start();
    }

    /// {@return the core, whose fragment's classes are its own}
    private static Bundle core() {
        return Objects.requireNonNull(
                FrameworkUtil.getBundle(Accounting.class),
                "this is not loaded by the framework: its jar belongs into the folder link");
    }

    /// A fragment is not told that its host stops. This is called when the core has stopped: all who call
    /// watchers have let go by then, so the records are complete. A listener of the core's own would be gone.
    private void closeWith(BundleContext context) {
        Bundle core = context.getBundle();
        BundleContext all = context.getBundle(Constants.SYSTEM_BUNDLE_ID).getBundleContext();
        all.addBundleListener(
                new SynchronousBundleListener() {
                    @Override
                    public void bundleChanged(BundleEvent event) {
                        if (event.getType() == BundleEvent.STOPPED
                                && event.getBundle().equals(core)) {
                            all.removeBundleListener(this);
                            close();
                        }
                    }
                });
    }

    static AcctFile file(UnaryOperator<@Nullable String> properties) {
        Path base = Path.of(Objects.requireNonNullElse(properties.apply("taskwatch.base"), ""));
        String name = properties.apply(PROPERTY + "file");
        return new AcctFile(
                base.resolve(name == null ? "log/pacct" : name),
                number(properties, "bytes", MOST_BYTES, AcctRecord.BYTES),
                (int) number(properties, "files", OLD_FILES, 1));
    }

    private static long number(
            UnaryOperator<@Nullable String> properties, String name, long other, long least) {
        String text = properties.apply(PROPERTY + name);
        if (text == null) {
            return other;
        }
        if (!text.matches("\\d{1,18}") || Long.parseLong(text) < least) {
            throw new IllegalArgumentException(
                    "%s%s=%s: expected a number, at least %d"
                            .formatted(PROPERTY, name, text, least));
        }
        return Long.parseLong(text);
    }

    @Override
    public synchronized Verdict notify(TaskNotification n) {
        if (n.origin() == Origin.RAISED) {
            return Verdict.ALLOW; // no process of the kernel's
        }
        switch (n.event()) {
            case CLONE -> {
                if (n.origin() == Origin.OBSERVED) { // else it may have executed something before
                    forked.add(n.task());
                }
            }
            case EXEC -> forked.remove(n.task());
            default -> {
                ring.put(n, forked.remove(n.task()));
                writer.wake();
            }
        }
        return Verdict.ALLOW;
    }

    /// Writes what waits.
    void close() {
        writer.close();
    }

    @Override
    public List<Counter> counters() {
        long lost = ring.lost();
        return List.of(
                new Counter("accounting_records_total", writer.written()),
                new Counter("accounting_waiting_records", ring.size()),
                Counter.lost(
                        Loss.Place.READER,
                        "accounting",
                        lost,
                        lost == 0 ? null : ring.lostSince()));
    }
}
