// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.Test;

/// Which tasks are one.
public class TaskIdentityTest {
    private static final long START = 1_234_567_890L;

    private final TaskIdentity exact = new TaskIdentity(7, START, START);

    @Test
    public void shouldBeTheTaskThatProcShowsWithTheSameTick() {
        assertThat(exact.isExact()).isTrue();
        assertThat(exact.isSame(TaskIdentity.ofStat(7, 123))).isTrue();
        assertThat(TaskIdentity.ofStat(7, 123).isSame(exact)).isTrue();
    }

    @Test
    public void shouldNotBeOneOfAnotherTickOrTid() {
        assertThat(exact.isSame(TaskIdentity.ofStat(7, 122))).isFalse();
        assertThat(exact.isSame(TaskIdentity.ofStat(7, 124))).isFalse();
        assertThat(exact.isSame(TaskIdentity.ofStat(8, 123))).isFalse();
    }

    @Test
    public void shouldBeOneWithAnyThatMayHaveStartedThen() {
        assertThat(new TaskIdentity(7, START - 100_000_000, START).isSame(exact)).isTrue();
        assertThat(TaskIdentity.ofUnknownStart(7).isSame(exact)).isTrue();
        assertThat(TaskIdentity.ofUnknownStart(7).isExact()).isFalse();
    }

    @Test
    public void shouldRefuseTimesInTheWrongOrder() {
        assertThatThrownBy(() -> new TaskIdentity(7, 2, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("earliestNanos 2 is after latestNanos 1");
    }
}
