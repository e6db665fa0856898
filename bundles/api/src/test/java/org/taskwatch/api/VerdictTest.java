// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.Test;

import java.util.Arrays;

/// Verdicts and error numbers.
public class VerdictTest {
    @Test
    public void shouldBeTheSameForTheSameErrno() {
        for (Errno errno : Errno.values()) {
            assertThat(Verdict.refuse(errno)).isSameAs(Verdict.refuse(errno));
            assertThat(Verdict.refuse(errno).errno()).isSameAs(errno);
            assertThat(Verdict.refuse(errno).isRefusal()).isTrue();
        }
        assertThat(Verdict.ALLOW.isRefusal()).isFalse();
    }

    @Test
    public void shouldFindAnErrnoByItsNumber() {
        for (Errno errno : Errno.values()) {
            assertThat(Errno.of(errno.number())).isSameAs(errno);
        }
        assertThat(Errno.of(11)).isSameAs(Errno.EAGAIN);
        assertThat(Arrays.stream(Errno.values()).map(Errno::number)).doesNotHaveDuplicates();
    }

    @Test
    public void shouldRefuseANumberThatIsNone() {
        for (int number : new int[] {-1, 0, 41, 134, Integer.MAX_VALUE}) {
            assertThatThrownBy(() -> Errno.of(number))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(Integer.toString(number));
        }
    }
}
