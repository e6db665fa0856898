// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source.ebpf;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.Test;

/// How many processors there can be.
public class ControlTest {
    @Test
    public void shouldReadTheHighestNumberOfAList() {
        assertThat(Control.possible("0\n")).isEqualTo(1);
        assertThat(Control.possible("0-3\n")).isEqualTo(4);
        assertThat(Control.possible("0-3,8,10-127\n")).isEqualTo(128);
    }
}
