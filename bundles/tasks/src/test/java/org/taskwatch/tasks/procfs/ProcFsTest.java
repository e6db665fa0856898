// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.procfs;

import static org.assertj.core.api.Assertions.assertThat;

import jdk.jfr.consumer.RecordedEvent;

import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.taskwatch.api.Cgroup;
import org.taskwatch.api.Detail;
import org.taskwatch.api.Detail.Reason;
import org.taskwatch.linux.proc.ProcStat;
import org.taskwatch.source.Arguments;
import org.taskwatch.testing.Recorded;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/// What is read of `/proc`, how much of it, and why something could not be read.
public class ProcFsTest {
    @Rule public final TemporaryFolder folder = new TemporaryFolder();

    private Path root;
    private ProcFs proc;

    @Before
    public void setUp() {
        root = folder.getRoot().toPath();
        proc = new ProcFs(root);
    }

    private void file(String name, byte[] content) throws IOException {
        Path file = root.resolve("7/" + name);
        Files.createDirectories(file.getParent());
        Files.write(file, content);
    }

    private void file(String name, String content) throws IOException {
        file(name, content.getBytes(StandardCharsets.ISO_8859_1));
    }

    private List<String> arguments() {
        return proc.commandLine(7, 8192).value().orElseThrow();
    }

    private void link(String name, String target) throws IOException {
        Path link = root.resolve("7/" + name);
        Files.createDirectories(link.getParent());
        Files.deleteIfExists(link);
        Files.createSymbolicLink(link, Path.of(target));
    }

    @Test
    public void shouldSayThatATaskIsGoneOnlyIfItIs() throws IOException {
        Files.createDirectories(root.resolve("7/cmdline")); // can be opened, but not read

        assertThat(proc.commandLine(7, 8192)).isEqualTo(Detail.unknown(Reason.FAILED));
        assertThat(proc.commandLine(8, 8192)).isEqualTo(Detail.unknown(Reason.GONE));
        assertThat(proc.executable(8, 300)).isEqualTo(Detail.unknown(Reason.GONE));
    }

    @Test
    public void shouldKeepArgumentsUpToTheLimitWhole() throws IOException {
        for (int limit : new int[] {256, 1024, 8192, 8193}) {
            byte[] whole = arguments(limit);
            file("cmdline", whole);
            Detail<List<String>> kept = proc.commandLine(7, limit);

            assertThat(kept.isCut()).as("%d bytes", limit).isFalse();
            assertThat(kept.value().orElseThrow()).containsExactly("x".repeat(limit - 3), "y");
        }
    }

    @Test
    public void shouldCutArgumentsBeyondTheLimitAndSaySo() throws IOException {
        for (int limit : new int[] {256, 1024, 8192}) {
            file("cmdline", arguments(limit + 1));
            Detail<List<String>> kept = proc.commandLine(7, limit);

            assertThat(kept.isCut()).as("%d bytes", limit).isTrue();
            assertThat(kept.value().orElseThrow()).containsExactly("x".repeat(limit - 2), "y");
        }
    }

