// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;

public class KmonitorCommandTest {
    @Rule public TemporaryFolder temporary = new TemporaryFolder();

    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final PrintStream oldErr = System.err;
    private Path link;
    private Path target;

    @Before
    public void capture() {
        link = temporary.getRoot().toPath().resolve("kmonitor");
        target = temporary.getRoot().toPath().resolve("base/fs/kmonitor");
        System.setErr(new PrintStream(err, true));
    }

    @After
    public void release() {
        System.setErr(oldErr);
    }

    private int execute(String word) {
        Path base = temporary.getRoot().toPath().resolve("base");
        return Main.execute("kmonitor", word, "--base", base.toString(), "--link", link.toString());
    }

    private void assertRefused(String reason) {
        for (String word : new String[] {"install", "uninstall"}) {
            assertThat(execute(word)).isEqualTo(1);
            assertThat(err.toString())
                    .isEqualTo("taskwatch: %s %s; taskwatch leaves it alone\n", link, reason);
            err.reset();
        }
    }

    @Test
    public void shouldMakeTheLinkAndTakeItAwayWhetherItIsThereOrNot() throws IOException {
        for (int i = 0; i < 2; i++) {
            assertThat(execute("install")).isZero();
            assertThat(Files.readSymbolicLink(link)).isEqualTo(target);
            assertThat(err.toString()).contains("no instance serves " + target);
            err.reset();
        }
        for (int i = 0; i < 2; i++) {
            assertThat(execute("uninstall")).isZero();
            assertThat(Files.isSymbolicLink(link)).isFalse();
        }
        assertThat(err.toString()).isEmpty();
    }

    @Test
    public void shouldLeaveAFileAlone() throws IOException {
        Files.writeString(link, "mine");
        assertRefused("is there and is no link");
        assertThat(link).hasContent("mine");
    }

    @Test
    public void shouldLeaveAnotherLinkAlone() throws IOException {
        Files.createSymbolicLink(link, Path.of("/nowhere"));
        assertRefused("is a link to /nowhere, not to " + target);
        assertThat(Files.readSymbolicLink(link)).isEqualTo(Path.of("/nowhere"));
    }

    @Test
    public void shouldSayWhyItCannotMakeTheLink() {
        link = Path.of("/proc/self/kmonitor");
        assertThat(execute("install")).isEqualTo(1);
        assertThat(err.toString())
                .startsWith("taskwatch: cannot make the link: ")
                .contains(link.toString())
                .hasLineCount(1);
    }

    @Test
    public void shouldAskForACommand() {
        assertThat(Main.execute("kmonitor")).isEqualTo(2);
        assertThat(err.toString())
                .isEqualTo(
                        "taskwatch: missing argument install|uninstall; see taskwatch kmonitor"
                                + " --help\n");
    }
}
