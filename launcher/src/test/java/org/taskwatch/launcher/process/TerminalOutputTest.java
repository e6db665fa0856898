// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.Test;
import org.taskwatch.control.Style;

import java.util.Map;
import java.util.OptionalInt;

public class TerminalOutputTest {
    private static final OptionalInt TERMINAL = OptionalInt.of(80);

    @Test
    public void shouldBeColouredAndCutAtATerminal() {
        assertThat(TerminalOutput.style(Map.of("TERM", "xterm"), TERMINAL))
                .isEqualTo(new Style(true, 80));
        assertThat(TerminalOutput.style(Map.of("TERM", "xterm", "NO_COLOR", ""), TERMINAL))
                .isEqualTo(new Style(true, 80));
    }

    @Test
    public void shouldOnlyBeCutWhereColoursAreNotWantedOrNotPossible() {
        assertThat(TerminalOutput.style(Map.of("TERM", "xterm", "NO_COLOR", "0"), TERMINAL))
                .isEqualTo(new Style(false, 80));
        assertThat(TerminalOutput.style(Map.of("TERM", "dumb"), TERMINAL))
                .isEqualTo(new Style(false, 80));
        assertThat(TerminalOutput.style(Map.of(), TERMINAL)).isEqualTo(new Style(false, 80));
    }

    @Test
    public void shouldBePlainWhereThereIsNoTerminal() {
        assertThat(TerminalOutput.style(Map.of("TERM", "xterm"), OptionalInt.empty()))
                .isEqualTo(Style.PLAIN);
        assertThat(TerminalOutput.STANDARD.style()).isEqualTo(Style.PLAIN); // the pipe of the build
    }
}
