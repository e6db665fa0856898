// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell;

import org.taskwatch.api.tool.Modules;
import org.taskwatch.api.tool.WatcherInfo;
import org.taskwatch.control.Tone;

import java.util.Collection;
import java.util.stream.Collectors;

/// Which watchers there are, for the command and the file that show it.
final class WatcherTable {
    private WatcherTable() {}

    /// {@return the watchers: those that are linked in, then those of the modules}
    ///
    /// @param modules the modules
    static Table of(Modules modules) {
        Table table =
                new Table(
                        "WATCHER",
                        "MODULE",
                        "EVENTS",
                        "CAPTURES",
                        "THREADS",
                        "FILTER",
                        "RELAXED",
                        "DELIVERY",
                        "RANKING",
                        "CALLS",
                        "FAULTS",
                        "LAST FAULT",
                        "SUSPENDED");
        for (WatcherInfo watcher : modules.watchers()) {
            table.row(
                    watcher.name(),
                    watcher.module(),
                    names(watcher.events()),
                    watcher.captures().isEmpty() ? "-" : names(watcher.captures()),
                    watcher.threads() ? "yes" : "no",
                    watcher.filter().isEmpty() ? "-" : watcher.filter(),
                    watcher.relaxed() ? "yes" : "no",
                    watcher.linked() ? "LINKED" : watcher.delivery(),
                    watcher.ranking(),
                    watcher.calls() == WatcherInfo.NOT_COUNTED ? "-" : watcher.calls(),
                    watcher.faults(),
                    watcher.lastFault(),
                    new Cell(Tone.WARNING, watcher.suspended()));
        }
        return table;
    }

    private static String names(Collection<? extends Enum<?>> constants) {
        return constants.stream().sorted().map(Enum::name).collect(Collectors.joining(","));
    }
}
