// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.load;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Figures that were measured several times, by name, in the order in which they first came.
final class Figures {
    private final Map<String, List<Double>> values = new LinkedHashMap<>();

    void add(String name, double value) {
        values.computeIfAbsent(name, _ -> new ArrayList<>()).add(value);
    }

    /// {@return them as a Markdown table}
    @Override
    public String toString() {
        StringBuilder text =
                new StringBuilder(
                        "| | median | lowest | highest | times |\n|---|---:|---:|---:|---:|\n");
        values.forEach((name, all) -> text.append(row(name, all.stream().sorted().toList())));
        return text.toString();
    }

    private static String row(String name, List<Double> sorted) {
        return String.format(
                Locale.ROOT,
                "| %s | %,.1f | %,.1f | %,.1f | %d |%n",
                name,
                sorted.get(sorted.size() / 2),
                sorted.getFirst(),
                sorted.getLast(),
                sorted.size());
    }
}
