// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.gate.impl;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.Test;
import org.taskwatch.api.Gate;
import org.taskwatch.linux.SeccompListener.Notification;
import org.taskwatch.tasks.Fork;

/// Which call repeats a fork that was allowed.
public class RetriesTest {
    private static final long MILLI = 1_000_000;
    private static final long FLAGS = 17;

    private final Retries retries = new Retries();
    private final FakeForks forks = new FakeForks();
    private final Fork fork = forks.begin(new Gate(1, 10, 0, "", "make"), 7, FLAGS, 0);

    private static Notification call(int tid, int number, long pointer) {
        return new Notification(1, tid, number, FakeListener.X86_64, pointer, FLAGS);
    }

    private void allow(int tid, long nanos) {
        retries.allowed(call(tid, 57, 0x1000), FLAGS, fork, nanos);
    }

    @Test
    public void shouldKnowTheSameCallOfTheSameThreadSoonAfterwards() {
        allow(7, 0);

        assertThat(retries.repeated(call(7, 57, 0x1000), FLAGS, 9 * MILLI)).isSameAs(fork);
        assertThat(retries.repeated(call(7, 57, 0x1000), FLAGS, 10 * MILLI)).isNull();
        assertThat(retries.repeated(call(8, 57, 0x1000), FLAGS, MILLI)).isNull();
        assertThat(retries.repeated(call(7, 58, 0x1000), FLAGS, MILLI)).isNull();
        assertThat(retries.repeated(call(7, 57, 0x1002), FLAGS, MILLI)).isNull();
        assertThat(retries.repeated(call(7, 57, 0x1000), 0x4111, MILLI)).isNull();
    }

    @Test
    public void shouldTakeTheNextForkForANewOneOnceTheFirstHasItsChild() {
        allow(7, 0);
        forks.isOpen = false;

        assertThat(retries.repeated(call(7, 57, 0x1000), FLAGS, MILLI)).isNull();
    }

    @Test
    public void shouldForgetTheOldestOnes() {
        for (int tid = 1; tid <= 257; tid++) {
            allow(tid, tid);
        }

        assertThat(retries.repeated(call(1, 57, 0x1000), FLAGS, MILLI)).isNull();
        assertThat(retries.repeated(call(2, 57, 0x1000), FLAGS, MILLI)).isSameAs(fork);

        allow(300, 10 * MILLI + 100); // drops those that are too old
        assertThat(retries.repeated(call(100, 57, 0x1000), FLAGS, 100)).isNull();
        assertThat(retries.repeated(call(101, 57, 0x1000), FLAGS, 100)).isSameAs(fork);
    }
}
