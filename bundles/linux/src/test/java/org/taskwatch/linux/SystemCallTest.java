// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.Test;

/// The numbers of system calls, which depend on the architecture.
public class SystemCallTest {
    @Test
    public void shouldRefuseAnArchitectureWhoseNumbersAreNotKnown() {
        assertThat(SystemCall.isX8664("amd64")).isTrue();
        assertThat(SystemCall.isX8664("aarch64")).isFalse();
        for (String other : new String[] {"i386", "riscv64", "ppc64le", "arm"}) {
            assertThatThrownBy(() -> SystemCall.isX8664(other))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("the architecture " + other + " are not known");
        }
    }
}
