// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.relayfork;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.taskwatch.api.Errno;
import org.taskwatch.api.file.Client;
import org.taskwatch.api.file.ControlFile;
import org.taskwatch.api.file.FileException;
import org.taskwatch.api.file.OpenFile;
import org.taskwatch.linux.Signal;

import java.lang.annotation.Annotation;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/// The files, the configuration, and what is kept, with processes that the test starts.
public class RelayForkTest {
    @Rule public final TemporaryFolder base = new TemporaryFolder();

    private final List<Process> started = new ArrayList<>();
    private final AtomicInteger watchers = new AtomicInteger(); // that are registered
    private Configuration config = new Configuration("");
    private RelayFork relayFork;

    /// A configuration.
    @SuppressWarnings("BadAnnotationImplementation") // nobody compares it
    private record Configuration(String signal, String... processes) implements RelayFork.Config {
        @Override
        public Class<? extends Annotation> annotationType() {
            return RelayFork.Config.class;
        }
    }

    @Before
    public void start() throws Exception {
        Files.createDirectories(kept().getParent());
        relayFork = new RelayFork(context(), config);
    }

    private Path kept() {
        return base.getRoot().toPath().resolve("run/relayfork");
    }

    private void restart() {
        relayFork.deactivate();
        relayFork = new RelayFork(context(), config);
    }

    private void configure(String signal, String... processes) {
        config = new Configuration(signal, processes);
        relayFork.modify(config);
    }

    @After
    public void end() throws Exception {
        relayFork.deactivate();
        assertThat(watchers).hasValue(0);
        for (Process process : started) {
            process.destroyForcibly().waitFor();
        }
    }

    private BundleContext context() {
        return fake(
                BundleContext.class,
                method ->
                        switch (method) {
                            case "getProperty" -> base.getRoot().toString();
                            case "registerService" -> registration();
                            default -> throw new UnsupportedOperationException(method);
                        });
    }

    private ServiceRegistration<?> registration() {
        watchers.incrementAndGet();
        return fake(ServiceRegistration.class, _ -> watchers.decrementAndGet());
    }

    private static <T> T fake(Class<T> type, Function<String, Object> answer) {
        return type.cast(
                Proxy.newProxyInstance(
                        type.getClassLoader(),
                        new Class<?>[] {type},
                        (_, method, _) -> {
                            Object result = answer.apply(method.getName());
                            return method.getReturnType() == void.class ? null : result;
                        }));
    }

    /// {@return the pid of a process that does not mind the signal}
    private int process() throws Exception {
        Process process = new ProcessBuilder("env", "--block-signal", "cat").start();
        started.add(process);
        process.getOutputStream().write('\n');
        process.getOutputStream().flush();
        assertThat(process.getInputStream().read()).isEqualTo('\n'); // it is cat by now
        return (int) process.pid();
    }

    private OpenFile open(ControlFile file) throws FileException {
        return file.open(new Client(1, 0, 0));
    }

    private String read(ControlFile file) throws Exception {
        return StandardCharsets.UTF_8.decode(open(file).read(0, 1 << 16, true)).toString();
    }

