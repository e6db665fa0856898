// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.procfs;

import jdk.jfr.FlightRecorder;

import org.taskwatch.linux.LinuxException;
import org.taskwatch.linux.SymbolicLink;
import org.taskwatch.linux.proc.ProcFile;

import java.io.IOException;

/// Reads files and links, and tells the JVM's flight recorder which took long (`docs/tracing.md`). Safe for all
/// threads.
///
/// [TracedRead] is not touched before somebody has had a recorder made: its first use starts half of the recorder.
final class Reads {
    private Reads() {}

    /// {@return as [ProcFile#read]}
    static byte[] file(String path, int limit) throws IOException {
        if (!FlightRecorder.isInitialized()) {
            return ProcFile.read(path, limit);
        }
        TracedRead read = new TracedRead(path);
        read.begin();
        try {
            return ProcFile.read(path, limit);
        } finally {
            read.commit();
        }
    }

    /// {@return as [SymbolicLink#read]}
    static byte[] link(String path, int limit) throws LinuxException {
        if (!FlightRecorder.isInitialized()) {
            return SymbolicLink.read(path, limit);
        }
        TracedRead read = new TracedRead(path);
        read.begin();
        try {
            return SymbolicLink.read(path, limit);
        } finally {
            read.commit();
        }
    }
}
