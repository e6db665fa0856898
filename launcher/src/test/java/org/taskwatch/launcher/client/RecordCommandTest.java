// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.Assume.assumeFalse;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.taskwatch.control.Arguments;
import org.taskwatch.launcher.base.Base;
import org.taskwatch.launcher.command.Command;
import org.taskwatch.launcher.failure.Failure;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

public class RecordCommandTest {
    private static final String BEGINNING = "taskwatch-recording 1\nsource \"x\" epoch=7 boot=0\n";

    @Rule public TemporaryFolder temporary = new TemporaryFolder();

    private final PrintStream oldErr = System.err;
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private Base base;
    private Path file;

    @Before
    public void create() {
        System.setErr(new PrintStream(err, true));
        base = new Base(temporary.getRoot().toPath());
        base.create();
        file = temporary.getRoot().toPath().resolve("a.rec");
    }

    @After
    public void release() {
        System.setErr(oldErr);
    }

    private int run(FakeInstance.Script script, String... options) throws Exception {
        RecordCommand command = new RecordCommand();
        List<String> words = new ArrayList<>(List.of("--base", base.directory().toString()));
        words.addAll(List.of(options));
        words.add(file.toString());
        try (FakeInstance _ = new FakeInstance(base, script)) {
            return command.run(Arguments.parse(command.declaration().with(Command.COMMON), words));
        }
    }

    @Test
    public void shouldWriteANewFileThatOnlyItsOwnerCanRead() throws Exception {
        FakeInstance.Script record =
                client -> {
                    FakeInstance.send(client, 'O', BEGINNING + "freed 7 7");
                    FakeInstance.send(client, 'O', " 5\nlost 3 since=5 cause=\"\"\n");
                    FakeInstance.send(client, 'O', "freed 8 8 6\n");
                    FakeInstance.exit(client, 0);
                };
        assertThat(run(record)).isZero();

        assertThat(file)
                .hasContent(BEGINNING + "freed 7 7 5\nlost 3 since=5 cause=\"\"\nfreed 8 8 6\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(err)
                .hasToString(
                        "taskwatch: %s: 2 records, 1 losses, %d bytes\n"
                                .formatted(file, Files.size(file)));
    }

    @Test
    public void shouldPassItsOptionsToTheInstance() throws Exception {
        RecordCommand command = new RecordCommand();
        List<String> words =
                List.of(
                        "--base=" + base.directory(),
                        "-C",
                        "CWD,EXE",
                        "--seconds=3",
                        "--size=1M",
                        file.toString());
        try (FakeInstance instance =
                new FakeInstance(base, client -> FakeInstance.exit(client, 0))) {
            command.run(Arguments.parse(command.declaration().with(Command.COMMON), words));
            assertThat(instance.requests())
                    .containsExactly("C record|--capture=CWD,EXE|--seconds=3|--size=1M");
        }
    }

    @Test
    public void shouldNotOverwriteAFile() throws Exception {
        Files.writeString(file, "precious");
        assertThatThrownBy(() -> run(client -> FakeInstance.exit(client, 0)))
                .isInstanceOf(Failure.class)
                .hasMessage(
                        "cannot record into %s: it is there already; remove it, or name another file"
                                .formatted(file));
        assertThat(file).hasContent("precious");
    }

    @Test
    public void shouldLeaveNoEmptyFileWhenNothingIsRecorded() throws Exception {
        assertThat(run(client -> FakeInstance.exit(client, 1))).isEqualTo(1);
        assertThat(file).doesNotExist();
    }

    @Test
    public void shouldSayWhyAFileCannotBeMade() {
        file = temporary.getRoot().toPath().resolve("no/a.rec");
        assertThatThrownBy(() -> run(client -> FakeInstance.exit(client, 0)))
                .isInstanceOf(Failure.class)
                .hasMessage(
                        "cannot record into %s: %s: no such file or directory"
                                .formatted(file, file));
    }

    @Test
    public void shouldEndInOrderByCtrlCWithTheLastWholeLine() throws Exception {
        assumeFalse(
                "SIGINT is ignored here, as by all that a shell without job control runs in the"
                        + " background",
                isInterruptIgnored());
        assertEndsInOrder("INT");
    }

    /// {@return whether this process was started with SIGINT ignored: bit 1 of SigIgn, `proc_pid_status(5)`}
    private static boolean isInterruptIgnored() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("SigIgn:"))
                .anyMatch(line -> (Long.parseUnsignedLong(line.split("\t")[1], 16) & 2) != 0);
    }

    @Test
    public void shouldEndInOrderBySigtermWithTheLastWholeLine() throws Exception {
        assertEndsInOrder("TERM");
    }

    private void assertEndsInOrder(String signal) throws Exception {
        assertThat(run(client -> interrupt(client, signal))).isZero();
        assertThat(file).hasContent(BEGINNING);
        assertThat(err).asString().contains(": 0 records, 0 losses, ");
    }

    /// Sends part of a line, and then a signal to this process, which has to close the session.
    private static void interrupt(SocketChannel client, String signal) throws IOException {
        FakeInstance.send(client, 'O', BEGINNING + "freed 7");
        new ProcessBuilder("kill", "-" + signal, "" + ProcessHandle.current().pid()).start();
        client.read(ByteBuffer.allocate(1));
    }

    @Test
    public void shouldFailWhenTheInstanceGoesAwayAndKeepWhatHasCome() {
        assertThatThrownBy(() -> run(client -> FakeInstance.send(client, 'O', BEGINNING + "fr")))
                .isInstanceOf(Failure.class)
                .hasMessage("the instance has ended, or has closed the session");
        assertThat(file).hasContent(BEGINNING);
    }

    @Test
    public void shouldSayThatTheDiskIsFull() throws Exception {
        try (RecordingFile full =
                new RecordingFile(file, Files.newOutputStream(Path.of("/dev/full")))) {
            assertThatThrownBy(() -> full.write("freed 7 7 5\n".getBytes(UTF_8)))
                    .isInstanceOf(IOException.class)
                    .hasMessage(
                            "%s: No space left on device; what was written before is whole, to its"
                                    + " last line feed",
                            file);
            assertThat(full.hasFailed()).isTrue();
            assertThat(full.summary()).isEqualTo(file + ": 0 records, 0 losses, 0 bytes");
        }
    }
}
