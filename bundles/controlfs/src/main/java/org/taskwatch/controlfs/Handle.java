// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.controlfs;

import com.google.errorprone.annotations.concurrent.GuardedBy;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.file.OpenFile;

/// An open file, as the kernel knows it.
final class Handle {
    private final long number;
    private final Contribution contribution;
    private final OpenFile file;
    private final boolean isStream;
    private final int uid;

    /// Wakes the polling client, null if there is none.
    @GuardedBy("this")
    private @Nullable Runnable poller;

    /// Makes a handle of a file that has just been opened.
    ///
    /// @param number the `fh` of the kernel's requests
    /// @param contribution the file
    /// @param file the open file of the bundle
    /// @param isStream whether that is a stream
    /// @param uid the user that has opened it
    Handle(long number, Contribution contribution, OpenFile file, boolean isStream, int uid) {
        this.number = number;
        this.contribution = contribution;
        this.file = file;
        this.isStream = isStream;
        this.uid = uid;
    }

    long number() {
        return number;
    }

    Contribution contribution() {
        return contribution;
    }

    OpenFile file() {
        return file;
    }

    boolean isStream() {
        return isStream;
    }

    int uid() {
        return uid;
    }

    /// Keeps what wakes the polling client when the state of the file changes.
    synchronized void poll(Runnable poller) {
        this.poller = poller;
    }

    /// Wakes the polling client, if there is one.
    void wake() {
        Runnable woken;
        synchronized (this) {
            woken = poller;
            poller = null;
        }
        if (woken != null) {
            woken.run();
        }
    }
}
