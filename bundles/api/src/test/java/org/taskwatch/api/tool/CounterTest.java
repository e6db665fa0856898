// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.api.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.Test;
import org.taskwatch.api.Loss;

import java.time.Instant;
import java.util.Map;

/// What a counter may be named.
public class CounterTest {
    @Test
    public void shouldNameALossByItsPlaceAndWhatIsThere() {
        Instant since = Instant.parse("2026-01-02T03:04:05Z");
        assertThat(Counter.lost(Loss.Place.LANE, "slow", 7, since))
                .isEqualTo(
                        new Counter(
                                "lost_events_total",
                                Map.of("place", "lane", "at", "slow"),
                                7,
                                since));
    }

    @Test
    public void shouldTakeOnlyNamesThatEveryProgramCanRead() {
        assertThat(new Counter("lane_waiting_events", "module", "Ä b", 1).labels())
                .containsExactly(Map.entry("module", "Ä b"));
        for (String name :
                new String[] {"", "Lane", "lane-events", "1_lane", "lane events", "_x"}) {
            assertThatThrownBy(() -> new Counter(name, 1))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("\"" + name + "\"");
            assertThatThrownBy(() -> new Counter("lane_events", name, "x", 1))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    public void shouldTakeNoLossWithoutItsPlace() {
        assertThatThrownBy(() -> new Counter(Counter.LOST, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("place");
    }
}
