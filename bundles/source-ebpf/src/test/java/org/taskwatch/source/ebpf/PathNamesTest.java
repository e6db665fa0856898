// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source.ebpf;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.Test;
import org.taskwatch.api.RawText;

/// Paths from their names.
public class PathNamesTest {
    private static String path(String names, boolean isDeleted) {
        return PathNames.path(names.getBytes(UTF_8), isDeleted);
    }

    @Test
    public void shouldBeginWithTheLastName() {
        assertThat(path("true\0bin\0usr\0", false)).isEqualTo("/usr/bin/true");
        assertThat(path("x\0", false)).isEqualTo("/x");
    }

    @Test
    public void shouldTellTheRootFromNothing() {
        assertThat(path("", false)).isEqualTo("/");
    }

    @Test
    public void shouldSayThatAFileWasDeleted() {
        assertThat(path("b\0a\0", true)).isEqualTo("/a/b (deleted)");
    }

    @Test
    public void shouldKeepBytesThatAreNoUtf8() {
        byte[] names = {(byte) 0xff, 0, 'a', 0};
        assertThat(RawText.bytes(PathNames.path(names, false)))
                .containsExactly('/', 'a', '/', 0xff);
    }
}
