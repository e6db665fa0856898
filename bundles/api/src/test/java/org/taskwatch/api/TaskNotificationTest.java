// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.Test;

import java.lang.reflect.Proxy;
import java.time.Instant;

/// What a notification makes of its time.
public class TaskNotificationTest {
    private static <T> T fake(Class<T> type) {
        return type.cast(
                Proxy.newProxyInstance(
                        type.getClassLoader(),
                        new Class<?>[] {type},
                        (_, method, _) -> {
                            throw new UnsupportedOperationException(method.toString());
                        }));
    }

    private static Instant timeOf(long epochNanos) {
        return TaskNotification.of(
                        TaskEvent.EXEC,
                        0,
                        fake(Task.class),
                        fake(TaskDetails.class),
                        epochNanos,
                        1,
                        "test",
                        TaskNotification.Origin.OBSERVED)
                .time();
    }

    @Test
    public void shouldKeepTheNanoseconds() {
        assertThat(timeOf(1_789_000_000_123_456_789L))
                .isEqualTo(Instant.ofEpochSecond(1_789_000_000L, 123_456_789));
        assertThat(timeOf(-1)).isEqualTo(Instant.EPOCH.minusNanos(1));
    }
}
