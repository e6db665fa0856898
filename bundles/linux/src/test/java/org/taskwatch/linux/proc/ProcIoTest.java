// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.linux.proc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import org.junit.Test;

/// The format of `/proc/PID/io`.
public class ProcIoTest {
    private static ProcIo parse(String text) {
        return ProcIo.parse(text.getBytes(ISO_8859_1));
    }

    @Test
    public void shouldReadWhatWentToAndCameFromStorage() {
        assertThat(
                        parse(
                                "rchar: 1\nwchar: 2\nsyscr: 3\nsyscw: 4\nread_bytes: 4096\n"
                                        + "write_bytes: 512\ncancelled_write_bytes: 7\n"))
                .isEqualTo(new ProcIo(4096, 512));
    }

    @Test
    public void shouldRefuseATextThatIsCutOrSomethingElse() {
        assertThatThrownBy(() -> parse("read_bytes: 4096\nwrite_bytes: 51"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("no line write_bytes:");
        assertThatThrownBy(() -> parse("")).hasMessageStartingWith("no line read_bytes:");
    }
}
