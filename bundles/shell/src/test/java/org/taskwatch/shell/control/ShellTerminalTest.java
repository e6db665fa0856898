// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.apache.felix.service.command.Job;
import org.apache.felix.service.command.Job.Status;
import org.apache.felix.service.command.Process;
import org.jline.terminal.Terminal.Signal;
import org.jspecify.annotations.Nullable;
import org.junit.After;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.Timeout;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Ctrl-C, against jobs that have begun and jobs that have not.
public class ShellTerminalTest {
    @Rule public final Timeout timeout = new Timeout(60, TimeUnit.SECONDS);

    private final PipedOutputStream typed = new PipedOutputStream();
    private final CountDownLatch interrupted = new CountDownLatch(1);
    private volatile @Nullable InputStream in;
    private volatile Status status = Status.Foreground;
    private volatile boolean isAsked;
    private volatile @Nullable Job foreground =
            fake(Job.class, Map.of("status", () -> status, "processes", this::processes));
    private @Nullable ShellTerminal terminal;

    private interface Answer {
        @Nullable Object get();
    }

    private static <T> T fake(Class<T> type, Map<String, Answer> answers) {
        return type.cast(
                Proxy.newProxyInstance(
                        type.getClassLoader(),
                        new Class<?>[] {type},
                        (_, method, _) ->
                                answers.getOrDefault(method.getName(), () -> null).get()));
    }

    private List<Process> processes() {
        isAsked = true;
        return List.of(fake(Process.class, Map.of("in", () -> in)));
    }

    private void pressCtrlC() throws Exception {
        ShellTerminal opened =
                new ShellTerminal(
                        "xterm",
                        new PipedInputStream(typed),
                        new ByteArrayOutputStream(),
                        () -> foreground);
        terminal = opened;
        opened.handle(Signal.INT, _ -> interrupted.countDown());
        typed.write(3);
        typed.flush();
    }

    @After
    public void close() throws Exception {
        typed.close();
        if (terminal != null) {
            terminal.close();
        }
    }

    @Test
    public void shouldInterruptAJobOnlyWhenItHasBegun() throws Exception {
        pressCtrlC();
        await().until(() -> isAsked);
        assertThat(interrupted.getCount()).isEqualTo(1);

        in = InputStream.nullInputStream();

        interrupted.await();
    }

    @Test
    public void shouldNotWaitForAJobThatIsOver() throws Exception {
        status = Status.Done;
        pressCtrlC();
        interrupted.await();
        assertThat(isAsked).isFalse();
    }

    @Test
    public void shouldInterruptWhereThereIsNoJob() throws Exception {
        foreground = null;
        pressCtrlC();
        interrupted.await();
    }

    @Test
    public void shouldNotWaitForEverForAJobThatDoesNotBegin() throws Exception {
        pressCtrlC();

        interrupted.await();

        assertThat(isAsked).isTrue();
    }
}
