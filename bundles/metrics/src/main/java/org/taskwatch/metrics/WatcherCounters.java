// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.metrics;

import org.taskwatch.api.tool.Counter;
import org.taskwatch.api.tool.ModuleInfo;
import org.taskwatch.api.tool.Modules;
import org.taskwatch.api.tool.WatcherInfo;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What is known of modules and watchers, as numbers. These are no counters of the core: it has some of them for
/// each watcher, and names them by words.
final class WatcherCounters {
    private WatcherCounters() {}

    /// {@return the numbers as they are now}
    static List<Counter> of(Modules modules) {
        List<Counter> all = new ArrayList<>();
        for (ModuleInfo module : modules.modules()) {
            String state = module.state().name().toLowerCase(Locale.ROOT);
            all.add(
                    new Counter(
                            "module_state",
                            Map.of("module", module.name(), "state", state),
                            1,
                            null));
            all.add(number("lane_capacity_events", module, module.lane().capacity()));
            all.add(number("lane_highest_events", module, module.lane().highWater()));
            module.watchers().forEach(watcher -> add(all, watcher));
        }
        return all;
    }

    private static Counter number(String name, ModuleInfo module, long value) {
        return new Counter(name, "module", module.name(), value);
    }

    private static void add(List<Counter> all, WatcherInfo watcher) {
        Map<String, String> labels = Map.of("module", watcher.module(), "watcher", watcher.name());
        if (watcher.calls() != WatcherInfo.NOT_COUNTED) {
            all.add(new Counter("watcher_calls_total", labels, watcher.calls(), null));
        }
        all.add(new Counter("watcher_faults_total", labels, watcher.faults(), null));
        all.add(
                new Counter(
                        "watcher_suspended", labels, watcher.suspended().isEmpty() ? 0 : 1, null));
    }
}
