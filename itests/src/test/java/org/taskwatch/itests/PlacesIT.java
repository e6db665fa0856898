// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.Assume.assumeTrue;

import org.junit.Before;
import org.junit.Test;
import org.taskwatch.testing.Needs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Where a program is and where it works, as its user sees it and not: behind mounts, in another root, in a
/// group that is gone. All is mounted in a mount namespace of the program alone, which goes with it.
public class PlacesIT extends ExecFixture {
    /// Mounts a new root at `root`, with the programs and libraries of the machine in it, and `/app/still`.
    private static final String ROOT =
            "mkdir -p inside; mount -t tmpfs none inside; cd inside; mkdir app work old proc;"
                    + " mount -t proc none proc; cp ../still app;"
                    + " for d in bin lib lib64 usr; do if [ -e /$d ]; then"
                    + " mkdir $d; mount --bind /$d $d; fi; done; ";

    private static final int GROUPS = 20;

    private Path root = Path.of("");

    @Before
    public void compile() throws Exception {
        root = compile("still").getParent().toRealPath();
    }

    /// {@return what was told of `still`, which a script with mounts of its own executes}
    private Exec execAmongMounts(String script) throws Exception {
        Needs.root("to mount");
        Needs.program("unshare");
        assumeTrue("needs the right to mount", shell("unshare --mount true") == 0);
        return execOf("unshare", "--mount", "/bin/sh", "-e", "-c", script);
    }

    /// Fails unless both paths are told, just as `/proc` shows them.
    private static void assertTold(Exec exec, String exe, String directory) throws IOException {
        assertThat(exec.exe()).isEqualTo(exe);
        assertThat(exec.directory()).isEqualTo(directory);
        Path proc = Path.of("/proc", exec.pid() + "");
        assertThat(Files.readSymbolicLink(proc.resolve("exe"))).hasToString(exe);
        assertThat(Files.readSymbolicLink(proc.resolve("cwd"))).hasToString(directory);
    }

    @Test
    public void shouldTellPathsOverSeveralMounts() throws Exception {
        Exec exec =
                execAmongMounts(
                        "mkdir -p mounts bound/x; mount -t tmpfs none mounts; mkdir -p mounts/a/b;"
                            + " mount --bind bound mounts/a/b; mount -t tmpfs none mounts/a/b/x;"
                            + " mkdir -p mounts/a/b/x/deep/er; cp still mounts/a/b/x; cd"
                            + " mounts/a/b/x/deep/er; exec ../../still");

        String mount = root + "/mounts/a/b/x";
        assertTold(exec, mount + "/still", mount + "/deep/er");
    }

    @Test
    public void shouldTellPathsInsideAnOverlay() throws Exception {
        assumeTrue("needs overlayfs", isFileSystem("overlay"));
        Exec exec =
                execAmongMounts(
                        "mkdir over; mount -t tmpfs none over; cd over;"
                                + " mkdir -p lower/bin upper work merged; cp ../still lower/bin;"
                                + " mount -t overlay none -o"
                                + " lowerdir=lower,upperdir=upper,workdir=work merged;"
                                + " mkdir -p merged/a/b; cd merged/a/b; exec ../../bin/still");

        String merged = root + "/over/merged";
        assertTold(exec, merged + "/bin/still", merged + "/a/b");
    }

    @Test
    public void shouldTellAFolderThatIsDeeperThanARecordOfTheKernel() throws Exception {
        String deep = String.join("/", IntStream.range(0, 40).mapToObj(i -> "d" + i).toList());
        Exec exec =
                execOf(
                        "/bin/sh",
                        "-c",
                        "mkdir -p %s; cd %s; exec $0".formatted(deep, deep),
                        root + "/still");

        assertTold(exec, root + "/still", root + "/" + deep);
    }

    @Test
    public void shouldTellAnExecutableAndAFolderThatAreDeleted() throws Exception {
        Exec exec =
                execOf(
                        "/bin/sh",
                        "-c",
                        "mkdir gone; cp still gone; cd gone; exec 3<still; rm -r ../gone;"
                                + " exec /proc/self/fd/3");

        assertTold(exec, root + "/gone/still (deleted)", root + "/gone (deleted)");
    }

    @Test
    public void shouldTellAnExecutableThatIsMountedSomewhereElseAndDeleted() throws Exception {
        Exec exec =
                execAmongMounts(
                        "cp still file; : >place; mount --bind file place; rm file; exec ./place");

        assertTold(exec, root + "/place (deleted)", root + "");
    }

    @Test
    public void shouldTellThePathsOfAContainerFromItsOwnRoot() throws Exception {
        Needs.program("pivot_root");
        Exec exec =
                execAmongMounts(
                        ROOT + "pivot_root . old; umount -l /old; cd /work; exec /app/still");

        assertTold(exec, "/app/still", "/work");
    }

    @Test
    public void shouldTellThePathsAfterAChrootFromTheRootOfTheMounts() throws Exception {
        Exec exec = execAmongMounts(ROOT + "exec chroot . /bin/sh -c 'cd /work; exec /app/still'");

        assertTold(exec, root + "/inside/app/still", root + "/inside/work");
    }

    @Test
    public void shouldTellNoOtherGroupThanOneThatIsMadeAndRemovedAtOnce() throws Exception {
        Needs.root("to make control groups");
        Path groups = unifiedHierarchy();
        String script =
                "g=%s/taskwatch-it-$$; trap 'rmdir $g 2>/dev/null' EXIT; for i in $(seq %d); do"
                        + " mkdir $g; (echo 0 >$g/cgroup.procs; exec /bin/true $g); rmdir $g; done";
        List<Exec> told =
                during(script.formatted(groups, GROUPS)).execs().stream()
                        .filter(exec -> exec.arguments().startsWith("[\"/bin/true\",\"" + groups))
                        .toList();

        // Else it is read from /proc, where a program may have ended before.
        String unknown = isEbpf() ? "" : "|" + Exec.UNKNOWN;
        assertThat(told)
                .hasSizeBetween(isEbpf() ? GROUPS : 1, GROUPS)
                .allMatch(exec -> exec.cgroup().matches("/taskwatch-it-\\d+" + unknown));
    }

    private static boolean isFileSystem(String name) throws IOException {
        return Files.readString(Path.of("/proc/filesystems")).contains("\t" + name + "\n");
    }

    /// {@return where the control groups of version 2 are mounted}
    private static Path unifiedHierarchy() throws IOException {
        try (Stream<String> mounts = Files.lines(Path.of("/proc/self/mounts"))) {
            List<Path> found =
                    mounts.map(line -> line.split(" "))
                            .filter(fields -> fields[2].equals("cgroup2"))
                            .map(fields -> Path.of(fields[1]))
                            .filter(Files::isWritable)
                            .toList();
            assumeTrue("needs a cgroup2 that is mounted and can be written", !found.isEmpty());
            return found.getFirst();
        }
    }
}
