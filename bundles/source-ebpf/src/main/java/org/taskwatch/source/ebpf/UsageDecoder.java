// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source.ebpf;

import org.taskwatch.linux.Pages;
import org.taskwatch.source.Fact;
import org.taskwatch.source.TaskRecord;

import java.nio.ByteBuffer;

/// Makes facts of what [UsagePart] tells. For the pump thread only.
final class UsageDecoder {
    private final long pageBytes = Pages.size();

    /// Adds to the record of an end what the process has used, if a record of the ring tells that.
    void add(TaskRecord end, ByteBuffer data, int at) {
        if (data.getInt(at + RecordLayout.HAS_USAGE) == 0) {
            return;
        }
        long user = data.getLong(at + RecordLayout.USER);
        long system = data.getLong(at + RecordLayout.SYSTEM);
        long run = data.getLong(at + RecordLayout.RUN);
        long systemRun = systemNanos(user, system, run);
        end.set(Fact.USER_NANOS, run - systemRun)
                .set(Fact.SYSTEM_NANOS, systemRun)
                .set(
                        Fact.MAX_RESIDENT_BYTES,
                        data.getLong(at + RecordLayout.MAX_RESIDENT) * pageBytes)
                .set(Fact.MINOR_FAULTS, data.getLong(at + RecordLayout.MINOR_FAULTS))
                .set(Fact.MAJOR_FAULTS, data.getLong(at + RecordLayout.MAJOR_FAULTS));
        addBytes(end, Fact.READ_BYTES, data.getLong(at + RecordLayout.READ));
        addBytes(end, Fact.WRITTEN_BYTES, data.getLong(at + RecordLayout.WRITTEN));
    }

    /// {@return the part of the run time that was in the kernel} As the kernel does it for `getrusage(2)`
    /// (`cputime_adjust`): the scheduler knows exactly how long a task has run, and the tick samples where.
    static long systemNanos(long user, long system, long run) {
        if (system == 0) {
            return 0;
        }
        return user == 0 ? run : Math.round((double) run * system / (user + system));
    }

    private static void addBytes(TaskRecord end, Fact fact, long bytes) {
        if (bytes != RecordLayout.NOT_COUNTED) {
            end.set(fact, bytes);
        }
    }
}
