// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.Test;

import java.util.List;

public class DetailTest {
    @Test
    public void shouldPrintTheValueOrWhyThereIsNone() {
        assertThat(Detail.of(List.of("ls", "-l"))).hasToString("[ls, -l]");
        assertThat(Detail.unknown(Detail.Reason.NOT_READ)).hasToString("?not_read");
    }

    @Test
    public void shouldGiveTheValueOrTheOtherOne() {
        assertThat(Detail.of("sh").orElse("")).isEqualTo("sh");
        assertThat(Detail.<String>unknown(Detail.Reason.GONE).orElse("none")).isEqualTo("none");
        assertThat(Detail.<String>unknown(Detail.Reason.GONE).value()).isEmpty();
    }
}
