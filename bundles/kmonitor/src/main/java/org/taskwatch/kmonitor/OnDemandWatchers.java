// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.kmonitor;

import org.osgi.framework.BundleContext;
import org.taskwatch.api.TaskEvent;

/// Has the events reported that are needed: those of processes while anything is registered, those
/// of threads, which are many, while any are asked for.
final class OnDemandWatchers {
    private final OnDemandWatcher processes;
    private final OnDemandWatcher threads;
    private final Runnable trimSoon;

    /// Has nothing reported yet.
    ///
    /// @param trimSoon is run when [#trim] is to be called soon
    OnDemandWatchers(BundleContext context, Registrations registrations, Runnable trimSoon) {
        Events events = new Events(registrations);
        processes =
                new OnDemandWatcher(
                        context,
                        events.processes(),
                        false,
                        registrations::isAny,
                        TaskEvent.CLONE,
                        TaskEvent.EXEC,
                        TaskEvent.EXIT);
        threads =
                new OnDemandWatcher(
                        context,
                        events.threads(),
                        true,
                        registrations::isAnyOfThreads,
                        TaskEvent.CLONE,
                        TaskEvent.EXIT);
        this.trimSoon = trimSoon;
    }

    /// Has events reported until it is closed.
    interface Hold extends AutoCloseable {
        @Override
        void close();
    }

    /// Has all events reported from the return of this until the hold is closed, and longer if they
    /// are needed by then.
    ///
    /// @param ofThreads whether those of threads too
    Hold hold(boolean ofThreads) {
        processes.hold();
        if (ofThreads) {
            holdThreads();
        }
        return () -> {
            if (ofThreads) {
                threads.release();
            }
            release();
        };
    }

    private void holdThreads() {
        try {
            threads.hold();
        } catch (RuntimeException e) {
            release();
            throw e;
        }
    }

    private void release() {
        processes.release();
        trimSoon.run();
    }

    /// Ends what is not needed. Must not be called by a thread that reports events, nor under the
    /// lock of the registrations.
    void trim() {
        threads.trim();
        processes.trim();
    }
}
