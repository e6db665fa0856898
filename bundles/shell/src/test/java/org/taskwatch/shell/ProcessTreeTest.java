// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.Test;
import org.taskwatch.api.Task;
import org.taskwatch.control.Style;
import org.taskwatch.testing.FakeDetails;
import org.taskwatch.testing.FakeTask;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

public class ProcessTreeTest {
    private final FakeTask init = FakeTask.process(1, null, "init");

    @Test
    public void shouldShowAncestorsThatAreGoneBetweenTheLiving() {
        FakeTask gone = FakeTask.process(50, init, FakeDetails.of("sh")).freed();
        FakeTask daemon = FakeTask.process(60, gone, "daemon");
        FakeTask first = FakeTask.process(20, init, "first");

        assertThat(tree(List.of(daemon, first, init)))
                .isEqualTo(
                        """
                        1 init
                        ├─ 20 first
                        └─ 50 sh (gone)
                           └─ 60 daemon
                        """);
    }

    @Test
    public void shouldPutTheChildOfAThreadBelowItsProcess() {
        FakeTask java = FakeTask.process(10, init, "java");
        Task child = FakeTask.process(30, java.thread(11), "sh");

        assertThat(tree(List.of(init, java, java.thread(11), child)))
                .isEqualTo("1 init\n└─ 10 java\n   └─ 30 sh\n");
    }

    @Test
    public void shouldShowLineageOfAnyDepthInShortLines() {
        List<Task> tasks = new ArrayList<>();
        FakeTask task = init;
        for (int pid = 2; pid <= 3_000; pid++) {
            task = FakeTask.process(pid, task, "deep");
            tasks.add(task);
        }

        assertThat(tree(tasks).lines())
                .hasSize(3_000)
                .allMatch(line -> line.length() < 150)
                .last()
                .asString()
                .endsWith("(2999) └─ 3000 deep");
    }

    private static String tree(List<Task> tasks) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new ProcessTree(tasks)
                .printAll(new PrintStream(out, true, StandardCharsets.UTF_8), Style.PLAIN);
        return out.toString(StandardCharsets.UTF_8);
    }
}
