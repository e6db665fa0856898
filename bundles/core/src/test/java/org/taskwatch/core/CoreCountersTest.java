// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.Test;
import org.taskwatch.api.Loss;
import org.taskwatch.api.tool.CallInfo;
import org.taskwatch.api.tool.Counter;
import org.taskwatch.api.tool.ModuleInfo;
import org.taskwatch.api.tool.ModuleState;
import org.taskwatch.api.tool.Modules;
import org.taskwatch.api.tool.WatcherInfo;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/// What the core counts.
public class CoreCountersTest {
    private static final Instant EARLY = Instant.parse("2026-01-02T03:04:05Z");
    private static final int MIB = 1 << 20;

    /// Modules of which only the list is asked for.
    private record Listed(List<ModuleInfo> modules) implements Modules {
        @Override
        public List<WatcherInfo> watchers() {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<CallInfo> calls(String module) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void register(String module) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void resume(String module) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void unregister(String module) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void unload(String module) {
            throw new UnsupportedOperationException();
        }
    }

    private static ModuleInfo module(String name, long lost, @Nullable Instant since) {
        ModuleInfo.LaneInfo lane = new ModuleInfo.LaneInfo(4, 64, 9, lost, since);
        return new ModuleInfo(
                name, "1.0.0", 1, ModuleState.LIVE, Map.of(), 1, 10, 3, lane, List.of());
    }

    private static List<Counter> counters(LaneMemory memory, ModuleInfo... modules) {
        return new CoreCounters(new Listed(List.of(modules)), memory).counters();
    }

    @Test
    public void shouldTellOfEachModuleWhatItsLaneHasLostAndHolds() {
        assertThat(counters(new LaneMemory(MIB), module("a", 0, null), module("b", 5, EARLY)))
                .contains(
                        Counter.lost(Loss.Place.LANE, "a", 0, null),
                        Counter.lost(Loss.Place.LANE, "b", 5, EARLY),
                        new Counter("lane_waiting_events", "module", "b", 4),
                        new Counter("module_calls_total", "module", "b", 10),
                        new Counter("module_faults_total", "module", "b", 3),
                        new Counter("module_running_calls", "module", "b", 1),
                        new Counter("modules", 2));
    }

    @Test
    public void shouldAddUpModulesOfTheSameName() {
        assertThat(
                        counters(
                                new LaneMemory(MIB),
                                module("a", 2, EARLY.plusSeconds(1)),
                                module("a", 5, EARLY),
                                module("a", 0, null)))
                .contains(
                        Counter.lost(Loss.Place.LANE, "a", 7, EARLY),
                        new Counter("module_calls_total", "module", "a", 30))
                .doesNotHaveDuplicates();
    }

    @Test
    public void shouldTellHowMuchOfTheSharedMemoryTheLanesHave() {
        LaneMemory memory = new LaneMemory(MIB);
        memory.new Share(0).takeAnyway(1000);

        assertThat(counters(memory)).contains(new Counter("lane_memory_bytes", 1000));
    }
}
