// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.locals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.Test;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.testing.FakeTask;

/// What a watcher keeps with tasks, and what becomes of it at the events of their lives.
public class ValuesTest {
    private final FakeTask parent = FakeTask.process(1, null);
    private final FakeTask child = FakeTask.process(2, parent);

    private static Values<String> shared() {
        return new Values<>(
                new Blueprint<>("n", false, (value, _) -> value, String::valueOf, null));
    }

    private static void born(Values<?> values, FakeTask task) {
        new Inheriting(values).notify(task.event(TaskEvent.CLONE, 0, 1));
    }

    @Test
    public void shouldKeepOneValueOfEachTask() {
        Values<String> values = new Values<>(Blueprint.of("n"));

        values.set(parent, "a");
        values.set(parent, "b");

        assertThat(values.get(parent)).isEqualTo("b");
        assertThat(values.get(child)).isNull();
        assertThat(values.getOrSet(parent, () -> "c")).isEqualTo("b");
        assertThat(values.getOrSet(child, () -> "c")).isEqualTo("c");
        assertThat(values.remove(parent)).isEqualTo("b");
        assertThat(values.get(parent)).isNull();
    }

    @Test
    public void shouldTellTasksWithOneNumberApart() {
        Values<String> values = new Values<>(Blueprint.of("n"));
        values.set(parent, "a");

        assertThat(values.get(FakeTask.process(1, null))).isNull();
    }

    @Test
    public void shouldInheritAtBirthWhatTheParentHasThen() {
        Values<String> values = shared();
        values.set(parent, "a");

        born(values, child);
        values.set(parent, "b");

        assertThat(values.get(child)).isEqualTo("a");
    }

    @Test
    public void shouldKeepWhatAnUnbornTaskWasGiven() {
        Values<String> values = shared();
        values.set(parent, "a");
        values.set(child, "of its own");

        born(values, child);

        assertThat(values.get(child)).isEqualTo("of its own");
    }

    @Test
    public void shouldMakeWhatAChildInherits() {
        Values<String> values =
                new Values<>(
                        new Blueprint<>(
                                "n",
                                false,
                                (value, task) -> task.tid() == 2 ? value + " of 2" : null,
                                String::valueOf,
                                null));
        FakeTask other = FakeTask.process(3, parent);
        values.set(parent, "child");

        born(values, child);
        born(values, other);

        assertThat(values.get(child)).isEqualTo("child of 2");
        assertThat(values.get(other)).isNull();
    }

    @Test
    public void shouldInheritNothingFromAParentThatIsNotKnownOrHasNothing() {
        Values<String> values = shared();

        born(values, parent);
        born(values, child);

        assertThat(values.count()).isZero();
    }

    @Test
    public void shouldRefuseAThreadUnlessMadeForThreads() {
        FakeTask thread = parent.thread(5);
        Values<String> processes = new Values<>(Blueprint.of("n"));
        Values<String> threads =
                new Values<>(
                        new Blueprint<>("n", true, (value, _) -> value, String::valueOf, null));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> processes.set(thread, "a"))
                .withMessageContaining("for processes only");
        threads.set(parent, "a");
        born(threads, thread);
        assertThat(threads.get(thread)).isEqualTo("a");
    }

    @Test
    public void shouldKeepNothingOnceClosed() {
        Values<String> values = new Values<>(Blueprint.of("n"));
        values.set(parent, "a");

        values.close();

        assertThat(values.get(parent)).isNull();
        assertThatIllegalStateException()
                .isThrownBy(() -> values.set(parent, "b"))
                .withMessageContaining("its bundle has stopped");
        assertThatIllegalStateException().isThrownBy(() -> values.getOrSet(parent, () -> "b"));
        assertThat(values.count()).isZero();
    }

    @Test
    public void shouldRefuseANameThatNobodyCanType() {
        for (String name : new String[] {"", "A", "1", "a b", "a".repeat(65)}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Blueprint.of(name))
                    .withMessageContaining("a letter first");
        }
    }
}
