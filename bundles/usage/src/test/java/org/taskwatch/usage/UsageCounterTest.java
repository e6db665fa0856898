// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.usage;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.Test;
import org.taskwatch.api.Loss;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.file.Client;
import org.taskwatch.api.tool.UsageSums.By;
import org.taskwatch.testing.FakeTask;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

public class UsageCounterTest {
    private final UsageCounter counter = new UsageCounter();

    private static FakeTask process(Ended details) {
        return FakeTask.process(7, null, details);
    }

    @Test
    public void shouldCountWhatIsFreedAndNothingElse() {
        FakeTask process = process(Ended.of("cc1", 5));
        counter.notify(process.unborn().event(TaskEvent.FREE, 0, 1)); // a fork that came to nothing
        counter.notify(process.raised(TaskEvent.FREE, 0, 2));
        assertThat(counter.all(By.PROGRAM).sums()).isEmpty();

        counter.notify(process.event(TaskEvent.FREE, 0, 3));
        assertThat(counter.all(By.PROGRAM).sums()).hasSize(1);
        assertThat(counter.last(By.PROGRAM, Duration.ofSeconds(1)).sums()).hasSize(1);
    }

    @Test
    public void shouldTellSinceWhenAndWhatWasLost() {
        counter.lost(new Loss(12, Loss.Place.LANE, "usage", Instant.now()));

        assertThat(counter.all(By.USER).lost()).isEqualTo(12);
        assertThat(counter.all(By.USER).since()).isBefore(Instant.now().plusSeconds(1));
        assertThat(counter.all(By.USER).since()).isAfter(Instant.now().minusSeconds(60));
    }

    @Test
    public void shouldShowAllSumsAsAFileInWhichNoNameForgesALine() throws Exception {
        counter.notify(
                process(Ended.of("a b\nc", 5, Map.of("job", "ci"))).event(TaskEvent.FREE, 0, 1));

        ByteBuffer read = new UsageFile(counter).open(new Client(1, 0, 0)).read(0, 4096, true);
        assertThat(StandardCharsets.UTF_8.decode(read).toString())
                .isEqualTo(
                        """
                        by processes unknown user_ns system_ns max_resident minor_faults major_faults name
                        label 1 0 1000000000 5000000 5120 2 3 job=ci
                        user 1 0 1000000000 5000000 5120 2 3 root
                        container 1 0 1000000000 5000000 5120 2 3 %s
                        program 1 0 1000000000 5000000 5120 2 3 a b\\nc
                        """
                                .formatted(Ended.CONTAINER));
    }
}
