// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.table;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.Test;
import org.taskwatch.api.Task;

import java.util.Collection;
import java.util.Iterator;

/// What is left in the table after a burst.
public class LiveTasksTest extends TableTest {
    private static final int BURST = 20_000;
    private static final int FIRST = 100_000;

    @Test
    public void shouldHoldWhatIsLeftAfterABurst() {
        Collection<Task> view = tasks.tasks();
        for (int pid = FIRST; pid < FIRST + BURST; pid++) {
            fork(pid, 10, 10);
        }
        assertThat(view).hasSize(BURST + 2);
        Iterator<Task> during = view.iterator();
        for (int pid = FIRST; pid < FIRST + BURST; pid++) {
            recorder.freed(at(20), pid);
        }

        assertThat(view).extracting(Task::pid).containsExactlyInAnyOrder(1, 10);
        assertThat(during).toIterable().extracting(Task::pid).contains(1, 10);
        fork(20, 10, 30);
        assertThat(view).contains(task(20)).hasSize(3);
        recorder.freed(at(40), 20);
        assertThat(view).hasSize(2);
    }
}
