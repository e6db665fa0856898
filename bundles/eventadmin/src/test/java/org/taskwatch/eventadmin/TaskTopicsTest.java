// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.eventadmin;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.Test;
import org.osgi.service.event.Event;
import org.taskwatch.api.Loss;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.testing.FakeTask;

import java.time.Instant;

/// What handlers of EventAdmin get.
public class TaskTopicsTest {
    private final FakeTask parent = FakeTask.process(7, null, "sh", "sh", "-c", "ls");

    @Test
    public void shouldSayWhatHasHappenedToWhichTask() {
        FakeTask task = FakeTask.process(8, parent, "ls", "ls", "-l");
        TaskNotification exit = task.event(TaskEvent.EXIT, 256, 1);

        Event event = TaskTopics.event(exit);

        assertThat(event.getTopic()).isEqualTo("org/taskwatch/task/EXIT");
        assertThat(event.getProperty("pid")).isEqualTo(8);
        assertThat(event.getProperty("tid")).isEqualTo(8);
        assertThat(event.getProperty("ppid")).isEqualTo(7);
        assertThat(event.getProperty("value")).isEqualTo(256L);
        assertThat(event.getProperty("comm")).isEqualTo("ls");
        assertThat(event.getProperty("uid")).isEqualTo(0L);
        assertThat((String[]) event.getProperty("command")).containsExactly("ls", "-l");
        assertThat(event.getProperty("time")).isEqualTo(FakeTask.EVENT);
        assertThat(event.getProperty("timestamp")).isEqualTo(FakeTask.EVENT.toEpochMilli());
        assertThat(event.getProperty("notification")).isSameAs(exit);
    }

    @Test
    public void shouldLeaveOutWhatIsNotKnown() {
        Event event = TaskTopics.event(FakeTask.process(8, null).event(TaskEvent.CLONE, -1, 1));

        assertThat(event.getPropertyNames())
                .doesNotContain("ppid", "comm", "uid", "command", "cause");
    }

    @Test
    public void shouldTellALoss() {
        Event event =
                TaskTopics.event(
                        new Loss(3, Loss.Place.SOURCE, "the buffer was full", Instant.EPOCH));

        assertThat(event.getTopic()).isEqualTo("org/taskwatch/task/LOST");
        assertThat(event.getProperty("count")).isEqualTo(3L);
        assertThat(event.getProperty("place")).isEqualTo("SOURCE");
        assertThat(event.getProperty("cause")).isEqualTo("the buffer was full");
    }
}
