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

    @Test
    public void shouldSayThatAValueWasCut() {
        Detail<String> cut = Detail.cut("beginn");

        assertThat(cut.isCut()).isTrue();
        assertThat(cut.value()).contains("beginn");
        assertThat(cut.orElse("")).isEqualTo("beginn");
        assertThat(cut).hasToString("beginn…").isNotEqualTo(Detail.of("beginn"));
        assertThat(Detail.of("x").isCut()).isFalse();
        assertThat(Detail.unknown(Detail.Reason.GONE).isCut()).isFalse();
    }

    @Test
    public void shouldForgeNoLineOfALogThatItIsPrintedTo() {
        assertThat(Detail.of("x\nINFO forged")).hasToString("x\\nINFO forged");
        assertThat(Detail.of(List.of("\u001b[2J"))).hasToString("[\\u{1b}[2J]");
    }
}
