// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.log;

import org.junit.rules.ExternalResource;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/// The warnings that are logged during a test; the console shows none of it.
public final class CapturedLog extends ExternalResource {
    private final Logger root = Logger.getLogger("");
    private final Handler[] consoles = root.getHandlers();
    private final List<String> warnings = new CopyOnWriteArrayList<>();

    private final Handler handler =
            new Handler() {
                @Override
                public void publish(LogRecord entry) {
                    if (entry.getLevel().intValue() >= Level.WARNING.intValue()) {
                        warnings.add(entry.getMessage());
                    }
                }

                @Override
                public void flush() {}

                @Override
                public void close() {}
            };

    @Override
    protected void before() {
        for (Handler console : consoles) {
            root.removeHandler(console);
        }
        root.addHandler(handler);
    }

    @Override
    protected void after() {
        root.removeHandler(handler);
        for (Handler console : consoles) {
            root.addHandler(console);
        }
    }

    public List<String> warnings() {
        return warnings;
    }
}
