// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source.recording;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.TaskIdentity;
import org.taskwatch.source.Fact;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/// How a fact is called in a recording, and what its number can be.
///
/// @param fact the fact
/// @param name its name
/// @param least the least number
/// @param most the greatest number
record FactText(Fact fact, String name, long least, long most) {
    private static final long MOST_ID = 0xffff_ffffL;
    private static final long MOST_TICKS = Long.MAX_VALUE / TaskIdentity.TICK_NANOS;
    private static final FactText[] ALL =
            Arrays.stream(Fact.values()).map(FactText::make).toArray(FactText[]::new);
    private static final Map<String, FactText> BY_NAME =
            Arrays.stream(ALL).collect(Collectors.toMap(FactText::name, Function.identity()));

    /// {@return that of a fact}
    static FactText of(Fact fact) {
        return ALL[fact.ordinal()];
    }

    /// {@return that with a name, null if none has it}
    static @Nullable FactText named(String name) {
        return BY_NAME.get(name);
    }

    // Starts may be negative: those of tasks that are older than the clock of who plays the
    // recording.
    private static FactText make(Fact fact) {
        return switch (fact) {
            case START_NANOS, CGROUP_ID -> make(fact, Long.MIN_VALUE, Long.MAX_VALUE);
            case START_TICKS -> make(fact, -MOST_TICKS, MOST_TICKS);
            case STATUS -> make(fact, Integer.MIN_VALUE, Integer.MAX_VALUE);
            case PARENT_TID, PARENT_PID, CREATOR_TID, SESSION -> make(fact, 0, Integer.MAX_VALUE);
            case REAL_UID,
                    EFFECTIVE_UID,
                    SAVED_UID,
                    FILE_SYSTEM_UID,
                    REAL_GID,
                    EFFECTIVE_GID,
                    SAVED_GID,
                    FILE_SYSTEM_GID,
                    LOGIN_UID ->
                    make(fact, 0, MOST_ID);
            case CLONE_FLAGS,
                    STACK_START,
                    USER_NANOS,
                    SYSTEM_NANOS,
                    MAX_RESIDENT_BYTES,
                    MINOR_FAULTS,
                    MAJOR_FAULTS,
                    READ_BYTES,
                    WRITTEN_BYTES ->
                    make(fact, 0, Long.MAX_VALUE);
        };
    }

    private static FactText make(Fact fact, long least, long most) {
        return new FactText(fact, fact.name().toLowerCase(Locale.ROOT), least, most);
    }
}
