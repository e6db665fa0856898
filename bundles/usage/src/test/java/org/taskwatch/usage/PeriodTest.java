// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.usage;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.Test;
import org.taskwatch.api.tool.UsageSum;
import org.taskwatch.api.tool.UsageSums.By;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

public class PeriodTest {
    private final Period period = new Period(0);

    private List<String> names(By by) {
        return period.sums(by).stream().map(UsageSum::name).toList();
    }

    @Test
    public void shouldAddUpWhatProcessesOfOneNameHaveUsed() {
        period.add(1, Ended.of("cc1", 5));
        period.add(2, Ended.of("cc1", 7));

        assertThat(period.sums(By.PROGRAM))
                .containsExactly(
                        new UsageSum(
                                "cc1",
                                2,
                                0,
                                Duration.ofSeconds(2),
                                Duration.ofMillis(12),
                                OptionalLong.of(7 * 1024),
                                4,
                                6));
    }

    @Test
    public void shouldCountAProcessOfWhichNothingIsKnownApart() {
        period.add(1, Ended.unknown());

        assertThat(period.sums(By.LABEL))
                .containsExactly(
                        new UsageSum(
                                "(without a label)",
                                1,
                                1,
                                Duration.ZERO,
                                Duration.ZERO,
                                OptionalLong.empty(),
                                0,
                                0));
        assertThat(names(By.PROGRAM)).containsExactly("(name is not known)");
        assertThat(names(By.CONTAINER)).containsExactly("(in no container)");
        assertThat(names(By.USER)).containsExactly("4294967294");
    }

    @Test
    public void shouldAddAProcessToEachOfItsLabels() {
        period.add(1, Ended.of("cc1", 5, Map.of("job", "ci", "stage", "build")));
        period.add(1, Ended.of("ld", 5, Map.of("job", "ci")));

        assertThat(period.sums(By.LABEL))
                .extracting(sum -> sum.name() + " " + sum.processes())
                .containsExactly("job=ci 2", "stage=build 1");
        assertThat(names(By.USER)).containsExactly("root");
        assertThat(names(By.CONTAINER)).containsExactly(Ended.CONTAINER);
    }

    @Test
    public void shouldTellTheMostExpensiveFirst() {
        period.add(1, Ended.of("b", 1));
        period.add(1, Ended.of("c", 3));
        period.add(1, Ended.of("a", 1));

        assertThat(names(By.PROGRAM)).containsExactly("c", "a", "b");
    }

    @Test
    public void shouldKeepOneSumForAllThatFindNoRoom() {
        int more = 10;
        for (int i = 0; i < Period.MOST_NAMES + more; i++) {
            period.add(1, Ended.of("name" + i, 1));
        }
        Period all = new Period(0);
        all.add(period);
        all.add(period);

        assertThat(all.sums(By.PROGRAM)).hasSize(Period.MOST_NAMES + 1);
        assertThat(all.sums(By.PROGRAM).getFirst())
                .matches(sum -> sum.name().equals(Period.OTHERS))
                .matches(sum -> sum.processes() == 2 * more);
    }
}
