// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell;

import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Process;
import org.jspecify.annotations.Nullable;
import org.taskwatch.control.Style;
import org.taskwatch.control.Tone;

import java.util.function.Supplier;

/// Where the standard output of a command goes to: says how lines are shown there, as it is now.
public final class Outlet {
    /// The variable of a session that has the style of its terminal, a supplier of a [Style]; not set if it
    /// has none.
    public static final String STYLE = "taskwatch.style";

    private static final int STANDARD_OUTPUT = 1;

    private final Supplier<Style> style;

    private Outlet(Supplier<Style> style) {
        this.style = style;
    }

    /// {@return that of the command that runs on this thread}
    ///
    /// @param session the session of its caller
    public static Outlet of(CommandSession session) {
        boolean isTerminal = isTerminal(Process.Utils.current());
        return session.get(STYLE) instanceof Supplier<?> terminal && isTerminal
                ? new Outlet(() -> terminal.get() instanceof Style now ? now : Style.PLAIN)
                : new Outlet(() -> Style.PLAIN);
    }

    /// Whether what a process prints goes to the terminal of its session for sure. What is part of another
    /// command may be piped on or kept by it, as in `x = (each $all { ps })`: Gogo does not tell.
    private static boolean isTerminal(@Nullable Process process) {
        return process != null && process.isTty(STANDARD_OUTPUT) && process.job().parent() == null;
    }

    /// {@return the style now: a window may be resized}
    public Style style() {
        return style.get();
    }

    /// Prints a table.
    ///
    /// @param table the table
    public void print(Table table) {
        table.print(System.out, style());
    }

    /// {@return a text with a tone, where there are colours}
    ///
    /// @param tone the tone, null if it has none
    /// @param text any text
    public String shown(@Nullable Tone tone, String text) {
        return style().shown(tone, text);
    }

    /// {@return a value with its tone, where there are colours}
    ///
    /// @param cell the value
    String shown(Cell cell) {
        return shown(cell.tone(), cell.text());
    }

    /// {@return a line as it is shown: cut if it is too long}
    ///
    /// @param tone its tone, null if it has none
    /// @param line its text, without its end
    public String line(@Nullable Tone tone, String line) {
        return new Line().add(tone, line).shown(style());
    }
}
