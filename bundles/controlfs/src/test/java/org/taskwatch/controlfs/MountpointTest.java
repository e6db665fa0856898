// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.controlfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.Assume.assumeTrue;

import org.junit.After;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.taskwatch.linux.FuseDevice;
import org.taskwatch.testing.Needs;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Where the file system is mounted, and where it is not.
public class MountpointTest {
    @Rule public final TemporaryFolder temporary = new TemporaryFolder();

    private final List<FuseDevice> devices = new ArrayList<>();

    @After
    public void unmountAll() throws Exception {
        devices.forEach(FuseDevice::close);
        for (String mount : mounts()) {
            run("umount", "-l", mount.split(" ")[4].replace("\\040", " ").replace("\\134", "\\"));
        }
        assertThat(mounts()).isEmpty();
    }

    private List<String> mounts() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/mountinfo")).stream()
                .filter(line -> line.contains(" " + temporary.getRoot()))
                .toList();
    }

    private static int run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command).inheritIO().start().waitFor();
    }

    private Path base() throws IOException {
        return temporary.newFolder("base").toPath();
    }

    private static Mountpoint mountable(Path base) throws IOException {
        Needs.root();
        Needs.fuse();
        return new Mountpoint(base);
    }

    private void mount(Mountpoint point) throws IOException {
        devices.add(point.mount());
    }

    @Test
    public void shouldMountOnADirectoryThatItMakesAndRemoves() throws Exception {
        Path base = base();
        Mountpoint point = mountable(base);

        mount(point);
        assertThat(mounts())
                .singleElement()
                .asString()
                .contains(" " + base + "/fs ")
                .contains(" fuse.taskwatch taskwatch ");

        point.unmount();
        assertThat(mounts()).isEmpty();
        point.remove();
        assertThat(base).isEmptyDirectory();
        point.remove(); // nothing is left to do
    }

    @Test
    public void shouldUnmountWhatAnInstanceThatWasKilledHasLeft() throws Exception {
        Path base = base();
        mount(mountable(base));
        devices.getFirst().close();

        mount(new Mountpoint(base));

        assertThat(mounts()).hasSize(1);
    }

    @Test
    public void shouldFindItsMountInAPathThatTheKernelEscapes() throws Exception {
        Path base = Files.createDirectory(base().resolve("a b\\040c"));
        mount(mountable(base));

        mount(new Mountpoint(base));

        assertThat(mounts()).hasSize(1);
    }

    @Test
    public void shouldLeaveAloneWhatSomebodyElseHasMounted() throws Exception {
        Path base = base();
        Mountpoint point = mountable(base);
        Path directory = Files.createDirectory(base.resolve("fs"));
        assumeTrue(
                "needs to mount a tmpfs",
                run("mount", "-t", "tmpfs", "none", directory.toString()) == 0);

        assertThatThrownBy(point::mount)
                .isInstanceOf(NotDirectoryException.class)
                .hasMessage(directory + " has a tmpfs mounted on it");
        assertThat(mounts()).hasSize(1);
    }

    @Test
    public void shouldLeaveAloneADirectoryWithSomethingInIt() throws Exception {
        Path base = base();
        Path directory = Files.createDirectory(base.resolve("fs"));
        Path file = Files.createFile(directory.resolve("file"));
        Mountpoint point = new Mountpoint(base);

        assertThatThrownBy(point::mount)
                .isInstanceOf(DirectoryNotEmptyException.class)
                .hasMessage(directory.toString());
        assertThatThrownBy(point::remove).isInstanceOf(DirectoryNotEmptyException.class);
        assertThat(file).exists();
    }

    @Test
    public void shouldMountOnNoFileAndOnNoLink() throws Exception {
        Path base = base();
        Path elsewhere = temporary.newFolder("elsewhere").toPath();
        Files.createSymbolicLink(base.resolve("fs"), elsewhere);

        assertThatThrownBy(new Mountpoint(base)::mount).isInstanceOf(IOException.class);
        assertThat(mounts()).isEmpty();
    }

    @Test
    public void shouldResolveLinksInTheBase() throws Exception {
        Path base = base();
        Path link = temporary.getRoot().toPath().resolve("link");
        Files.createSymbolicLink(link, base);

        assertThat(new Mountpoint(link)).hasToString(base.toRealPath() + "/fs");
    }

    @Test
    public void shouldRefuseABaseThatIsNotThere() {
        Path none = temporary.getRoot().toPath().resolve("none");

        assertThatThrownBy(() -> new Mountpoint(none)).isInstanceOf(IOException.class);
    }

    @Test
    public void shouldSayThatNothingIsMounted() throws Exception {
        Mountpoint point = mountable(base());

        assertThatThrownBy(point::unmount).isInstanceOf(IOException.class);
    }

    @Test
    public void shouldKnowWhoseTheFilesAre() throws Exception {
        Mountpoint point = new Mountpoint(base());
        Path own = temporary.newFile().toPath();

        assertThat(point.uid()).isEqualTo(Files.getAttribute(own, "unix:uid"));
        assertThat(point.gid()).isEqualTo(Files.getAttribute(own, "unix:gid"));
    }

    @Test
    public void shouldEndTheFileSystemIfItsDeviceIsClosedThoughItIsMounted() throws Exception {
        Path base = base();
        mount(mountable(base));

        devices.getFirst().close();

        assertThat(mounts()).hasSize(1);
        assertThatThrownBy(() -> Files.list(base.resolve("fs")).close())
                .hasMessageContaining("not connected");
    }
}
