// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.locals;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.Test;
import org.taskwatch.testing.FakeTask;

import java.util.concurrent.atomic.AtomicLong;

/// The values of tasks whose FREE is not told.
public class SweepTest {
    private final Values<String> values = new Values<>(Blueprint.of("n"));
    private final AtomicLong now = new AtomicLong(100);
    private final Sweep sweep = new Sweep(values, now::get);
    private final FakeTask alive = FakeTask.process(1, null);
    private final FakeTask gone = FakeTask.process(2, null).freed();

    private long late() {
        return now.get() + Sweep.MARGIN_NANOS + 1;
    }

    @Test
    public void shouldDropAfterALossWhatIsGoneOnceTheLaneIsBeyondIt() {
        values.set(alive, "a");
        values.set(gone, "g");

        sweep.lost();
        sweep.told(now.get());
        assertThat(values.get(gone)).isEqualTo("g"); // its FREE may still be on the lane
        sweep.told(late());

        assertThat(values.get(gone)).isNull();
        assertThat(values.get(alive)).isEqualTo("a");
    }

    @Test
    public void shouldDropDuringLossesInARow() {
        values.set(gone, "g");
        sweep.lost();
        long due = late();
        FakeTask second = FakeTask.process(3, null).freed();
        values.set(second, "s");

        now.set(due);
        sweep.lost();
        sweep.told(due);
        assertThat(values.get(gone)).isNull();
        sweep.told(late());

        assertThat(values.get(second)).isNull();
    }

    @Test
    public void shouldHoldNoMoreThanTwiceWhatIsAliveIfValuesAreSetAfterTheEnd() {
        values.set(alive, "a");
        long most = 0;

        for (int i = 0; i < 20 * Sweep.FEW; i++) {
            values.set(FakeTask.process(10 + i, null).freed(), "g");
            sweep.told(now.addAndGet(Sweep.MARGIN_NANOS / 100));
            most = Math.max(most, values.count());
        }

        assertThat(most).isLessThan(4 * Sweep.FEW);
        assertThat(values.get(alive)).isEqualTo("a");
    }
}
