// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell.record;

import org.jspecify.annotations.Nullable;
import org.taskwatch.tasks.Recorder;
import org.taskwatch.tasks.RecordingSink;

/// Records what a test tells.
final class FakeRecorder implements Recorder {
    // Set by the thread of the command, read by the test.
    private volatile @Nullable RecordingSink sink;

    /// {@return who records, null if nobody does}
    @Nullable RecordingSink sink() {
        return sink;
    }

    @Override
    public Recording begin(RecordingSink begun) {
        begun.source("fake", 7, 0);
        sink = begun;
        return () -> sink = null;
    }
}
