// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests.kernels;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a machine has written to its console: sections, each below a line with `===`, its name, and the seconds
/// since the kernel was started.
final class Report {
    private static final Pattern SECTION = Pattern.compile("=== (.*) [0-9.]+");

    private final Path console;
    private final Map<String, StringBuilder> sections = new LinkedHashMap<>();

    /// Reads one.
    ///
    /// @param console the file with it
    Report(Path console) throws IOException {
        this.console = console;
        String text = new String(Files.readAllBytes(console), StandardCharsets.UTF_8);
        StringBuilder section = new StringBuilder(); // what was before the first
        for (String line : text.split("\r?\n")) {
            Matcher title = SECTION.matcher(line);
            if (title.matches()) {
                section = new StringBuilder();
                sections.put(title.group(1), section);
            } else {
                section.append(line).append('\n');
            }
        }
    }

    /// {@return the text of a section}
    ///
    /// @throws AssertionError if it has not come to that
    String text(String name) {
        StringBuilder section = sections.get(name);
        if (section == null) {
            throw new AssertionError(
                    "the machine has not come to \"%s\", but to %s; its console: %s"
                            .formatted(name, sections.keySet(), console));
        }
        return section.toString();
    }
}
