// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.Test;
import org.taskwatch.api.Delivery;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.Verdict;
import org.taskwatch.api.spi.Interest;

/// Watchers that may be told late.
public class RelaxedTest {
    private static final Subscription RELAXED =
            Subscription.parse("EXEC", null, null, "(comm=a)", "true");
    private static final Subscription HURRIED = Subscription.parse("EXEC", null, null, null, null);

    private final Fixture core = new Fixture();
    private final Interest interest = core.published.interest();

    private WatcherService add(String module, Subscription subscription) {
        return core.add(
                Fixture.bundle(module),
                Delivery.QUEUED,
                false,
                0,
                _ -> Verdict.ALLOW,
                subscription);
    }

    @Test
    public void shouldBeInAHurryAsLongAsOneWatcherIs() {
        add("relaxed", RELAXED);
        assertThat(interest.isWatched(TaskEvent.EXEC)).isTrue();
        assertThat(interest.isHurried(TaskEvent.EXEC)).isFalse();

        WatcherService hurried = add("hurried", HURRIED);
        assertThat(interest.isHurried(TaskEvent.EXEC)).isTrue();
        assertThat(interest.isHurried(TaskEvent.EXIT)).isFalse();

        core.remove(hurried);
        assertThat(interest.isHurried(TaskEvent.EXEC)).isFalse();
    }

    @Test
    public void shouldStayRelaxedWhileAModuleIsAway() {
        assertThat(RELAXED.unfiltered().relaxed()).isTrue();
        assertThat(HURRIED.relaxed()).isFalse();
    }

    @Test
    public void shouldRefuseWhatIsNeitherTrueNorFalse() {
        assertThatThrownBy(() -> Subscription.parse("EXEC", null, null, null, "often"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'often' is neither true nor false");
    }
}
