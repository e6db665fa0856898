// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.detail;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.Capture;
import org.taskwatch.api.Credentials;
import org.taskwatch.api.Detail;
import org.taskwatch.api.Detail.Reason;
import org.taskwatch.api.Usage;
import org.taskwatch.source.Arguments;
import org.taskwatch.source.Fact;
import org.taskwatch.source.TaskRecord;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;

/// What a record says of the details of its task.
public final class RecordFacts {
    private static final long IDS =
            Fact.REAL_UID.bit()
                    | Fact.EFFECTIVE_UID.bit()
                    | Fact.REAL_GID.bit()
                    | Fact.EFFECTIVE_GID.bit();

    /// What a usage needs; the rest of it may not be known.
    private static final long USAGE =
            Fact.USER_NANOS.bit()
                    | Fact.SYSTEM_NANOS.bit()
                    | Fact.MINOR_FAULTS.bit()
                    | Fact.MAJOR_FAULTS.bit();

    private RecordFacts() {}

    /// {@return the ids that a record brings, null if not all of them}
    ///
    /// @param record the record
    public static @Nullable Credentials credentials(TaskRecord record) {
        return record.hasAll(IDS)
                ? new Credentials(
                        (int) record.get(Fact.EFFECTIVE_UID),
                        (int) record.get(Fact.EFFECTIVE_GID),
                        (int) record.get(Fact.REAL_UID),
                        (int) record.get(Fact.REAL_GID))
                : null;
    }

    /// {@return whether ids are those that a record brings} Without making an object: mostly they are.
    private static boolean areThoseOf(TaskRecord record, Detail<Credentials> ids) {
        return ids instanceof Detail.Known<Credentials>(Credentials known)
                && known.uid() == (int) record.get(Fact.EFFECTIVE_UID)
                && known.gid() == (int) record.get(Fact.EFFECTIVE_GID)
                && known.realUid() == (int) record.get(Fact.REAL_UID)
                && known.realGid() == (int) record.get(Fact.REAL_GID);
    }

    /// {@return what of the details that watchers can ask for a record brings}
    ///
    /// @param record the record
    public static Set<Capture> captures(TaskRecord record) {
        if (!bringsDetails(record)) { // as nearly always
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
    public static Details apply(Details before, TaskRecord record, DetailBudget budget) {
        Details details = before;
        if (record.hasAll(IDS) && !areThoseOf(record, before.credentials())) {
            Credentials ids = Objects.requireNonNull(credentials(record), "all are there");
            details = details.withCredentials(Detail.of(ids));
        }
        return bringsDetails(record) ? applyDetails(details, record, budget) : details;
    }

    /// {@return whether a record brings more than ids}
    ///
    /// @param record the record
    public static boolean bringsDetails(TaskRecord record) {
        return record.hasDetails() || record.has(Fact.LOGIN_UID);
    }

    /// {@return details with what a record brings but ids}
    ///
    /// @param details what they were
    /// @param record the record
    /// @param budget bounds what is kept
    public static Details applyDetails(Details details, TaskRecord record, DetailBudget budget) {
        int pathLimit = budget.pathLimit(details.credentials());
        Program program =
                program(
                        details.program(),
                        record,
                        pathLimit,
                        budget.argumentsLimit(details.credentials()));
        return details.withProgram(program)
                .withSurroundings(details.surroundings().with(record, pathLimit));
    }

    /// {@return what the process has used that ends with a record, null if the record does not say}
    ///
    /// @param record the record
    public static @Nullable Usage usage(TaskRecord record) {
        if (!record.hasAll(USAGE)) {
            return null;
        }
        return new Usage(
                Duration.ofNanos(record.get(Fact.USER_NANOS)),
                Duration.ofNanos(record.get(Fact.SYSTEM_NANOS)),
                optional(record, Fact.MAX_RESIDENT_BYTES),
                record.get(Fact.MINOR_FAULTS),
                record.get(Fact.MAJOR_FAULTS),
                optional(record, Fact.READ_BYTES),
                optional(record, Fact.WRITTEN_BYTES));
    }

    private static OptionalLong optional(TaskRecord record, Fact fact) {
        return record.has(fact) ? OptionalLong.of(record.get(fact)) : OptionalLong.empty();
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
}
