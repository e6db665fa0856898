// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.Test;

import java.nio.charset.StandardCharsets;

public class ArgumentsTest {
    private static Arguments of(String bytes, int limit) {
        return Arguments.of(bytes.getBytes(StandardCharsets.ISO_8859_1), limit);
    }

    @Test
    public void shouldEndEachArgumentWithANul() {
        assertThat(of("ls\0-l\0", 100)).containsExactly("ls", "-l");
        assertThat(of("ls\0-l", 100)).as("overwritten").containsExactly("ls", "-l");
        assertThat(of("ls\0\0", 100)).containsExactly("ls", "");
        assertThat(of("ls\0-l\0", 4)).containsExactly("ls", "-");
    }

    @Test
    public void shouldTakeNoBytesForOneArgumentThatIsEmpty() {
        assertThat(of("", 100)).containsExactly("");
        assertThat(of("\0", 100).beginning(1)).containsExactly("");
    }
}
