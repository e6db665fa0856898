// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.gate.impl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.jspecify.annotations.Nullable;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.taskwatch.api.Errno;
import org.taskwatch.api.Verdict;
import org.taskwatch.api.spi.Decision;
import org.taskwatch.control.GateRequest;
import org.taskwatch.gate.keep.Kept;
import org.taskwatch.gate.keep.KeptGates;
import org.taskwatch.gate.keep.Ledger;
import org.taskwatch.linux.SeccompListener;
import org.taskwatch.linux.SeccompListener.Notification;
import org.taskwatch.linux.UnixSocket;
import org.taskwatch.linux.UnixSocket.Packet;
import org.taskwatch.linux.Wakeup;
import org.taskwatch.testing.Needs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/// Gates that are kept from one server to the next. Where the first one would be killed, the test is the first one: what
/// it has received it never answers.
public class KeptServerTest {
    private static final GateRequest REQUEST = new GateRequest("", true, "a label", "make");
    private static final int MILLIS = 30_000;
    private static final int EPERM = 1;
    private static final int ENOSYS = 38;

    @Rule public final TemporaryFolder temporary = new TemporaryFolder();

    private final FakeForks forks = new FakeForks();
    private final FakeWatchers watchers = new FakeWatchers();
    private final List<GatedProgram> programs = new ArrayList<>();
    private Path base;
    private Path ledgers;
    private Wakeup never;
    private @Nullable GateServer server;

    @Before
    public void setUp() throws Exception {
        Needs.program("python3");
        base = temporary.getRoot().toPath();
        ledgers = base.resolve("run/gates");
        never = Wakeup.open();
    }

    @After
    public void end() throws Exception {
        programs.forEach(GatedProgram::close);
        if (server != null) {
            server.stop();
        }
        never.close();
        for (String keeper : files()) {
            await().until(() -> hasEnded(keeper));
        }
    }

    private void startServer() throws Exception {
        server = new GateServer(GateServerTest.context(base), watchers, watchers, forks);
    }

    private GateServer server() {
        return Objects.requireNonNull(server, "the test has not started it");
    }

    private GatedProgram gated() throws IOException {
        GatedProgram program = GatedProgram.start(GateRequest.socket(base), REQUEST.text());
        programs.add(program);
        assertThat(program.ask("gate")).isEqualTo("ok");
        return program;
    }

    /// {@return a gate that this test keeps}
    private Kept keep() throws Exception {
        Path path = base.resolve("socket");
        try (UnixSocket socket = UnixSocket.listen(path, 0600)) {
            GatedProgram program = GatedProgram.start(path, REQUEST.text());
            programs.add(program);
            program.say("gate");
            try (UnixSocket connection = Objects.requireNonNull(socket.accept(never))) {
                Packet packet = Objects.requireNonNull(connection.receive(MILLIS));
                SeccompListener listener =
                        SeccompListener.of(Objects.requireNonNull(packet.file()));
                Kept kept = new KeptGates(base).keep(REQUEST, connection.peer(), listener);
                connection.send(GateRequest.OK, null);
                assertThat(program.answer()).isEqualTo("ok");
                return kept;
            }
        }
    }

    private static void letGo(Kept kept) {
        kept.listener().close();
        kept.keeper().close();
    }

    /// {@return the fork of the program, which waits for an answer}
    private Notification receive(Kept kept) throws Exception {
        programs.getFirst().say("fork");
        KeptListener listener = new KeptListener(kept, never);
        assertThat(listener.await()).isEqualTo(SeccompListener.READABLE);
        return Objects.requireNonNull(listener.receive());
    }

