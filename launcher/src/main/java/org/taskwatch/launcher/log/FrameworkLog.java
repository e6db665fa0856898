// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.log;

import org.apache.felix.framework.Logger;
import org.jspecify.annotations.Nullable;

/// Passes the log of the framework on to ours.
public final class FrameworkLog extends Logger {
    /// Makes the logger.
    public FrameworkLog() {}

    private static final System.Logger LOG = System.getLogger("org.apache.felix.framework");

    @Override
    protected void doLog(int level, String message, @Nullable Throwable thrown) {
        LOG.log(ServiceLog.level(level), message, thrown);
    }
}
