// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.taskwatch.launcher.base.Base;
import org.taskwatch.launcher.client.FakeInstance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/// What is found of a base, whatever lies there; and that nothing is changed.
public class BaseTopicsTest {
    @Rule public final TemporaryFolder temporary = new TemporaryFolder();

    private Path folder = Path.of("");
    private Base base = new Base(folder);

    @Before
    public void choose() throws IOException {
        folder = temporary.getRoot().toPath().toRealPath().resolve("my base");
        base = new Base(folder);
    }

    private static void assertSays(Finding finding, Finding.Level level, String... words) {
        assertThat(finding.level()).as(finding.text()).isEqualTo(level);
        assertThat(finding.text()).contains(words);
    }

    private Finding mounted(String lines) throws Exception {
        Path mounts = Files.writeString(temporary.getRoot().toPath().resolve("mounts"), lines);
        return new MountTopic(base, mounts).examine();
    }

    private String mount(String path, String type) {
        return "36 25 0:31 / %s rw,nosuid - %s taskwatch rw\n"
                .formatted(path.replace(" ", "\\040"), type);
    }

    @Test
    public void shouldAcceptABaseThatIsMissingOrComplete() {
        assertSays(new BaseTopic(base).examine(), Finding.Level.OK, folder.toString());
        assertThat(folder).doesNotExist();

        base.create();
        assertSays(new BaseTopic(base).examine(), Finding.Level.OK, folder.toString());
    }

    @Test
    public void shouldRefuseABaseThatCanNotBeOne() throws Exception {
        Path link = Files.createSymbolicLink(folder, Path.of("nowhere"));
        assertSays(new BaseTopic(base).examine(), Finding.Level.NO, "no such file");
        Files.delete(link);

        base.create();
        Files.delete(base.etc());
        Files.createFile(base.etc());
        assertSays(
                new BaseTopic(base).examine(),
                Finding.Level.NO,
                base.etc() + ": is there already and is no directory");
        Files.delete(base.etc());

        Files.setPosixFilePermissions(base.deploy(), PosixFilePermissions.fromString("rwxrwxrwx"));
        assertSays(new BaseTopic(base).examine(), Finding.Level.NO, "chmod o-w");

        Base deep = new Base(folder.resolve("x".repeat(100)));
        assertSays(new BaseTopic(deep).examine(), Finding.Level.NO, "is too long");
    }

    @Test
    public void shouldTellWhetherAnInstanceTakesCommands() throws Exception {
        assertSays(new InstanceTopic(base).examine(), Finding.Level.OK, "none runs");

        base.create();
        try (FakeInstance _ = new FakeInstance(base, _ -> {})) {
            assertSays(new InstanceTopic(base).examine(), Finding.Level.OK, "takes commands");
        }
    }

    @Test
    public void shouldTellWhatIsMountedOnTheControlFiles() throws Exception {
        String fs = folder.resolve("fs").toString();
        assertSays(mounted(mount("/", "ext4")), Finding.Level.OK, "nothing is mounted on " + fs);
        assertSays(
                mounted(mount(fs, "tmpfs")), Finding.Level.WARN, "a tmpfs mounted on it", "umount");
        assertSays(
                mounted(mount(fs, "tmpfs") + mount(fs, "fuse.taskwatch")),
                Finding.Level.WARN,
                fs + " is dead",
                "umount -l");
    }

    @Test
    public void shouldTellTheSpaceWhereABaseWouldBe() throws Exception {
        assertSays(
                new SpaceTopic(base).examine(),
                Files.getFileStore(temporary.getRoot().toPath()).getUsableSpace() >= 128L << 20
                        ? Finding.Level.OK
                        : Finding.Level.WARN,
                "MiB are free for " + folder);
    }
}