    private List<String> files() throws IOException {
        if (!Files.exists(ledgers)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(ledgers)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    private static boolean hasEnded(String pid) throws IOException {
        Path stat = Path.of("/proc", pid, "stat");
        return !Files.exists(stat) || Files.readString(stat).contains(") Z ");
    }

    private void refuse() {
        watchers.watcher =
                (_, _, answer) ->
                        answer.accept(new Decision(Verdict.refuse(Errno.EPERM), "No", false));
    }

    @Test
    public void shouldAskAgainWhatWasReceivedAndNotAnswered() throws Exception {
        Kept kept = keep();
        receive(kept);
        letGo(kept);

        startServer();

        GatedProgram program = programs.getFirst();
        assertThat(program.answer()).isEqualTo("forked");
        assertThat(watchers.asked).hasValue(1);
        assertThat(forks.lines())
                .containsExactly("opened " + program.pid(), program.pid() + " allowed");
        forks.isOpen = false; // the child is there: the next one is another fork
        refuse();
        assertThat(program.ask("fork")).isEqualTo("errno " + EPERM);
        assertThat(server().gates()).hasSize(1);
        assertThat(server().gates().getFirst().gate().pid()).isEqualTo(program.pid());
        assertThat(server().gates().getFirst().gate().label()).isEqualTo("a label");
    }

    @Test
    public void shouldNotAskAgainWhatWasAnsweredJustBefore() throws Exception {
        Kept kept = keep();
        Notification call = receive(kept);
        assertThat(kept.listener().proceed(call.id())).isTrue();
        assertThat(programs.getFirst().answer()).isEqualTo("forked");
        assertThat(kept.ledger().calls()).containsExactly(call);
        letGo(kept);

        startServer();

        assertThat(programs.getFirst().ask("fork")).isEqualTo("forked");
        assertThat(watchers.asked).hasValue(1);
        assertThat(forks.lines()).hasSize(2);
    }

    @Test
    public void shouldForgetWhoWasKilledWhileItWaited() throws Exception {
        Kept kept = keep();
        receive(kept);
        letGo(kept);
        programs.getFirst().close();

        startServer();

        await().until(() -> files().isEmpty());
        assertThat(server().gates()).isEmpty();
        assertThat(watchers.asked).hasValue(0);
    }

    @Test
    public void shouldHaveForksWaitFromAStopToTheNextStart() throws Exception {
        startServer();
        GatedProgram program = gated();
        assertThat(program.ask("fork")).isEqualTo("forked");
        server().stop();
        program.say("fork");
        assertThat(watchers.asked).hasValue(1);

        startServer();

        assertThat(program.answer()).isEqualTo("forked");
        assertThat(watchers.asked).hasValue(2);
    }

    @Test
    public void shouldStayUngated() throws Exception {
        startServer();
        GatedProgram program = gated();
        assertThat(server().ungate(program.pid())).isTrue();
        server().stop();
        refuse();

        startServer();

        assertThat(program.ask("fork")).isEqualTo("forked");
        assertThat(server().gates().getFirst().isUngated()).isTrue();
    }

    @Test
    public void shouldLeaveNothingOfATreeThatHasEnded() throws Exception {
        startServer();
        GatedProgram program = gated();
        List<String> keepers = files();
        assertThat(keepers).hasSize(1);

        program.close();

        await().until(() -> server().gates().isEmpty());
        assertThat(files()).isEmpty();
        assertThat(Path.of("/proc", keepers.getFirst())).doesNotExist();
    }

    @Test
    public void shouldLetForksFailWhenTheKeeperIsKilledAndNobodyIsThere() throws Exception {
        Kept kept = keep();
        int keeper = kept.keeper().pid();
        letGo(kept);
        assertThat(new ProcessBuilder("kill", "" + keeper).start().waitFor()).isZero();

        assertThat(programs.getFirst().ask("fork")).isEqualTo("errno " + ENOSYS);
        startServer();
        await().until(() -> files().isEmpty());
        assertThat(server().gates()).isEmpty();
    }

    @Test
    public void shouldHaveASlotForEachCallThatMayWait() {
        assertThat(Receiver.MOST_UNANSWERED).isLessThanOrEqualTo(Ledger.SLOTS);
    }
}
