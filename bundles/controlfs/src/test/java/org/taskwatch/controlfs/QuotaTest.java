// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.controlfs;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.Test;

/// How many of something users may have.
public class QuotaTest {
    private static final int ROOT = 0;

    private static final int OWNER = 1000;

    private final Quota quota = new Quota(OWNER, 2, 3);

    @Test
    public void shouldLetEachUserHaveSoManyAndAllTogetherSoMany() {
        assertThat(quota.enter(1)).isTrue();
        assertThat(quota.enter(1)).isTrue();
        assertThat(quota.enter(1)).isFalse();
        assertThat(quota.enter(2)).isTrue();
        assertThat(quota.enter(3)).isFalse();

        quota.exit(1);

        assertThat(quota.enter(3)).isTrue();
        assertThat(quota.enter(1)).isFalse();
    }

    @Test
    public void shouldLetRootAndTheOwnerHaveAnyNumber() {
        for (int i = 0; i < 100; i++) {
            assertThat(quota.enter(ROOT)).isTrue();
            assertThat(quota.enter(OWNER)).isTrue();
        }
        quota.exit(ROOT);
        quota.exit(OWNER);
        assertThat(quota.enter(1)).isTrue();
    }
}
