// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.table;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.Test;
import org.taskwatch.tasks.procfs.ProcFs;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;

/// The dates of what is told.
public class StreamTest {
    @Test
    public void shouldDateEventsRightThoughTheThreadWasPreemptedBetweenTheClocks() {
        AtomicInteger reads = new AtomicInteger();
        InstantSource slowAtFirst =
                () -> {
                    Instant now = Instant.now();
                    if (reads.getAndIncrement() == 0) {
                        long end = System.nanoTime() + Duration.ofMillis(50).toNanos();
                        while (System.nanoTime() < end) {
                            Thread.onSpinWait();
                        }
                    }
                    return now;
                };
        Captures nothing =
                new Captures(
                        new ProcFs(),
                        new FakeInterest(),
                        new UserNames(Path.of("/")),
                        new DetailBudget());
        Stream stream = new Stream(new FakeCore(), nothing, slowAtFirst);

        Instant before = Instant.now();
        Instant told = stream.instant(System.nanoTime());
        Instant after = Instant.now();

        assertThat(reads).hasValueGreaterThan(1);
        assertThat(told).isBetween(before.minusMillis(5), after.plusMillis(5));
    }
}
