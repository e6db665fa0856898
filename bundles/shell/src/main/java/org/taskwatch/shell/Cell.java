// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.tool.ModuleState;
import org.taskwatch.control.Tone;
import org.taskwatch.tasks.SourceInfo;

/// A value in a table that has a tone.
///
/// @param tone the tone, null if it has none
/// @param text the value
public record Cell(@Nullable Tone tone, String text) {
    /// {@return the state of a module}
    static Cell of(ModuleState state) {
        return new Cell(
                switch (state) {
                    case LIVE -> Tone.GOOD;
                    case DRAINING -> Tone.WARNING;
                    case STUCK -> Tone.BAD;
                    case GONE -> null;
                },
                state.name());
    }

    /// {@return the state of a source of events}
    static Cell of(SourceInfo.State state) {
        return new Cell(
                switch (state) {
                    case ACTIVE -> Tone.GOOD;
                    case STANDBY -> null;
                    case UNAVAILABLE -> Tone.BAD;
                },
                state.name());
    }

    /// {@return how many events were lost}
    static Cell lost(long count) {
        return new Cell(count > 0 ? Tone.BAD : null, Long.toString(count));
    }
}