    // An argument of letters x, and one y; each ends with a NUL.
    private static byte[] arguments(int length) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) 'x');
        bytes[length - 3] = 0;
        bytes[length - 2] = 'y';
        bytes[length - 1] = 0;
        return bytes;
    }

    @Test
    public void shouldHoldLittleMoreThanTheBytesOfVeryManyArguments() throws IOException {
        file("cmdline", "x\0".repeat(550_000));

        Detail<List<String>> kept = proc.commandLine(7, 8192);

        assertThat(kept.isCut()).isTrue();
        assertThat(kept.value().orElseThrow())
                .isEqualTo(Collections.nCopies(4096, "x"))
                .isInstanceOfSatisfying(
                        Arguments.class, all -> assertThat(all.heapBytes()).isLessThan(8300));
    }

    @Test
    public void shouldSplitArgumentsAtEachNul() throws IOException {
        file("cmdline", "a\0\0b c\0");
        List<String> arguments = proc.commandLine(7, 8192).value().orElseThrow();

        assertThat(arguments).containsExactly("a", "", "b c").hasSize(3);
        assertThat(arguments.get(2)).isEqualTo("b c");
        assertThat(arguments)
                .isInstanceOfSatisfying(
                        Arguments.class, all -> assertThat(all.joined()).isEqualTo("a  b c"));
        file("cmdline", "overwritten");
        assertThat(proc.commandLine(7, 8192)).isEqualTo(Detail.of(List.of("overwritten")));
        file("cmdline", "\0");
        assertThat(proc.commandLine(7, 8192)).isEqualTo(Detail.of(List.of("")));
    }

    @Test
    public void shouldCompareArgumentsAsLists() throws IOException {
        file("cmdline", "a\0\0b\0");
        List<String> arguments = arguments();
        file("cmdline", "a\0\0b"); // overwritten up to the last NUL
        List<String> same = arguments();
        file("cmdline", "a\0\0c\0");
        List<String> others = arguments();

        assertThat(arguments).isEqualTo(same).hasSameHashCodeAs(same).isNotEqualTo(others);
        assertThat(arguments).isEqualTo(List.of("a", "", "b")).isNotEqualTo(List.of("a", "b"));
        assertThat(List.of("a", "", "b")).isEqualTo(arguments).hasSameHashCodeAs(arguments);
    }

    @Test
    public void shouldTellBytesApartThatAreNoUtf8() throws Exception {
        file("cmdline", "a\u00ffb\0");
        new ProcessBuilder("/bin/sh", "-c", "ln -s \"$(printf '/e\\375')\" " + root + "/7/exe")
                .start()
                .waitFor();

        assertThat(proc.commandLine(7, 8192)).isEqualTo(Detail.of(List.of("a\udcffb")));
        assertThat(proc.executable(7, 300)).isEqualTo(Detail.of("/e\udcfd"));
    }

    @Test
    public void shouldCutPathsBeyondTheLimitAndSaySo() throws IOException {
        String path = "/" + "p".repeat(299);
        link("exe", path);
        link("cwd", path);
        file("cgroup", "0::" + path + "\n");

        assertThat(proc.executable(7, 300)).isEqualTo(Detail.of(path));
        assertThat(proc.executable(7, 299)).isEqualTo(Detail.cut(path.substring(0, 299)));
        assertThat(proc.workingDirectory(7, 300)).isEqualTo(Detail.of(path));
        assertThat(proc.workingDirectory(7, 299)).isEqualTo(Detail.cut(path.substring(0, 299)));
        assertThat(proc.cgroup(7, 300)).isEqualTo(Detail.of(new Cgroup(path, Optional.empty())));
        assertThat(proc.cgroup(7, 299))
                .isEqualTo(Detail.cut(new Cgroup(path.substring(0, 299), Optional.empty())));
    }

    @Test
    public void shouldReadThisProcess() throws Exception {
        ProcFs real = new ProcFs();
        int pid = (int) ProcessHandle.current().pid();

        assertThat(real.processes()).contains(pid);
        assertThat(real.threads(pid)).contains(pid).hasSizeGreaterThan(1);
        assertThat(real.stat(pid)).extracting(ProcStat::threads).matches(count -> count > 1);
        assertThat(real.executable(pid, ProcFs.PATH_LIMIT).orElse("")).endsWith("/java");
        assertThat(real.commandLine(pid, 8192).value().orElseThrow()).hasSizeGreaterThan(1);
        assertThat(real.credentials(pid).value()).isPresent();
    }

    @Test
    public void shouldGiveNamesAsRawText() throws IOException {
        file("stat", "7 (\u00c3\u00a9\\n\u00ff) S 3" + " 0".repeat(48) + "\n");

        ProcStat stat = Objects.requireNonNull(proc.stat(7));

        assertThat(ProcFs.comm(stat)).isEqualTo(Detail.of("\u00e9\n\udcff"));
    }

    @Test
    public void shouldReadIdsFromTheBeginningOfAStatusOfAnyLength() throws IOException {
        file(
                "status",
                "Name:\tx\nUid:\t1\t2\t3\t4\nGid:\t5\t6\t7\t8\nGroups:\t" + "1000 ".repeat(65536));

        assertThat(proc.credentials(7).value())
                .hasValueSatisfying(ids -> assertThat(ids.uid()).isEqualTo(2))
                .hasValueSatisfying(ids -> assertThat(ids.realGid()).isEqualTo(5));
    }

    @Test
    public void shouldTellTheFlightRecorderWhatItReads() throws Exception {
        file("cmdline", "a\0");
        link("cwd", "/somewhere");

        List<RecordedEvent> events =
                Recorded.during(
                        "SlowCapture",
                        () -> {
                            arguments();
                            proc.workingDirectory(7, ProcFs.PATH_LIMIT);
                        });

        assertThat(events)
                .extracting(event -> event.getString("path"))
                .containsExactly(root + "/7/cmdline", root + "/7/cwd");
    }
}
