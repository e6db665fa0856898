// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell;

import org.taskwatch.api.tool.ModuleInfo;
import org.taskwatch.api.tool.Modules;
import org.taskwatch.api.tool.WatcherInfo;

import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;

/// What watchers and modules there are, for the commands and the files that show it.
final class ModuleTables {
    private ModuleTables() {}

    /// {@return the watchers: those that are linked in, then those of the modules}
    ///
    /// @param modules the modules
    static Table watchers(Modules modules) {
        Table table =
                new Table(
                        "WATCHER",
                        "MODULE",
                        "EVENTS",
                        "CAPTURES",
                        "THREADS",
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
                    watcher.linked() ? "LINKED" : watcher.delivery(),
                    watcher.ranking(),
                    watcher.calls() == WatcherInfo.NOT_COUNTED ? "-" : watcher.calls(),
                    watcher.faults(),
                    watcher.lastFault(),
                    watcher.suspended());
        }
        return table;
    }

    /// {@return the modules: state, events that refer to them, calls, faults and lane}
    ///
    /// @param modules the modules
    static Table modules(Modules modules) {
        Table table =
                new Table(
                        "MODULE",
                        "VERSION",
                        "STATE",
                        "REFS",
                        "USED BY",
                        "IN FLIGHT",
                        "CALLS",
                        "FAULTS",
                        "LANE",
                        "HIGHEST",
                        "LOST");
        for (ModuleInfo module : modules.modules()) {
            table.row(
                    module.name(),
                    module.version(),
                    module.state(),
                    module.referenceCount(),
                    references(module),
                    module.inFlight(),
                    module.calls(),
                    module.faults(),
                    module.lane().depth() + "/" + module.lane().capacity(),
                    module.lane().highWater(),
                    module.lane().lost());
        }
        return table;
    }

    private static String references(ModuleInfo module) {
        return module.references().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(reference -> reference.getKey() + ":" + reference.getValue())
                .collect(Collectors.joining(","));
    }

    private static String names(Collection<? extends Enum<?>> constants) {
        return constants.stream().sorted().map(Enum::name).collect(Collectors.joining(","));
    }
}
