// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

public class SymbolicLinkTest {
    @Rule public final TemporaryFolder folder = new TemporaryFolder();

    private String link(String name) {
        return folder.getRoot() + "/" + name;
    }

    @Test
    public void shouldGiveTheBytesThatTheLinkHas() throws Exception {
        new ProcessBuilder("/bin/sh", "-c", "ln -s \"$(printf '/a\\377b')\" " + link("raw"))
                .start()
                .waitFor();

        assertThat(SymbolicLink.read(link("raw"), 4096)).containsExactly('/', 'a', 0xff, 'b');
    }

    @Test
    public void shouldReadNoMoreThanTheLimit() throws Exception {
        Files.createSymbolicLink(Path.of(link("long")), Path.of("/" + "x".repeat(999)));

        assertThat(SymbolicLink.read(link("long"), 1000)).hasSize(1000);
        assertThat(new String(SymbolicLink.read(link("long"), 3), StandardCharsets.US_ASCII))
                .isEqualTo("/xx");
    }

    @Test
    public void shouldSayWhyALinkCantBeRead() {
        assertThatThrownBy(() -> SymbolicLink.read(link("none"), 10))
                .isInstanceOf(LinuxException.class)
                .hasMessage("readlink of " + link("none") + " failed: ENOENT")
                .matches(e -> ((LinuxException) e).errno() == LinuxException.ENOENT);
    }
}
