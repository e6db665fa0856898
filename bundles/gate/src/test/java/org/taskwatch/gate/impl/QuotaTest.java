// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.gate.impl;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.Test;

/// Who may have one more.
public class QuotaTest {
    private final Quota quota = new Quota(2, 3);

    @Test
    public void shouldBoundEachUserAndGiveBackWhatHeLeaves() {
        assertThat(quota.enter(1)).isTrue();
        assertThat(quota.enter(1)).isTrue();
        assertThat(quota.enter(1)).isFalse();

        quota.leave(1);
        assertThat(quota.enter(1)).isTrue();
    }

    @Test
    public void shouldBoundAllButRootTogether() {
        assertThat(quota.enter(0)).isTrue();
        assertThat(quota.enter(1)).isTrue();
        assertThat(quota.enter(2)).isTrue();
        assertThat(quota.enter(3)).isTrue();

        assertThat(quota.enter(4)).isFalse();
        assertThat(quota.enter(0)).isTrue();
        assertThat(quota.enter(0)).isFalse();

        quota.leave(0);
        assertThat(quota.enter(4)).isFalse();
        quota.leave(2);
        assertThat(quota.enter(4)).isTrue();
    }
}
