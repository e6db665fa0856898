// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.table;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.Capture;
import org.taskwatch.api.Cgroup;
import org.taskwatch.api.Credentials;
import org.taskwatch.api.Detail;
import org.taskwatch.api.Detail.Reason;
import org.taskwatch.source.Arguments;
import org.taskwatch.source.Fact;
import org.taskwatch.source.TaskRecord;
import org.taskwatch.tasks.procfs.CgroupFile;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// What a record says of the details of its task.
final class RecordFacts {
    /// As the kernel has it if nobody has logged in: (uid_t) -1.
    private static final long NO_LOGIN = 0xffff_ffffL;

    private static final long IDS =
            Fact.REAL_UID.bit()
                    | Fact.EFFECTIVE_UID.bit()
                    | Fact.REAL_GID.bit()
                    | Fact.EFFECTIVE_GID.bit();

    private RecordFacts() {}

    /// {@return the ids that a record brings, null if not all of them}
    static @Nullable Credentials credentials(TaskRecord record) {
        return record.hasAll(IDS)
                ? new Credentials(
                        (int) record.get(Fact.EFFECTIVE_UID),
                        (int) record.get(Fact.EFFECTIVE_GID),
                        (int) record.get(Fact.REAL_UID),
                        (int) record.get(Fact.REAL_GID))
                : null;
    }

    /// {@return what of the details that watchers can ask for a record brings}
    static Set<Capture> captures(TaskRecord record) {
        if (!record.hasDetails() && !record.has(Fact.LOGIN_UID)) { // as nearly always
            return Set.of();
        }
        Set<Capture> brought = EnumSet.noneOf(Capture.class);
        add(brought, Capture.CMDLINE, record.arguments());
        add(brought, Capture.EXE, record.executable());
        add(brought, Capture.CWD, record.workingDirectory());
        add(brought, Capture.CGROUP, record.cgroup());
        add(brought, Capture.NAMESPACES, record.namespaces());
        if (record.has(Fact.LOGIN_UID)) {
            brought.add(Capture.LOGIN);
        }
        return brought;
    }

    private static void add(Set<Capture> brought, Capture capture, @Nullable Detail<?> detail) {
        if (detail != null) {
            brought.add(capture);
        }
    }

    /// {@return details with all that a record brings in place of what they were}
    ///
    /// @param before the details
    /// @param record the record
    /// @param budget bounds what is kept
    static Details apply(Details before, TaskRecord record, DetailBudget budget) {
        Details details = before;
        Credentials ids = credentials(record);
        if (ids != null && !ids.equals(before.credentials().value().orElse(null))) {
            details = details.withCredentials(Detail.of(ids));
        }
        if (!record.hasDetails() && !record.has(Fact.LOGIN_UID)) {
            return details;
        }
        int pathLimit = budget.pathLimit(details.credentials());
        Program program =
                program(
                        details.program(),
                        record,
                        pathLimit,
                        budget.argumentsLimit(details.credentials()));
        return details.withProgram(program)
                .withSurroundings(surroundings(details.surroundings(), record, pathLimit));
    }

    private static Program program(
            Program before, TaskRecord record, int pathLimit, int argumentsLimit) {
        Detail<String> comm = record.comm();
        Detail<String> executable = record.executable();
        Detail<Arguments> arguments = record.arguments();
        return new Program(
                comm == null ? before.comm() : comm,
                executable == null
                        ? before.executable()
                        : TextBounds.beginning(executable, pathLimit),
                arguments == null ? before.commandLine() : bounded(arguments, argumentsLimit));
    }

    private static Detail<List<String>> bounded(Detail<Arguments> arguments, int limit) {
        return switch (arguments) {
            case Detail.Known<Arguments>(Arguments all) when all.length() <= limit ->
                    Detail.of(all);
            case Detail.Known<Arguments>(Arguments all) -> Detail.cut(all.beginning(limit));
            case Detail.Cut<Arguments>(Arguments some) -> Detail.cut(some.beginning(limit));
            case Detail.Unknown<Arguments>(Reason reason) -> Detail.unknown(reason);
        };
    }

    private static Surroundings surroundings(Surroundings before, TaskRecord record, int limit) {
        Detail<String> directory = record.workingDirectory();
        Detail<String> cgroup = record.cgroup();
        return new Surroundings(
                directory == null
                        ? before.workingDirectory()
                        : TextBounds.beginning(directory, limit),
                record.namespaces() == null ? before.namespaces() : record.namespaces(),
                cgroup == null ? before.cgroup() : cgroup(cgroup, limit),
                record.has(Fact.LOGIN_UID) ? login(record.get(Fact.LOGIN_UID)) : before.loginUid());
    }

    private static Detail<Cgroup> cgroup(Detail<String> path, int limit) {
        return switch (path) {
            case Detail.Known<String>(String known) -> CgroupFile.ofPath(known).cgroup(limit);
            case Detail.Cut<String>(String known) ->
                    Detail.cut(CgroupFile.ofPath(known).cgroup(limit).value().orElseThrow());
            case Detail.Unknown<String>(Reason reason) -> Detail.unknown(reason);
        };
    }

    private static Detail<Integer> login(long uid) {
        return uid == NO_LOGIN ? Detail.unknown(Reason.NONE) : Detail.of((int) uid);
    }
}
