// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.junit.Assume.assumeTrue;

import org.junit.Test;
import org.taskwatch.launcher.base.Base;
import org.taskwatch.launcher.base.InstanceLock;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/// Which base a command uses, and which it refuses.
public class MainBaseTest extends MainFixture {
    private static final int NOBODY = 65534;

    @Test
    public void shouldRefuseABaseThatAnotherInstanceHolds() throws Exception {
        Base own = new Base(Path.of(base));
        own.create();
        try (InstanceLock _ = InstanceLock.acquire(own)) {
            assertOneLine(
                    "%s is in use by another instance: pid %d"
                            .formatted(base, ProcessHandle.current().pid()),
                    1,
                    "run",
                    "--base",
                    base);
            assertThat(InstanceLock.holder(own)).hasValue(ProcessHandle.current().pid());
        }
        assertThat(InstanceLock.holder(own)).isEmpty();
    }

    @Test
    public void shouldRefuseABaseThatEverybodyCanWrite() throws Exception {
        Path deploy = Files.createDirectory(Path.of(base, "deploy"));
        Files.setPosixFilePermissions(deploy, PosixFilePermissions.fromString("rwxrwxrwx"));

        assertThat(Main.execute("run", "--base", base)).isEqualTo(1);

        assertThat(err.toString())
                .isEqualTo(
                        "taskwatch: everybody can write %s, and so have the instance run his code; forbid it: chmod o-w '%s'%n"
                                .formatted(deploy, deploy));
    }

    @Test
    public void shouldRefuseABaseOfAnotherUser() throws Exception {
        assumeTrue(
                "needs root, to give a folder away",
                "root".equals(System.getProperty("user.name")));
        Files.setAttribute(Path.of(base), "unix:uid", NOBODY);

        assertThat(Main.execute("run", "--base", base)).isEqualTo(1);

        assertThat(err.toString())
                .startsWith(
                        "taskwatch: %s belongs to another user (uid %d)".formatted(base, NOBODY))
                .hasLineCount(1);
    }

    @Test
    public void shouldRefuseABaseThatCannotBeWritten() throws Exception {
        Path file = Files.writeString(Path.of(base, "file"), "");
        assertThat(Main.execute("run", "--base", file + "/base")).isEqualTo(1);
        assertThat(err.toString()).startsWith("taskwatch: cannot write the base: ").hasLineCount(1);
    }

    @Test
    public void shouldRefuseABaseTooLongForItsSocket() {
        String longBase = base + "/" + "x".repeat(107);
        assertThat(Main.execute("run", "--base", longBase)).isEqualTo(1);
        assertThat(err.toString()).contains("at most 107").hasLineCount(1);
        assertThat(Path.of(longBase)).doesNotExist();
    }

    @Test
    public void shouldTakeTheBaseOfTheServiceForThoseWhoLookAfterIt() {
        assumeThat(System.getenv("TASKWATCH_BASE")).isNull();
        System.setProperty("taskwatch.service.base", "/var/lib/taskwatch");
        try {
            assertThat(Base.of(null).directory()).isEqualTo(Path.of("/var/lib/taskwatch"));
            assertThat(Base.of(null).runCommand()).isEqualTo("systemctl start taskwatch");
            assertThat(Base.of(Path.of("/y")).runCommand()).isEqualTo("taskwatch run --base /y");
        } finally {
            System.clearProperty("taskwatch.service.base");
        }
    }

    @Test
    public void shouldTakeTheBaseOfTheOptionElseOfTheUser() {
        assumeThat(System.getenv("TASKWATCH_BASE")).isNull();
        assumeThat(System.getenv("HOME")).isNotNull();
        assertThat(Base.of(Path.of("/x/../y")).directory()).isEqualTo(Path.of("/y"));
        assertThat(Base.of(null).directory())
                .isEqualTo(Path.of(System.getenv("HOME"), ".taskwatch"));
    }
}
