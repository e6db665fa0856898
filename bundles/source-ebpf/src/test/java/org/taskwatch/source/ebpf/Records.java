// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source.ebpf;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.Detail;
import org.taskwatch.source.Arguments;
import org.taskwatch.source.Fact;
import org.taskwatch.source.SourceException;
import org.taskwatch.source.TaskRecord;
import org.taskwatch.source.TaskRecord.Kind;
import org.taskwatch.source.TaskSink;
import org.taskwatch.source.TaskSource;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;

/// Keeps what a source records.
final class Records implements TaskSink {
    private static final long DEADLINE_NANOS = 20_000_000_000L;

    private final List<Kept> all = new ArrayList<>();
    private long lost;

    /// A copy of a record.
    record Kept(
            Kind kind,
            int tid,
            int pid,
            long nanos,
            Map<Fact, Long> facts,
            @Nullable Detail<String> comm,
            @Nullable Detail<Arguments> arguments,
            @Nullable Detail<String> executable,
            @Nullable Detail<String> directory,
            @Nullable Detail<String> cgroup,
            @Nullable Detail<Map<String, Long>> namespaces) {
        long fact(Fact fact) {
            return Objects.requireNonNull(facts.get(fact), fact::name);
        }
    }

    /// Reads a source until a condition holds; fails after 20 s.
    void readUntil(TaskSource source, BooleanSupplier condition) throws SourceException {
        long deadline = System.nanoTime() + DEADLINE_NANOS;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("not within 20 s; so far: " + all);
            }
            source.receive(this, 100);
        }
    }

    @Override
    public void accept(TaskRecord record) {
        Map<Fact, Long> facts = new EnumMap<>(Fact.class);
        for (Fact fact : Fact.values()) {
            if (record.has(fact)) {
                facts.put(fact, record.get(fact));
            }
        }
        all.add(
                new Kept(
                        record.kind(),
                        record.tid(),
                        record.pid(),
                        record.nanos(),
                        facts,
                        record.comm(),
                        record.arguments(),
                        record.executable(),
                        record.workingDirectory(),
                        record.cgroup(),
                        record.namespaces()));
    }

    @Override
    public void lost(long count, String cause, long sinceNanos) {
        lost += count;
    }

    long lost() {
        return lost;
    }

    List<Kept> all() {
        return all;
    }

    /// {@return the records of a task}
    List<Kept> of(int tid) {
        return all.stream().filter(record -> record.tid == tid).toList();
    }

    List<Kind> kinds(int tid) {
        return of(tid).stream().map(Kept::kind).toList();
    }

    boolean has(Kind kind, int tid) {
        return kinds(tid).contains(kind);
    }

    Kept only(Kind kind, int tid) {
        List<Kept> found = of(tid).stream().filter(record -> record.kind == kind).toList();
        if (found.size() != 1) {
            throw new AssertionError(kind + " of " + tid + ": " + found);
        }
        return found.getFirst();
    }
}
