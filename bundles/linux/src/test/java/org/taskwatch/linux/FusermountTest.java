// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.taskwatch.testing.Needs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// How `fusermount3` is called, and what is made of what it does. Scripts take its place.
public class FusermountTest {
    @Rule public final TemporaryFolder temporary = new TemporaryFolder();

    private Path folder;

    @Before
    public void setUp() {
        folder = temporary.getRoot().toPath();
    }

    private String script(String interpreter, String text) throws IOException {
        Path script = folder.resolve("program");
        Files.writeString(script, "#!" + interpreter + "\n" + text);
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
        return script.toString();
    }

    private static Set<String> openFiles() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
            return files.map(file -> file.getFileName().toString())
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    @Test
    public void shouldTakeTheDescriptorThatTheProgramSends() throws Exception {
        Needs.program("python3");
        Path file = Files.writeString(folder.resolve("file"), "content");
        String program =
                script(
                        "/usr/bin/env python3",
                        """
                        import os, socket
                        to = socket.socket(fileno=int(os.environ["_FUSE_COMMFD"]))
                        socket.send_fds(to, [b"x"], [os.open("%s", os.O_RDWR)])
                        """
                                .formatted(file));

        int fd = Fusermount.mount(program, folder, "name");
        try {
            assertThat(Path.of("/proc/self/fd/" + fd).toRealPath()).isEqualTo(file.toRealPath());
            String flags = Files.readString(Path.of("/proc/self/fdinfo/" + fd));
            assertThat(flags).containsPattern("flags:\\t02\\d04\\d\\d2"); // CLOEXEC NONBLOCK RDWR
        } finally {
            Descriptor.close(fd);
        }
    }

    @Test
    public void shouldTellTheProgramWhatToMountWhere() throws Exception {
        String program = script("/bin/sh", "echo \"$@\" > %s/arguments".formatted(folder));

        assertThatThrownBy(() -> Fusermount.mount(program, Path.of("/a b"), "name"))
                .isInstanceOf(LinuxException.class);
        assertThat(Files.readString(folder.resolve("arguments")))
                .isEqualTo(
                        "-o fsname=name,subtype=name,nosuid,nodev,noexec,default_permissions"
                                + " -- /a b\n");
    }

    @Test
    public void shouldSayThatTheProgramRefusesAndLeaveNothingOpen() throws Exception {
        String program = script("/bin/sh", "exit 1");
        Set<String> before = openFiles();

        assertThatThrownBy(() -> Fusermount.mount(program, folder, "name"))
                .hasMessage(program + " on " + folder + " failed: EPERM");

        assertThat(openFiles()).isEqualTo(before);
    }

    @Test
    public void shouldNotTakeMereBytesForADescriptor() throws Exception {
        Needs.program("python3");
        String program =
                script(
                        "/usr/bin/env python3",
                        """
                        import os
                        os.write(int(os.environ["_FUSE_COMMFD"]), b"x")
                        """);

        assertThatThrownBy(() -> Fusermount.mount(program, folder, "name"))
                .hasMessageEndingWith("failed: EPERM");
    }

    @Test
    public void shouldSayThatThereIsNoSuchProgramAndLeaveNothingOpen() throws Exception {
        Set<String> before = openFiles();
        String none = folder + "/none";

        assertThatThrownBy(() -> Fusermount.mount(none, folder, "name"))
                .hasMessage("start of " + none + " failed: ENOENT");

        assertThat(openFiles()).isEqualTo(before);
    }
}