    private void write(ControlFile file, String text) throws Exception {
        open(file).write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    private ControlFile processes() {
        return new ProcessesFile(relayFork);
    }

    private ControlFile signal() {
        return new SignalFile(relayFork);
    }

    private void assertRefused(ControlFile file, String text, Errno errno) throws Exception {
        String before = read(file);
        assertThatThrownBy(() -> write(file, text))
                .as(text)
                .isInstanceOfSatisfying(
                        FileException.class, e -> assertThat(e.errno()).isEqualTo(errno));
        assertThat(read(file)).isEqualTo(before);
    }

    @Test
    public void shouldRegisterOnceAndRemoveAndWatchOnlyMeanwhile() throws Exception {
        int one = process();
        int two = process();
        assertThat(read(processes())).isEqualTo("\n");
        assertThat(watchers).hasValue(0);

        write(processes(), one + "\n");
        write(processes(), two + "");
        write(processes(), one + "\n");
        assertThat(read(processes())).isEqualTo(one + " " + two + " \n");
        assertThat(watchers).hasValue(1);

        write(processes(), "-" + one + "\n");
        assertThat(read(processes())).isEqualTo(two + " \n");
        assertThat(watchers).hasValue(1);
        write(processes(), "-" + two + "\n");
        assertThat(watchers).hasValue(0);
    }

    @Test
    public void shouldRefuseWhatIsNoProcessAndLoseNothing() throws Exception {
        int pid = process();
        write(processes(), pid + "");

        for (String text : new String[] {"", "x", "12x", "1 2", "0", "-0", "--5", "-", "+5"}) {
            assertRefused(processes(), text, Errno.EINVAL);
        }
        assertRefused(processes(), "99999999999", Errno.ERANGE);
        assertRefused(processes(), "-99999999999", Errno.ERANGE);
        assertRefused(processes(), "2147483647", Errno.ESRCH);
        assertRefused(processes(), "-1", Errno.ESRCH);
        assertRefused(processes(), ProcessHandle.current().pid() + "", Errno.EINVAL);
    }

    @Test
    public void shouldRefuseAThreadAndAZombie() throws Exception {
        Path[] threads;
        try (var files = Files.list(Path.of("/proc/self/task"))) {
            threads = files.toArray(Path[]::new);
        }
        assertRefused(processes(), threads[threads.length - 1].getFileName() + "", Errno.ESRCH);

        assertRefused(processes(), zombie(), Errno.ESRCH);
    }

    // The child ends only when its parent is a program that reaps none: a shell would.
    private String zombie() throws Exception {
        String script = "exec 3<&0; head -c 1 <&3 >/dev/null & echo $!; exec sleep 1000";
        Process parent = new ProcessBuilder("sh", "-c", script).start();
        started.add(parent);
        String child = parent.inputReader().readLine();
        Path name = Path.of("/proc", parent.pid() + "", "comm");
        Path stat = Path.of("/proc", child, "stat");
        await().atMost(Duration.ofSeconds(10))
                .until(() -> Files.readString(name).equals("sleep\n"));
        parent.outputWriter().append("x").flush();
        await().atMost(Duration.ofSeconds(10)).until(() -> Files.readString(stat).contains(") Z "));
        return child;
    }

    @Test
    public void shouldTakeRealTimeSignalsOnlyBothEndsIncluded() throws Exception {
        assertThat(read(signal())).isEqualTo(Signal.REAL_TIME_MIN + "\n");

        for (int good : new int[] {Signal.REAL_TIME_MIN, 40, Signal.MAX}) {
            write(signal(), good + "\n");
            assertThat(read(signal())).isEqualTo(good + "\n");
        }
        for (String bad : new String[] {"33", "65", "0", "-40", "", "x", "40x", "99999999999"}) {
            assertRefused(signal(), bad, Errno.EINVAL);
        }
    }

    @Test
    public void shouldLetAProcessThatHasEndedLeave() throws Exception {
        int one = process();
        int two = process();
        write(processes(), one + "");
        write(processes(), two + "");

        started.getFirst().destroyForcibly().waitFor();

        assertThat(read(processes())).isEqualTo(two + " \n");
        assertRefused(processes(), "-" + one, Errno.ESRCH);
    }

    @Test
    public void shouldGoOnAfterARestartWithThoseThatLive() throws Exception {
        int one = process();
        int two = process();
        write(processes(), one + "");
        write(processes(), two + "");
        write(signal(), "40");
        started.getFirst().destroyForcibly().waitFor();

        restart();

        assertThat(read(processes())).isEqualTo(two + " \n");
        assertThat(read(signal())).isEqualTo("40\n");
        assertThat(watchers).hasValue(1);
    }

    @Test
    public void shouldNotGoOnWithAnotherProcessOfTheSamePidNorAfterABoot() throws Exception {
        int pid = process();
        write(processes(), pid + "");
        String text = Files.readString(kept());
        relayFork.deactivate();

        Files.writeString(kept(), text.replace(pid + ":", pid + ":1"));
        relayFork = new RelayFork(context(), config);
        assertThat(read(processes())).isEqualTo("\n");
        relayFork.deactivate();

        Files.writeString(kept(), text.replaceAll("boot = .*", "boot = another"));
        relayFork = new RelayFork(context(), config);
        assertThat(read(processes())).isEqualTo("\n");
        relayFork.deactivate();

        Files.writeString(kept(), text);
        relayFork = new RelayFork(context(), config);
        assertThat(read(processes())).isEqualTo(pid + " \n");
    }

    @Test
    public void shouldBeginAnewIfWhatWasKeptCantBeRead() throws Exception {
        relayFork.deactivate();
        Files.writeString(kept(), "signal = 1");

        relayFork = new RelayFork(context(), config);

        assertThat(read(signal())).isEqualTo(Signal.REAL_TIME_MIN + "\n");
    }

    @Test
    public void shouldApplyAConfigurationWhenItChangesAndOnlyThen() throws Exception {
        int one = process();
        int two = process();
        int three = process();
        write(processes(), three + "");

        configure("40", one + ", " + two);
        assertThat(read(processes())).isEqualTo(three + " " + one + " " + two + " \n");
        assertThat(read(signal())).isEqualTo("40\n");

        write(signal(), "41");
        write(processes(), "-" + one);
        restart();
        assertThat(read(processes())).isEqualTo(three + " " + two + " \n");
        assertThat(read(signal())).isEqualTo("41\n");

        configure("", one + "");
        assertThat(read(processes())).isEqualTo(three + " " + one + " \n");
        assertThat(read(signal())).isEqualTo("41\n");

        configure("", "");
        assertThat(read(processes())).isEqualTo(three + " \n");
    }

    @Test
    public void shouldChangeNothingForAWrongConfigurationOrNone() throws Exception {
        int pid = process();
        configure("40", pid + "");

        configure("33", "");
        configure("41", "x");
        configure("");

        assertThat(read(processes())).isEqualTo(pid + " \n");
        assertThat(read(signal())).isEqualTo("40\n");
    }

    @Test
    public void shouldApplyTheRestOfAConfigurationIfAProcessIsGone() throws Exception {
        int pid = process();

        configure("40", "2147483647", pid + "");

        assertThat(read(processes())).isEqualTo(pid + " \n");
        assertThat(read(signal())).isEqualTo("40\n");
    }
}
