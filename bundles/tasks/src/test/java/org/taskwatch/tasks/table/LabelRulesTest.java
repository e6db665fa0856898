// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.table;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.Test;
import org.taskwatch.api.Capture;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.tasks.Label;
import org.taskwatch.tasks.fake.FakeFilters;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Which labels rules give, when, and beside which others.
public class LabelRulesTest extends TableTest {
    private void rules(String text) {
        rules.set(LabelRule.list(text, new FakeFilters()));
    }

    private void byHand(int pid, String... labels) throws InterruptedException {
        List<Label> set =
                List.of(labels).stream()
                        .map(label -> label.split("=", 2))
                        .map(word -> new Label(word[0], word[1], false))
                        .toList();
        new TaskLabels(tasks, () -> true).change(pid, set, Set.of());
    }

    private void exec(int pid, String name, long millis) {
        proc.process(pid, 10, start, name);
        recorder.executed(at(millis), pid, pid, _ -> false);
    }

    /// {@return what the event that was told last has}
    private Map<String, String> told() {
        return core.notifications().getLast().details().labels();
    }

    @Test
    public void shouldBeThereAtTheExecThatTheyAreForAndBeInherited() {
        rules("(comm=make) -> job=build");
        fork(11, 10, 0);
        exec(11, "sh", 1);
        assertThat(told()).isEmpty();

        exec(11, "make", 2);
        assertThat(told()).isEqualTo(Map.of("job", "build"));
        fork(12, 11, 3);
        exec(12, "cc1", 4);
        assertThat(told()).isEqualTo(Map.of("job", "build"));
    }

    @Test
    public void shouldBeDroppedAtTheNextExecIfTheRuleSaysSo() {
        rules("(comm=make) -> step=make until-exec; (comm=*) -> seen=yes");
        fork(11, 10, 0);

        exec(11, "make", 1);
        assertThat(told()).isEqualTo(Map.of("step", "make", "seen", "yes"));
        exec(11, "sh", 2);
        assertThat(told()).isEqualTo(Map.of("seen", "yes"));
    }

    @Test
    public void shouldReplaceThoseOfRulesAndLeaveThoseOfHands() throws Exception {
        rules("(comm=cc1) -> job=compile team=c; (comm=*) -> job=any; (comm=make) -> job=never");
        fork(11, 10, 0);
        exec(11, "make", 1);
        assertThat(told()).isEqualTo(Map.of("job", "any"));

        exec(11, "cc1", 2);
        assertThat(told()).isEqualTo(Map.of("job", "compile", "team", "c"));

        byHand(11, "job=mine");
        exec(11, "cc1", 3);
        assertThat(told()).isEqualTo(Map.of("job", "mine", "team", "c"));
    }

    @Test
    public void shouldSeeTheLabelsThatWereThereBefore() throws Exception {
        rules("(label.job=ci)(comm=cc1) -> step=compile; (label.step=*) -> late=yes");
        byHand(10, "job=ci");
        fork(11, 10, 0);

        exec(11, "cc1", 1);
        assertThat(told()).isEqualTo(Map.of("job", "ci", "step", "compile"));
        exec(11, "sh", 2);
        assertThat(told()).containsEntry("late", "yes");
    }

    @Test
    public void shouldBeSetWhenTheIdsChangeAndReadWhatTheyAskFor() {
        interest.wantForAll();
        proc.file(11, "cgroup", "0::/web\n");
        rules("(uid=33)(cgroup=/web) -> svc=web");
        interest.want(TaskEvent.EXEC, rules.captures().toArray(new Capture[0]));
        fork(11, 10, 0);
        thread(21, 11, 0);

        recorder.userChanged(at(1), 11, 11, 33, 33);

        assertThat(told()).isEqualTo(Map.of("svc", "web"));
        assertThat(task(21).details().labels()).isEqualTo(Map.of("svc", "web"));
    }

    @Test
    public void shouldBeSetForWhatIsThereWhenTheyChangeAndStayWhenTheyGo() {
        fork(11, 10, 0);
        thread(21, 11, 0);
        interest.wantForAll();
        proc.file(11, "cgroup", "0::/web\n");
        rules("(cgroup=/web) -> svc=web");
        interest.want(TaskEvent.EXEC, Capture.CGROUP);

        rules.catchUp(tasks, captures);
        assertThat(task(11).details().labels()).isEqualTo(Map.of("svc", "web"));
        assertThat(task(21).details().labels()).isEqualTo(Map.of("svc", "web"));
        assertThat(task(10).details().labels()).isEmpty();

        rules("");
        rules.catchUp(tasks, captures);
        assertThat(task(11).details().labels()).isEqualTo(Map.of("svc", "web"));
    }

    @Test
    public void shouldBeSetForWhatIsFoundLate() throws Exception {
        rules("(comm=make) -> job=build");
        recorder.lost(1, "full", at(0));
        proc.process(11, 10, at(1), "make");

        repair.scan();

        assertThat(task(11).details().labels()).isEqualTo(Map.of("job", "build"));
        assertThat(told()).isEqualTo(Map.of("job", "build"));
    }

    @Test
    public void shouldGiveNoMoreThanAProcessMayHaveAndCountThat() throws Exception {
        byHand(10, most(Label.MOST - 1));
        fork(11, 10, 0);
        rules("(comm=make) -> a=1 k0=rule; (comm=make) -> b=2");

        exec(11, "make", 1);

        assertThat(told()).hasSize(Label.MOST).containsEntry("a", "1").containsEntry("k0", "v");
        assertThat(told()).doesNotContainKey("b");
        assertThat(rules.withoutRoom()).isEqualTo(1);
    }

    private static String[] most(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "k" + i + "=v")
                .collect(Collectors.toList())
                .toArray(String[]::new);
    }

    @Test
    public void shouldStillBeReplacedByRulesAfterARestart() throws Exception {
        rules("(comm=make) -> job=build step=make until-exec");
        fork(11, 10, 0);
        exec(11, "make", 1);
        byHand(11, "team=web");
        Path file = folder.getRoot().toPath().resolve("labels");
        new SavedLabels(file, "boot").save(tasks, at(5));
        var saved = task(11).details().labelSet();
        new TaskLabels(tasks, () -> true).change(11, Set.of(), List.of("job", "step", "team"));

        new SavedLabels(file, "boot").restore(tasks);

        assertThat(task(11).details().labelSet()).isEqualTo(saved);
        rules("(comm=sh) -> job=shell team=rule");
        exec(11, "sh", 2);
        assertThat(told()).isEqualTo(Map.of("job", "shell", "team", "web"));
    }

    @Test
    public void shouldAskForNothingWithoutRules() {
        assertThat(rules.captures()).isEmpty();
        rules("(cgroup=/a) -> a=1");
        assertThat(rules.captures()).containsExactly(Capture.CGROUP).isSameAs(rules.captures());
        rules(" ");
        assertThat(rules.captures()).isEmpty();
    }
}
