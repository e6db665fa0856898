// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.Loss;
import org.taskwatch.api.tool.Counter;
import org.taskwatch.api.tool.Counters;
import org.taskwatch.api.tool.ModuleInfo;
import org.taskwatch.api.tool.Modules;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/// What the core counts: of each module, and of the memory that the lanes share. Modules of the same
/// name, as of two versions of a bundle, or a stuck one and its successor, are added up.
final class CoreCounters implements Counters {
    private static final String MODULE = "module";

    private final Modules modules;
    private final LaneMemory memory;

    CoreCounters(Modules modules, LaneMemory memory) {
        this.modules = modules;
        this.memory = memory;
    }

    @Override
    public List<Counter> counters() {
        List<Counter> all = new ArrayList<>();
        List<ModuleInfo> infos = modules.modules();
        Map<String, List<ModuleInfo>> byName =
                infos.stream()
                        .collect(
                                Collectors.groupingBy(
                                        ModuleInfo::name, LinkedHashMap::new, Collectors.toList()));
        byName.forEach((name, alike) -> add(all, name, alike));
        all.add(new Counter("modules", infos.size()));
        all.add(new Counter("lane_memory_bytes", memory.total() - memory.free()));
        return all;
    }

    private static void add(List<Counter> all, String name, List<ModuleInfo> modules) {
        all.add(
                Counter.lost(
                        Loss.Place.LANE,
                        name,
                        sum(modules, module -> module.lane().lost()),
                        lostSince(modules)));
        all.add(of(name, "lane_waiting_events", modules, module -> module.lane().depth()));
        all.add(of(name, "module_calls_total", modules, ModuleInfo::calls));
        all.add(of(name, "module_faults_total", modules, ModuleInfo::faults));
        all.add(of(name, "module_running_calls", modules, ModuleInfo::inFlight));
    }

    private static @Nullable Instant lostSince(List<ModuleInfo> modules) {
        return modules.stream()
                .map(module -> module.lane().lostSince())
                .filter(Objects::nonNull)
                .min(Comparator.naturalOrder())
                .orElse(null);
    }

    private static Counter of(
            String name,
            String counter,
            List<ModuleInfo> modules,
            ToLongFunction<ModuleInfo> number) {
        return new Counter(counter, MODULE, name, sum(modules, number));
    }

    private static long sum(List<ModuleInfo> modules, ToLongFunction<ModuleInfo> number) {
        return modules.stream().mapToLong(number).sum();
    }
}
