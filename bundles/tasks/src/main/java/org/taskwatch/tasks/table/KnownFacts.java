// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.table;

import org.taskwatch.api.Cgroup;
import org.taskwatch.api.Credentials;
import org.taskwatch.api.Detail;
import org.taskwatch.api.Detail.Reason;
import org.taskwatch.api.Usage;
import org.taskwatch.source.Arguments;
import org.taskwatch.source.Fact;
import org.taskwatch.source.TaskRecord;
import org.taskwatch.tasks.detail.Details;
import org.taskwatch.tasks.detail.Program;
import org.taskwatch.tasks.detail.Surroundings;

import java.util.List;
import java.util.function.Consumer;

/// Adds to a record what the table knows of its task, so that whoever has only the records comes to know
/// the same: the reverse of [RecordFacts].
final class KnownFacts {
    private static final long NO_LOGIN = 0xffff_ffffL;

    private KnownFacts() {}

    /// Adds to a record of a source what was known or read when it was applied.
    ///
    /// @param record the record
    /// @param task its task, after that
    static void add(TaskRecord record, LinuxTask task) {
        switch (record.kind()) {
            case CLONED -> addDifference(record, task);
            case EXECUTED -> addProgramAndRest(record, task);
            case UID_CHANGED, GID_CHANGED -> {
                addIds(record, task.details());
                addSurroundings(record, task.details().surroundings());
            }
            case EXITED -> addSurroundings(record, task.details().surroundings());
            case FOUND, RENAMED, FREED -> {}
        }
    }

    /// Adds all that is known of a task, to a record that is the first of it.
    static void addAll(TaskRecord record, LinuxTask task) {
        task.birth().addTo(record);
        LinuxTask parent = task.parent();
        if (parent != null && !parent.isFreed()) {
            record.set(Fact.PARENT_TID, parent.tid()).set(Fact.PARENT_PID, parent.pid());
        }
        if (!task.isAlive()) {
            addEnding(record, task);
        }
        addProgramAndRest(record, task);
    }

    /// Adds how a task has ended and what it has used, as far as that is known.
    static void addEnding(TaskRecord record, LinuxTask task) {
        if (task.status() != LinuxTask.UNKNOWN) {
            record.set(Fact.STATUS, task.status());
        }
        addUsage(record, task);
    }

    /// Adds what a process has used that has ended, if that is known.
    static void addUsage(TaskRecord record, LinuxTask process) {
        process.details().usage().value().ifPresent(usage -> addUsage(record, usage));
    }

    // A fork copies the rest.
    private static void addDifference(TaskRecord record, LinuxTask born) {
        LinuxTask parent = born.parent();
        Details details = born.details();
        if (parent == null || !details.program().equals(parent.details().program())) {
            addProgram(record, details.program());
        }
        if (parent == null || !details.credentials().equals(parent.details().credentials())) {
            addIds(record, details);
        }
        addSurroundings(record, details.surroundings());
    }

    private static void addProgramAndRest(TaskRecord record, LinuxTask task) {
        if (task.stackStart != 0) {
            record.set(Fact.STACK_START, task.stackStart);
        }
        Details details = task.details();
        addProgram(record, details.program());
        addIds(record, details);
        addSurroundings(record, details.surroundings());
    }

    private static void addProgram(TaskRecord record, Program program) {
        add(program.comm(), record::comm);
        add(program.executable(), record::executable);
        add(arguments(program.commandLine()), record::arguments);
    }

    private static void addSurroundings(TaskRecord record, Surroundings surroundings) {
        add(surroundings.workingDirectory(), record::workingDirectory);
        add(surroundings.namespaces(), record::namespaces);
        add(path(surroundings.cgroup()), record::cgroup);
        Detail<Integer> login = surroundings.loginUid();
        if (login.value().isPresent()) {
            record.set(Fact.LOGIN_UID, Integer.toUnsignedLong(login.value().get()));
        } else if (login.equals(Detail.unknown(Reason.NONE))) {
            record.set(Fact.LOGIN_UID, NO_LOGIN);
        }
    }

    private static void addIds(TaskRecord record, Details details) {
        Credentials ids = details.credentials().value().orElse(null);
        if (ids != null) {
            addIds(record, ids);
        }
    }

    /// Adds ids.
    static void addIds(TaskRecord record, Credentials ids) {
        record.set(Fact.EFFECTIVE_UID, Integer.toUnsignedLong(ids.uid()));
        record.set(Fact.EFFECTIVE_GID, Integer.toUnsignedLong(ids.gid()));
        record.set(Fact.REAL_UID, Integer.toUnsignedLong(ids.realUid()));
        record.set(Fact.REAL_GID, Integer.toUnsignedLong(ids.realGid()));
    }

    private static void addUsage(TaskRecord record, Usage usage) {
        record.set(Fact.USER_NANOS, usage.user().toNanos());
        record.set(Fact.SYSTEM_NANOS, usage.system().toNanos());
        record.set(Fact.MINOR_FAULTS, usage.minorFaults());
        record.set(Fact.MAJOR_FAULTS, usage.majorFaults());
        usage.maxResidentBytes().ifPresent(n -> record.set(Fact.MAX_RESIDENT_BYTES, n));
        usage.readBytes().ifPresent(n -> record.set(Fact.READ_BYTES, n));
        usage.writtenBytes().ifPresent(n -> record.set(Fact.WRITTEN_BYTES, n));
    }

    private static <T> void add(Detail<T> known, Consumer<Detail<T>> adder) {
        if (!known.equals(Detail.<T>unknown(Reason.NOT_READ))) {
            adder.accept(known);
        }
    }

    private static Detail<Arguments> arguments(Detail<List<String>> commandLine) {
        return switch (commandLine) {
            case Detail.Known<List<String>>(Arguments all) -> Detail.of(all);
            case Detail.Cut<List<String>>(Arguments some) -> Detail.cut(some);
            case Detail.Unknown<List<String>>(Reason reason) -> Detail.unknown(reason);
            default -> Detail.unknown(Reason.NOT_READ); // no such list is ever kept
        };
    }

    private static Detail<String> path(Detail<Cgroup> cgroup) {
        return switch (cgroup) {
            case Detail.Known<Cgroup>(Cgroup all) -> Detail.of(all.path());
            case Detail.Cut<Cgroup>(Cgroup some) -> Detail.cut(some.path());
            case Detail.Unknown<Cgroup>(Reason reason) -> Detail.unknown(reason);
        };
    }
}
