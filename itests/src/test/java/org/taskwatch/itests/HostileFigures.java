// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests;

import org.taskwatch.itests.Marks.Comparison;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;

/// What [HostileUserIT] has measured, as a table: in the output of the build, and in a file.
final class HostileFigures {
    private static final Path FILE = Path.of("target/hostile-user.txt");
    private static final int SLOWEST = 8;

    private final StringBuilder text = new StringBuilder();

    private String before = "";
    private String highest = "";
    private String after = "";
    private String marks = "";

    void begin(Duration length, double share, Vitals vitals) {
        row("hostile user", "%d s, %.2f of 29,000 tasks", length.toSeconds(), share);
        before = of("before", vitals);
    }

    void highest(Vitals vitals) {
        highest = of("highest", vitals) + ", VmHWM " + vitals.mostMiB() + " MiB";
    }

    /// The last one counts.
    void after(Vitals vitals) {
        after = of("after", vitals);
    }

    private static String of(String when, Vitals vitals) {
        return "%-30s resident %d MiB, %d descriptors, %d threads"
                .formatted(when, vitals.residentMiB(), vitals.descriptors(), vitals.threads());
    }

    void did(Map<String, Long> counts) {
        counts.forEach((what, count) -> row(what, "%,d", count));
    }

    void answered(int rounds, Map<String, Long> slowest) {
        row("rounds of all commands", "%d", rounds);
        slowest.entrySet().stream()
                .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                .limit(SLOWEST)
                .forEach(command ->
                        row("slowest", "%s: %d ms", command.getKey(), command.getValue()));
    }

    /// The last one counts.
    void told(Comparison told) {
        marks =
                "%-30s %d, %d events missing, %d wrong, %d told as lost"
                        .formatted(
                                "marks",
                                told.marks(),
                                told.missing(),
                                told.wrong().size(),
                                told.lost());
    }

    private void row(String what, String format, Object... values) {
        text.append("%-30s ".formatted(what)).append(format.formatted(values)).append('\n');
    }

    /// Prints the table, if the test has begun.
    void print() throws IOException {
        if (before.isEmpty()) {
            return;
        }
        String table = text + String.join("\n", before, highest, after, marks) + "\n";
        System.out.print(table);
        Files.writeString(FILE, table);
    }
}
