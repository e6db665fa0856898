// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.process;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;

/// The standard streams of this process without a buffer: what is written is out at once, and bytes
/// stay what they are.
public final class StandardStreams {
    private StandardStreams() {}

    /// {@return a new stream to the standard output}
    public static OutputStream output() {
        return new FileOutputStream(FileDescriptor.out);
    }

    /// {@return a new stream to the standard error}
    public static OutputStream error() {
        return new FileOutputStream(FileDescriptor.err);
    }
}
