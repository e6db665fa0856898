// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell.stream;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.Loss;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.control.Style;
import org.taskwatch.control.Tone;
import org.taskwatch.shell.Line;
import org.taskwatch.shell.Outlet;

/// Lines for people as they are shown where they go to.
///
/// @param format makes the lines, of which each begins with the time and the event
/// @param outlet says how they are shown
record TerminalFormat(EventFormat format, Outlet outlet) implements EventFormat {
    @Override
    public String header() {
        return outlet.line(Tone.STRONG, withoutEnd(new StringBuilder(format.header()))) + '\n';
    }

    @Override
    public void append(StringBuilder line, TaskNotification notification) {
        if (outlet.style().equals(Style.PLAIN)) {
            format.append(line, notification);
            return;
        }
        StringBuilder made = new StringBuilder();
        format.append(made, notification);
        String plain = withoutEnd(made);
        String event = notification.event().name();
        int at = plain.indexOf(event);
        int end = at + event.length();
        line.append(
                new Line()
                        .add(plain.substring(0, at))
                        .add(tone(notification.event()), event)
                        .add(plain.substring(end))
                        .shown(outlet.style()));
        line.append('\n');
    }

    private static @Nullable Tone tone(TaskEvent event) {
        return switch (event) {
            case EXEC -> Tone.STRONG;
            case EXIT, FREE -> Tone.FAINT;
            case INIT, CLONE, UID, GID -> null;
        };
    }

    @Override
    public void append(StringBuilder line, Loss loss) {
        StringBuilder made = new StringBuilder();
        format.append(made, loss);
        line.append(outlet.line(Tone.BAD, withoutEnd(made))).append('\n');
    }

    private static String withoutEnd(StringBuilder line) {
        return line.substring(0, line.length() - 1);
    }
}
