// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell;

import org.taskwatch.api.tool.ModuleInfo;
import org.taskwatch.api.tool.Modules;

import java.util.Map;
import java.util.stream.Collectors;

/// Which modules there are, for the command and the file that show it.
final class ModuleTable {
    private ModuleTable() {}

    /// {@return the modules: state, events that refer to them, calls, faults and lane}
    ///
    /// @param modules the modules
    static Table of(Modules modules) {
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
                    Cell.of(module.state()),
                    module.referenceCount(),
                    references(module),
                    module.inFlight(),
                    module.calls(),
                    module.faults(),
                    module.lane().depth() + "/" + module.lane().capacity(),
                    module.lane().highWater(),
                    Cell.lost(module.lane().lost()));
        }
        return table;
    }

    private static String references(ModuleInfo module) {
        return module.references().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(reference -> reference.getKey() + ":" + reference.getValue())
                .collect(Collectors.joining(","));
    }
}
