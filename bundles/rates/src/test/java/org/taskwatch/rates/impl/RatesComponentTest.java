// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.rates.impl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.Test;
import org.taskwatch.tasks.EventCounts;
import org.taskwatch.tasks.SourceInfo;
import org.taskwatch.tasks.Sources;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

public class RatesComponentTest {
    /// Counts how often it is asked, and fails at the first look after the beginning.
    private static final class Failing implements Sources {
        private final AtomicInteger looks = new AtomicInteger();

        @Override
        public List<SourceInfo> sources() {
            return List.of();
        }

        @Override
        public EventCounts counts() {
            int look = looks.getAndIncrement();
            if (look == 1) {
                throw new InternalError("on purpose");
            }
            return new EventCounts(look, 0, 0, 0, look);
        }
    }

    @Test
    public void shouldGoOnLookingAfterAnErrorOfTheVirtualMachine() {
        Failing sources = new Failing();
        RatesComponent rates = new RatesComponent(sources);

        await().dontCatchUncaughtExceptions().until(() -> rates.rates().getFirst().forks() > 0);

        rates.deactivate();
        assertThat(sources.looks).hasValueGreaterThanOrEqualTo(3);
    }
}
