// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What `events --json` tells of an EXEC. Its values are as they stand in the JSON, texts without the quotes;
/// `null` is what is not known.
///
/// @param line the object
record Exec(String line) {
    static final String UNKNOWN = "null";

    private static final String BEGINNING = "{\"event\":\"EXEC\",";
    private static final String VALUE =
            "\":(?:\"((?:[^\"\\\\]|\\\\.)*+)\"|(\\[(?:\"(?:[^\"\\\\]|\\\\.)*+\",?)*+\\]|[^,}]+))";
    private static final Pattern PID = Pattern.compile("\"pid" + VALUE);
    private static final Pattern COMM = Pattern.compile("\"comm" + VALUE);
    private static final Pattern EXE = Pattern.compile("\"exe" + VALUE);
    private static final Pattern ARGUMENTS = Pattern.compile("\"cmdline" + VALUE);
    private static final Pattern DIRECTORY = Pattern.compile("\"cwd" + VALUE);
    private static final Pattern CGROUP =
            Pattern.compile("\"cgroup\":(?:\\{\"path" + VALUE + "|null)");

    private static final Pattern SOURCE = Pattern.compile("\"source" + VALUE);

    static List<Exec> parse(String out) {
        // The last line may not be whole yet.
        return out.substring(0, out.lastIndexOf('\n') + 1)
                .lines()
                .filter(line -> line.startsWith(BEGINNING))
                .map(Exec::new)
                .toList();
    }

    long pid() {
        return Long.parseLong(value(PID));
    }

    String comm() {
        return value(COMM);
    }

    String exe() {
        return value(EXE);
    }

    String arguments() {
        return value(ARGUMENTS);
    }

    String directory() {
        return value(DIRECTORY);
    }

    /// {@return the path of the control group}
    String cgroup() {
        return value(CGROUP);
    }

    String source() {
        return value(SOURCE);
    }

    boolean isCut() {
        return line.contains(",\"cut\":[\"cmdline\"]");
    }

    private String value(Pattern pattern) {
        Matcher found = pattern.matcher(line);
        if (!found.find()) {
            throw new AssertionError("what is this? " + line);
        }
        String text = found.group(1) == null ? found.group(2) : found.group(1);
        return text == null ? UNKNOWN : text;
    }
}
