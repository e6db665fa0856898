// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.gate.impl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.osgi.framework.BundleContext;
import org.taskwatch.api.Errno;
import org.taskwatch.api.Verdict;
import org.taskwatch.api.spi.Decision;
import org.taskwatch.api.tool.Counter;
import org.taskwatch.control.GateRequest;
import org.taskwatch.gate.GateInfo;
import org.taskwatch.testing.Needs;

import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/// Programs whose forks the kernel really has wait, and what the server makes of those that ask for a gate.
public class GateServerTest {
    private static final String REQUEST = new GateRequest("", false, "a label", "make").text();
    private static final int EPERM = 1;
    private static final int ENOSYS = 38;

    @Rule public final TemporaryFolder base = new TemporaryFolder();

    private final FakeForks forks = new FakeForks();
    private final FakeWatchers watchers = new FakeWatchers();
    private final List<GatedProgram> programs = new ArrayList<>();
    private final CountDownLatch released = new CountDownLatch(1);
    private Path socket;
    private GateServer server;
    private boolean isStopped = true;

    @Before
    public void start() throws Exception {
        Needs.program("python3");
        Path folder = base.getRoot().toPath();
        socket = GateRequest.socket(folder);
        server = new GateServer(context(folder), watchers, watchers, forks);
        isStopped = false;
    }

    /// {@return one that knows the base, and nothing else}
    static BundleContext context(Path folder) {
        InvocationHandler property =
                (_, _, arguments) ->
                        "taskwatch.base".equals(arguments[0]) ? folder.toString() : null;
        Class<?> type = BundleContext.class;
        return (BundleContext)
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, property);
    }

    @After
    public void stop() throws IOException {
        released.countDown();
        programs.forEach(GatedProgram::close);
        if (!isStopped) {
            server.stop();
        }
    }

    private GatedProgram program(String request) throws IOException {
        GatedProgram program = GatedProgram.start(socket, request);
        programs.add(program);
        return program;
    }

    private GatedProgram gated() throws IOException {
        GatedProgram program = program(REQUEST);
        assertThat(program.ask("gate")).isEqualTo("ok");
        return program;
    }

    private GateInfo only() {
        assertThat(server.gates()).hasSize(1);
        return server.gates().getFirst();
    }

    private void refuse() {
        watchers.watcher =
                (_, _, answer) ->
                        answer.accept(new Decision(Verdict.refuse(Errno.EPERM), "No", false));
    }

    @Test
    public void shouldLetForksHappenThatWatchersAllow() throws Exception {
        GatedProgram program = gated();

        assertThat(program.ask("fork")).isEqualTo("forked");

        await().untilAsserted(() -> assertThat(only().allowed()).isEqualTo(1));
        assertThat(only().gate().pid()).isEqualTo(program.pid());
        assertThat(only().gate().label()).isEqualTo("a label");
        assertThat(only().gate().command()).isEqualTo("make");
        assertThat(forks.lines())
                .containsExactly("opened " + program.pid(), program.pid() + " allowed");
    }

    @Test
    public void shouldLetForksFailThatAWatcherRefuses() throws Exception {
        refuse();
        GatedProgram program = gated();

        assertThat(program.ask("fork")).isEqualTo("errno " + EPERM);
        assertThat(server.ungate(program.pid() + 1)).isFalse();
        assertThat(server.ungate(program.pid())).isTrue();
        assertThat(program.ask("fork")).isEqualTo("forked");

        await().untilAsserted(() -> assertThat(only().unasked()).isEqualTo(1));
        assertThat(server.counters())
                .contains(new Counter("gates", 1), new Counter("gate_refused_total", 1));
    }

    @Test
    public void shouldSayThatNobodyIsAsked() {
        watchers.isWatched = false;
        assertThat(server.isAsking()).isFalse();
        watchers.isWatched = true;
        assertThat(server.isAsking()).isTrue();
    }

    @Test
    public void shouldDropAGateWhoseTreeIsGone() throws Exception {
        GatedProgram program = gated();

        program.close();

        await().until(() -> server.gates().isEmpty());
        assertThat(forks.lines()).endsWith("closed " + program.pid());
    }

    @Test
    public void shouldNotHangAtTheDeathOfWhoIsAskedFor() throws Exception {
        watchers.watcher =
                (_, _, answer) -> {
                    released.await();
                    answer.accept(Decision.ALLOWED);
                };
        GatedProgram program = gated();
        program.say("fork");
        await().until(() -> only().waiting() == 1);

        program.close();
        released.countDown();

        await().until(() -> server.gates().isEmpty());
        assertThat(forks.lines())
                .contains(program.pid() + " ended -1 interrupted: who forks was killed");
    }

    @Test
    public void shouldAnswerWhatWasAskedWhenItStopsAndLetNobodyForkFromThenOn() throws Exception {
        watchers.watcher =
                (_, _, answer) -> {
                    released.await();
                    answer.accept(new Decision(Verdict.refuse(Errno.EPERM), "No", false));
                };
        GatedProgram asking = gated();
        GatedProgram other = gated();
        asking.say("fork");
        await().until(() -> watchers.asked.get() == 1);

        Thread stopper = new Thread(this::stopServer);
        stopper.start();
        await().until(() -> server.gates().size() == 1);
        assertThat(other.ask("fork")).isEqualTo("errno " + ENOSYS);
        released.countDown();

        assertThat(asking.answer()).isEqualTo("errno " + EPERM);
        stopper.join();
        assertThat(asking.ask("fork")).isEqualTo("errno " + ENOSYS);
        assertThat(socket).doesNotExist();
        isStopped = true;
    }

    private void stopServer() {
        try {
            server.stop();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    public void shouldSayWhatIsWrongWithWhatIsSent() throws Exception {
        assertThat(program("hello").ask("gate")).startsWith("error this is not the gate");
        assertThat(program(REQUEST).ask("request"))
                .isEqualTo("error expected one packet with one descriptor");
        assertThat(program(REQUEST).ask("junk"))
                .isEqualTo("error use of /dev/null as a listener of seccomp(2) failed: EINVAL");
        assertThat(server.gates()).isEmpty();

        GatedProgram next = gated();
        assertThat(next.ask("fork")).isEqualTo("forked");
    }

    @Test
    public void shouldServeOthersWhileOneSendsNothing() throws Exception {
        program(REQUEST);
        program(REQUEST);

        assertThat(gated().ask("fork")).isEqualTo("forked");
    }

    @Test
    public void shouldLetOthersConnectToRootsInstanceAlone() throws Exception {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
                .isEqualTo(Needs.isRoot() ? "rw-rw-rw-" : "rw-------");
    }
}
