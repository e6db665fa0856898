// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell.top;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import org.junit.Test;
import org.taskwatch.api.Loss;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.TaskNotification.Origin;
import org.taskwatch.control.Style;
import org.taskwatch.testing.FakeTask;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

public class ActivityTest {
    private final FakeTask init = FakeTask.process(1, null, "init", "/sbin/init");
    private final FakeTask bash =
            FakeTask.process(200, init, "bash", "bash", "-c", "\u001b[31mred");
    private long nanos = TimeUnit.HOURS.toNanos(1);
    private final Activity activity = new Activity(() -> nanos);

    private void pass(long millis) {
        nanos += TimeUnit.MILLISECONDS.toNanos(millis);
    }

    private void fork(FakeTask parent, int pid) {
        activity.notify(FakeTask.process(pid, parent, "x").event(TaskEvent.CLONE, 0, 1));
    }

    private void exit(String comm, long lifeMillis, Origin origin) {
        FakeTask task = FakeTask.process(300, bash, comm);
        Instant time = task.start().plusMillis(lifeMillis);
        activity.notify(
                TaskNotification.of(
                        TaskEvent.EXIT,
                        0,
                        task,
                        task.details(),
                        TaskNotification.epochNanos(time),
                        1,
                        "fake",
                        origin));
    }

    @Test
    public void shouldShowTheBusiestForkersFirstAndNoThreads() {
        fork(init, 300);
        fork(bash, 301);
        fork(bash, 302);
        fork(bash, 303);
        activity.notify(bash.thread(201).event(TaskEvent.CLONE, 0, 1));
        pass(2000);

        Activity.View view = activity.view();
        assertThat(view.elapsed()).isEqualTo(Duration.ofSeconds(2));
        assertThat(view.forkers())
                .extracting(Activity.Forker::process, Activity.Forker::forks)
                .containsExactly(tuple(bash, 3L), tuple(init, 1L));
        assertThat(ViewText.lines(view, 24, Style.PLAIN))
                .contains("last 2 s: 2.0 forks/s, 0.0 exits/s")
                .contains("    1.5  200  bash  bash -c \\u{1b}[31mred");
    }

    @Test
    public void shouldShowTheShortestLivesFirstByNameAndNoneWhoseEndIsNotKnown() {
        exit("sh", 30, Origin.OBSERVED);
        exit("sh", 10, Origin.OBSERVED);
        exit("sh", 20, Origin.OBSERVED);
        exit("true", 1, Origin.OBSERVED);
        exit("true", 0, Origin.REPAIRED);

        assertThat(activity.view().lives())
                .containsExactly(
                        new Activity.Lives("true", 1, Duration.ofMillis(1), Duration.ofMillis(1)),
                        new Activity.Lives("sh", 3, Duration.ofMillis(10), Duration.ofMillis(20)));
    }

    @Test
    public void shouldForgetWhatIsOlderThanTheWindow() {
        fork(bash, 301);
        exit("sh", 1, Origin.OBSERVED);
        pass(9_500);
        fork(init, 302);
        assertThat(activity.view().forkers()).hasSize(2);
        pass(500);

        Activity.View view = activity.view();
        assertThat(view.elapsed()).isEqualTo(Duration.ofSeconds(9));
        assertThat(view.lives()).isEmpty();
        assertThat(view.forkers())
                .extracting(Activity.Forker::process, Activity.Forker::forks)
                .containsExactly(tuple(init, 1L));
    }

    @Test
    public void shouldCountTheForksThatItDoesNotTellApartAndWhatIsLost() {
        for (int pid = 1000; pid < 1010 + Activity.MAX_FORKERS; pid++) {
            fork(FakeTask.process(pid, bash, "chain"), pid + 1);
        }
        activity.lost(new Loss(7, Loss.Place.LANE, "full", Instant.EPOCH));

        Activity.View view = activity.view();
        assertThat(view.forkers()).hasSize(Activity.MAX_FORKERS);
        assertThat(view.otherForks()).isEqualTo(10);
        assertThat(ViewText.lines(view, 1, Style.PLAIN))
                .singleElement()
                .asString()
                .endsWith("; LOST 7 events");
    }

    @Test
    public void shouldTellOnlySoManyNamesApartHoweverManyTheProcessesGiveThemselves() {
        for (int i = 0; i < 10 + Activity.MAX_NAMES; i++) {
            exit("c" + i, 1, Origin.OBSERVED);
        }
        exit("c0", 1, Origin.OBSERVED);

        assertThat(activity.view().lives())
                .hasSize(Activity.MAX_NAMES + 1)
                .extracting(Activity.Lives::comm, Activity.Lives::count)
                .contains(tuple(Activity.OTHER_NAMES, 10), tuple("c0", 2));
    }

    @Test
    public void shouldFillNoMoreLinesThanThereAre() {
        for (int pid = 300; pid < 350; pid++) {
            fork(FakeTask.process(pid, bash, "p" + pid), pid + 100);
            exit("c" + pid, 1, Origin.OBSERVED);
        }
        for (int height = 1; height <= 30; height++) {
            assertThat(ViewText.lines(activity.view(), height, Style.PLAIN)).hasSize(height);
        }
    }
}
