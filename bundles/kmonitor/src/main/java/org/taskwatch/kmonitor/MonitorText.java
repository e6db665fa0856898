// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.kmonitor;

import org.taskwatch.kmonitor.MonitorView.Target;

import java.util.List;
import java.util.Set;

/// What is registered, as text.
final class MonitorText {
    private static final int COLUMN = 8;
    private static final String GAP = "  ";
    private static final Set<Integer> COUNTS = Set.of(2, 3); // SENT and LOST, to the right

    private MonitorText() {}

    /// {@return for programs: a line `monitor PID uid UID sent COUNT lost COUNT` for each monitor, and
    /// below it a line `target TID mask MASK signal NUMBER` for each registration}
    static String lines(List<MonitorView> monitors) {
        StringBuilder text = new StringBuilder();
        for (MonitorView monitor : monitors) {
            text.append("monitor ").append(monitor.pid());
            text.append(" uid ").append(Integer.toUnsignedString(monitor.uid()));
            text.append(" sent ").append(monitor.sent());
            text.append(" lost ").append(monitor.lost()).append('\n');
            monitor.targets().forEach(target -> append(text, target));
        }
        return text.toString();
    }

    /// Without a format: a user may have very many, and read them again and again.
    private static void append(StringBuilder text, Target target) {
        text.append("target ").append(target.tid());
        text.append(" mask 0x").append(Integer.toHexString(target.mask()));
        text.append(" signal ").append(target.signal()).append('\n');
    }

    /// {@return for a person: a table with a row for each registration}
    static String table(List<MonitorView> monitors) {
        StringBuilder text = new StringBuilder();
        row(text, "MONITOR", "UID", "SENT", "LOST", "TARGET", "SIGNAL", "EVENTS");
        for (MonitorView monitor : monitors) {
            if (monitor.targets().isEmpty()) {
                row(text, monitor, "-", "-", "-");
            }
            for (Target target : monitor.targets()) {
                row(text, monitor, target.tid(), target.signal(), Bit.names(target.mask()));
            }
        }
        return text.toString();
    }

    private static void row(
            StringBuilder text, MonitorView monitor, Object target, Object signal, String events) {
        row(
                text,
                monitor.pid(),
                Integer.toUnsignedString(monitor.uid()),
                monitor.sent(),
                monitor.lost(),
                target,
                signal,
                events);
    }

    private static void row(StringBuilder text, Object... cells) {
        for (int column = 0; column < cells.length - 1; column++) {
            String cell = cells[column].toString();
            String padding = " ".repeat(Math.max(0, COLUMN - cell.length()));
            boolean isCount = COUNTS.contains(column);
            text.append(isCount ? padding : cell).append(isCount ? cell : padding).append(GAP);
        }
        text.append(cells[cells.length - 1]).append('\n');
    }
}
