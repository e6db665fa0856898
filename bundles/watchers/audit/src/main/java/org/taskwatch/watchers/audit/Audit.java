// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.watchers.audit;

import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.SynchronousBundleListener;
import org.taskwatch.api.Capture;
import org.taskwatch.api.Errno;
import org.taskwatch.api.LinkTask;
import org.taskwatch.api.Loss;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.TaskNotification.Origin;
import org.taskwatch.api.TaskWatcher;
import org.taskwatch.api.Verdict;
import org.taskwatch.api.tool.Counter;
import org.taskwatch.api.tool.Counters;

import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;

/// Writes what happens to processes as Linux audit would, for `ausearch` and `aureport`. The notifying thread
/// encodes an event, and a thread of its own writes it.
///
/// It watches INIT to refuse forks in gates while nothing can be written, if it is told to.
@LinkTask(
        value = {
            TaskEvent.INIT,
            TaskEvent.CLONE,
            TaskEvent.EXEC,
            TaskEvent.UID,
            TaskEvent.GID,
            TaskEvent.EXIT,
            TaskEvent.FREE
        },
        capture = {Capture.CMDLINE, Capture.EXE, Capture.CWD, Capture.LOGIN},
        threads = false,
        relaxed = true)
public final class Audit implements TaskWatcher, Counters {
    private static final Verdict REFUSAL =
            Verdict.refuse(Errno.EAGAIN, "the audit trail can't be written");

    private final Settings.Full full;
    private final Trail trail;

    /// Made by the core, which is starting.
    ///
    /// @throws IllegalArgumentException if a property makes no sense
    public Audit() {
        this(core().getBundleContext());
    }

    private Audit(BundleContext context) {
        this(Settings.of(context::getProperty), InstantSource.system());
        context.registerService(Counters.class, this, null);
        closeWith(context);
    }

    private Audit(Settings settings, InstantSource clock) {
        this(settings, clock, new AtomicLong());
    }

    private Audit(Settings settings, InstantSource clock, AtomicLong serial) {
        this(
                settings.full(),
                new Trail(
                        new Waiting(Waiting.MOST_EVENTS, clock, serial),
                        new TrailFile(settings, clock, serial),
                        settings.sync(),
                        clock,
                        serial));
    }

    /// @param full what happens to forks in gates while nothing can be written
    /// @param trail takes the events; started here
    Audit(Settings.Full full, Trail trail) {
        this.full = full;
        this.trail = trail;
        trail.start();
    }

    /// {@return the core, whose fragment's classes are its own}
    private static Bundle core() {
        return Objects.requireNonNull(
                FrameworkUtil.getBundle(Audit.class),
                "this is not loaded by the framework: its jar belongs into the folder link");
    }

    /// A fragment is not told that its host stops. This is called when the core has stopped: all who call
    /// watchers have let go by then, so the trail is complete. A listener of the core's own would be gone.
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
                            trail.close();
                        }
                    }
                });
    }

    @Override
    public Verdict notify(TaskNotification n) {
        if (n.event() == TaskEvent.INIT) {
            boolean isRefused = full == Settings.Full.REFUSE && trail.isBlocked();
            return isRefused ? REFUSAL : Verdict.ALLOW;
        }
        boolean isOfTrail = n.event() != TaskEvent.FREE || n.task().tid() == 0;
        if (isOfTrail && n.origin() != Origin.RAISED) { // else it is no event of the kernel's
            trail.put(Records.of(n, trail.next()));
        }
        return Verdict.ALLOW;
    }

    @Override
    public void lost(Loss loss) {
        trail.put(Records.lost(loss, trail.now(), trail.next()));
    }

    @Override
    public List<Counter> counters() {
        long lost = trail.waiting().lost(); // before the time, which is there if one was lost
        return List.of(
                new Counter("audit_events_total", trail.written()),
                new Counter("audit_waiting_events", trail.waiting().size()),
                Counter.lost(Loss.Place.READER, "audit", lost, trail.waiting().firstLost()));
    }
}
