// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source.replay;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.Detail;
import org.taskwatch.api.TaskIdentity;
import org.taskwatch.source.Fact;
import org.taskwatch.source.TaskRecord;
import org.taskwatch.source.recording.RecordingLine;

import java.util.function.Consumer;

/// Brings the times of a recording to the clock of here, CLOCK_MONOTONIC, so that they are the same times
/// of the day. They may be negative: this machine may have been started later.
///
/// Both amounts are multiples of a tick of `/proc`: a start in ticks stays one. So times of the day are right
/// to a tick.
///
/// @param nanos what is added to a time
/// @param startNanos what is added to a start, which is in CLOCK_BOOTTIME of the recording
record Shift(long nanos, long startNanos) {
    private static final Fact[] FACTS = Fact.values();
    private static final long TICK = TaskIdentity.TICK_NANOS;

    /// {@return the shift of a recording}
    ///
    /// @param source what the recording says of its clocks
    /// @param epochNanos what to add to a time of here to have nanoseconds since 1970
    /// @throws ArithmeticException if the result is too far from here
    static Shift of(RecordingLine.Source source, long epochNanos) {
        long away = Math.subtractExact(source.epochNanos(), epochNanos);
        long nanos = Math.multiplyExact(Math.floorDiv(Math.addExact(away, TICK / 2), TICK), TICK);
        // Upwards, which makes starts a little earlier: a task may be reported long after its start
        // (preempted), but not before.
        long boot = Math.multiplyExact(Math.ceilDiv(source.bootNanos(), TICK), TICK);
        return new Shift(nanos, Math.subtractExact(nanos, boot));
    }

    /// Copies a record, with the times of here.
    ///
    /// @throws ArithmeticException if a time is too far from here
    void copy(TaskRecord from, TaskRecord to) {
        to.begin(from.kind(), Math.addExact(from.nanos(), nanos), from.tid(), from.pid());
        if (from.isRepaired()) {
            to.repaired();
        }
        for (Fact fact : FACTS) {
            if (from.has(fact)) {
                to.set(fact, number(fact, from.get(fact)));
            }
        }
        if (from.hasDetails()) {
            copy(from.comm(), to::comm);
            copy(from.executable(), to::executable);
            copy(from.arguments(), to::arguments);
            copy(from.workingDirectory(), to::workingDirectory);
            copy(from.cgroup(), to::cgroup);
            copy(from.namespaces(), to::namespaces);
        }
    }

    private static <T> void copy(@Nullable Detail<T> detail, Consumer<Detail<T>> setter) {
        if (detail != null) {
            setter.accept(detail);
        }
    }

    private long number(Fact fact, long number) {
        return switch (fact) {
            case START_NANOS -> Math.addExact(number, startNanos);
            case START_TICKS -> ticks(Math.addExact(number, startNanos / TICK));
            default -> number;
        };
    }

    /// {@return the same}
    ///
    /// @throws ArithmeticException if that many have no number of nanoseconds
    private static long ticks(long ticks) {
        return Math.multiplyExact(ticks, TICK) / TICK;
    }
}
