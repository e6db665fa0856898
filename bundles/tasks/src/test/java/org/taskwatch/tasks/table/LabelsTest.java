// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.Test;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.tasks.Label;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/// Which labels the tasks of an event have.
public class LabelsTest extends TableTest {
    private void label(int pid, String key, String value, boolean isUntilExec) throws Exception {
        new TaskLabels(tasks, () -> true)
                .change(pid, List.of(new Label(key, value, isUntilExec)), Set.of());
    }

    private Map<String, String> last(TaskEvent event, int tid) {
        return core.notifications().stream()
                .filter(told -> told.event() == event && told.task().tid() == tid)
                .toList()
                .getLast()
                .details()
                .labels();
    }

    @Test
    public void shouldBeInheritedByWhatIsForkedFromThenOn() throws Exception {
        fork(11, 10, 0);
        fork(12, 11, 1);

        label(11, "job", "ci", false);
        fork(13, 11, 2);
        fork(14, 13, 3);
        exit(14, 14, 0);
        exit(12, 12, 0);

        assertThat(last(TaskEvent.CLONE, 13)).isEqualTo(Map.of("job", "ci"));
        assertThat(last(TaskEvent.EXIT, 14)).isEqualTo(Map.of("job", "ci"));
        assertThat(last(TaskEvent.EXIT, 12)).isEmpty();
    }

    @Test
    public void shouldBeKeptOrDroppedAtTheExecAsTheySay() throws Exception {
        fork(11, 10, 0);
        label(11, "job", "ci", false);
        label(11, "script", "build", true);

        recorder.executed(at(1), 11, 11, _ -> false);

        assertThat(last(TaskEvent.EXEC, 11)).isEqualTo(Map.of("job", "ci"));
    }

    @Test
    public void shouldChangeThoseOfTheThreadsToo() throws Exception {
        fork(11, 10, 0);
        thread(21, 11, 1);

        label(11, "job", "ci", false);
        exit(21, 11, 0);

        assertThat(last(TaskEvent.EXIT, 21)).isEqualTo(Map.of("job", "ci"));
    }

    @Test
    public void shouldBeReplacedAndTakenAway() throws Exception {
        fork(11, 10, 0);
        label(11, "a", "1", false);
        label(11, "b", "2", false);

        new TaskLabels(tasks, () -> true)
                .change(11, List.of(new Label("a", "3", false)), List.of("b", "unknown"));
        exit(11, 11, 0);

        assertThat(last(TaskEvent.EXIT, 11)).isEqualTo(Map.of("a", "3"));
    }

    @Test
    public void shouldLeaveAloneWhatIsNotAsTheCallerWantsIt() throws Exception {
        fork(11, 10, 0);

        new TaskLabels(tasks, () -> true)
                .changeIf(
                        11,
                        task -> task.pid() != 11,
                        List.of(new Label("a", "1", false)),
                        Set.of());
        exit(11, 11, 0);

        assertThat(last(TaskEvent.EXIT, 11)).isEmpty();
    }

    @Test
    public void shouldRefuseTooManyAndAProcessThatIsNotThere() {
        fork(11, 10, 0);
        TaskLabels labels = new TaskLabels(tasks, () -> true);
        List<Label> many =
                IntStream.range(0, Label.MOST + 1)
                        .mapToObj(i -> new Label("k" + i, "v", false))
                        .toList();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> labels.change(11, many, Set.of()))
                .withMessageContaining("17 labels, at most 16");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> labels.change(99, List.of(), Set.of()))
                .withMessageContaining("no process has the id 99");
        assertThat(task(11).details().labels()).isEmpty();
    }

    @Test
    public void shouldBeThereAgainForTheNextInstanceOfThisBoot() throws Exception {
        fork(11, 10, 0);
        fork(12, 10, 0);
        label(11, "job", "ci", false);
        label(11, "note", "two words", true);
        Path file = folder.getRoot().toPath().resolve("labels");
        new SavedLabels(file, "boot").save(tasks, at(5));
        Map<String, String> labels = task(11).details().labels();
        remove(11);
        fork(13, 11, 6); // while there was no instance
        fork(14, 12, 6);

        new SavedLabels(file, "another boot").restore(tasks);
        assertThat(task(11).details().labels()).isEmpty();
        new SavedLabels(file, "boot").restore(tasks);

        assertThat(task(11).details().labels()).isEqualTo(labels);
        assertThat(task(13).details().labels()).isEqualTo(labels);
        assertThat(task(12).details().labels()).isEmpty();
        assertThat(task(14).details().labels()).isEmpty();
        recorder.executed(at(9), 11, 11, _ -> false);
        assertThat(task(11).details().labels()).isEqualTo(Map.of("job", "ci"));
    }

    private void remove(int pid) throws Exception {
        new TaskLabels(tasks, () -> true).change(pid, List.of(), List.of("job", "note"));
    }

    @Test
    public void shouldSayWhatIsWrongWithAFile() throws Exception {
        Path file = folder.getRoot().toPath().resolve("labels");
        SavedLabels saved = new SavedLabels(file, "boot");
        saved.restore(tasks); // there is none
        for (String text : List.of("", "x", "taskwatch-labels\t1\tboot\t5\n11\t1\t2\n")) {
            Files.writeString(file, text);

            assertThatIOException()
                    .isThrownBy(() -> saved.restore(tasks))
                    .withMessageContaining("has no labels of taskwatch");
        }
    }

    @Test
    public void shouldRefuseALabelThatIsTooLongOrCannotBeShown() {
        for (String key : List.of("", "1", "a b", "A", "a=b")) {
            assertThatIllegalArgumentException().isThrownBy(() -> new Label(key, "v", false));
        }
        for (String value : List.of("", "a\nb", "\u001b[31m", "x".repeat(64))) {
            assertThatIllegalArgumentException().isThrownBy(() -> new Label("k", value, false));
        }
        assertThat(new Label("k", "x".repeat(63), false)).hasToString("k=" + "x".repeat(63));
    }
}
