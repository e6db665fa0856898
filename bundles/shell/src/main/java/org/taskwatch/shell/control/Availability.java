// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell.control;

import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;

import java.nio.file.Path;

/// Whether the instance executes commands now: not while it starts, as some are not there yet, nor
/// while it stops, as some are there no more. Safe for all threads.
///
/// @param context knows the framework's state, and its property `taskwatch.starting`, which the launcher
///     takes away when all commands are there
/// @param base the base directory
record Availability(BundleContext context, Path base) {
    /// {@return why it does not, in the words of the launcher; null if it does}
    @Nullable String refusal() {
        int state = context.getBundle(Constants.SYSTEM_BUNDLE_ID).getState();
        if (state == Bundle.STOPPING) {
            return stopping();
        }
        return "true".equals(context.getProperty("taskwatch.starting"))
                ? told("is starting: it does not answer commands yet")
                : null;
    }

    /// {@return what to tell when it stops}
    String stopping() {
        return told("is stopping: it does not answer commands any more");
    }

    private String told(String what) {
        return "taskwatch: the instance on %s, pid %d, %s"
                .formatted(base, ProcessHandle.current().pid(), what);
    }
}
