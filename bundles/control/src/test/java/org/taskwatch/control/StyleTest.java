// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.Test;

import java.net.ProtocolException;
import java.util.List;

public class StyleTest {
    @Test
    public void shouldReadWhatItHasWritten() throws Exception {
        for (Style style : List.of(Style.PLAIN, new Style(true, 80), new Style(false, 1))) {
            assertThat(Style.parse(style.text())).isEqualTo(style);
        }
        for (String text : List.of("", "80", "-1 plain", "80 red", "123456 plain", "80 plain\n")) {
            assertThatThrownBy(() -> Style.parse(text)).isInstanceOf(ProtocolException.class);
        }
    }

    @Test
    public void shouldPutATextWithAToneBetweenEscapesOnlyIfItIsColoured() {
        Style coloured = new Style(true, 0);

        assertThat(coloured.shown(Tone.BAD, "lost")).isEqualTo("\u001b[31mlost\u001b[0m");
        assertThat(coloured.shown(null, "lost")).isEqualTo("lost");
        assertThat(coloured.shown(Tone.BAD, "")).isEmpty();
        assertThat(Style.PLAIN.shown(Tone.BAD, "lost")).isEqualTo("lost");
    }
}
