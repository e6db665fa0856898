// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.Test;
import org.taskwatch.testing.FakeTask;

/// How many processes ordinary users may label.
public class LabelQuotaTest {
    private final LabelQuota quota = new LabelQuota();

    private int fill(int uid) {
        int entered = 0;
        while (quota.enter(uid, FakeTask.process(1, null))) {
            entered++;
        }
        return entered;
    }

    @Test
    public void shouldBoundThoseOfAUserAndOfAll() {
        FakeTask first = FakeTask.process(1, null);
        assertThat(quota.enter(1, first)).isTrue();

        assertThat(fill(1)).isEqualTo(LabelQuota.MOST_OF_USER - 1);
        assertThat(quota.enter(1, first)).isTrue();
        assertThat(quota.enter(2, first)).isTrue();
        int all = LabelQuota.MOST_OF_USER + 1;
        for (int uid = 2; uid < 100; uid++) {
            all += fill(uid);
        }
        assertThat(all).isEqualTo(LabelQuota.MOST_OF_ALL);
    }

    @Test
    public void shouldCountNoneThatIsGone() {
        for (int i = 0; i < 2 * LabelQuota.MOST_OF_USER; i++) {
            assertThat(quota.enter(1, FakeTask.process(1, null).freed())).isTrue();
        }
    }
}
