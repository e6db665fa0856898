// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell;

import org.taskwatch.tasks.Latency;
import org.taskwatch.tasks.SourceInfo;
import org.taskwatch.testing.FakeTask;

import java.util.Collections;
import java.util.List;
import java.util.Map;

/// What is told of the sources: one is active, one can't be used.
final class FakeSources {
    static final List<SourceInfo> ALL =
            List.of(
                    new SourceInfo(
                            "best",
                            SourceInfo.State.UNAVAILABLE,
                            "not here",
                            "",
                            0,
                            Latency.NONE,
                            0,
                            null,
                            Map.of(),
                            Map.of()),
                    new SourceInfo(
                            "fake",
                            SourceInfo.State.ACTIVE,
                            "",
                            "sees little",
                            7,
                            new Latency(
                                    32_100,
                                    96_000,
                                    1_100_000,
                                    2_000_000,
                                    0,
                                    Collections.emptySortedMap()),
                            2,
                            FakeTask.START,
                            Map.of("drops", 2L),
                            Map.of("exec", "tp_btf/sched_process_exec")));

    private FakeSources() {}
}
