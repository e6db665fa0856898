// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.page;

import org.taskwatch.api.RawText;
import org.taskwatch.api.tool.CallInfo;
import org.taskwatch.api.tool.Counter;
import org.taskwatch.api.tool.ModuleInfo;
import org.taskwatch.api.tool.Modules;
import org.taskwatch.api.tool.WatcherInfo;
import org.taskwatch.gate.GateInfo;
import org.taskwatch.rates.Rate;
import org.taskwatch.tasks.SourceInfo;

import java.util.Comparator;
import java.util.List;
import java.util.Map;

/// What the page shows of the instance, as it is now.
///
/// @param tasks how many tasks are in the table
/// @param sources where events come from, the best first
/// @param rates how often tasks come and go
/// @param modules the modules, with their watchers
/// @param linked the watchers of the static table
/// @param losses what was lost, by place
/// @param gates the gates
record State(
        long tasks,
        List<Source> sources,
        List<Rate> rates,
        List<Module> modules,
        List<Watcher> linked,
        List<Lost> losses,
        List<GateRow> gates) {

    /// A source, with how long half and almost all of its events took.
    record Source(
            String name, String state, String reason, long events, long p50Nanos, long p99Nanos) {
        static Source of(SourceInfo source) {
            return new Source(
                    source.name(),
                    source.state().name(),
                    source.reason().isEmpty() ? source.limits() : source.reason(),
                    source.events(),
                    source.latency().p50Nanos(),
                    source.latency().p99Nanos());
        }
    }

    /// A module, with what it waits for.
    record Module(
            String name,
            String version,
            String state,
            int references,
            int inFlight,
            long calls,
            long faults,
            int waiting,
            int capacity,
            long lost,
            List<Watcher> watchers,
            List<String> blocking) {
        static Module of(ModuleInfo module, Modules modules) {
            return new Module(
                    module.name(),
                    module.version(),
                    module.state().name(),
                    module.referenceCount(),
                    module.inFlight(),
                    module.calls(),
                    module.faults(),
                    module.lane().depth(),
                    module.lane().capacity(),
                    module.lane().lost(),
                    module.watchers().stream().map(Watcher::of).toList(),
                    blocking(module, modules));
        }

        private static List<String> blocking(ModuleInfo module, Modules modules) {
            try {
                return modules.calls(module.name()).stream().map(CallInfo::summary).toList();
            } catch (IllegalArgumentException e) {
                return List.of(); // it has gone meanwhile
            }
        }
    }

    /// A watcher.
    record Watcher(
            String name,
            List<String> events,
            String filter,
            String delivery,
            long calls,
            long faults,
            String lastFault,
            String suspended) {
        static Watcher of(WatcherInfo watcher) {
            return new Watcher(
                    watcher.name(),
                    watcher.events().stream().map(Enum::name).toList(),
                    watcher.filter(),
                    watcher.delivery().name(),
                    watcher.calls(),
                    watcher.faults(),
                    RawText.escape(watcher.lastFault()),
                    RawText.escape(watcher.suspended()));
        }
    }

    /// How many events were lost at a place, in milliseconds since 1970 the first one; 0 if none was.
    record Lost(String place, String at, long count, long since) {
        static List<Lost> of(List<Counter> counters) {
            return counters.stream()
                    .filter(each -> each.name().equals(Counter.LOST))
                    .map(each -> of(each.labels(), each))
                    .sorted(Comparator.comparing(Lost::place).thenComparing(Lost::at))
                    .toList();
        }

        private static Lost of(Map<String, String> labels, Counter counter) {
            return new Lost(
                    labels.getOrDefault(Counter.PLACE, ""),
                    labels.getOrDefault(Counter.AT, ""),
                    counter.value(),
                    counter.since() == null ? 0 : counter.since().toEpochMilli());
        }
    }

    /// A gate.
    record GateRow(String label, long asked, long allowed, long refused, int waiting) {
        static GateRow of(GateInfo gate) {
            return new GateRow(
                    RawText.escape(gate.gate().label()),
                    gate.asked(),
                    gate.allowed(),
                    gate.refused(),
                    gate.waiting());
        }
    }
}
