// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.relayfork;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.rules.TemporaryFolder;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.taskwatch.api.file.Client;
import org.taskwatch.api.file.ControlFile;
import org.taskwatch.api.file.FileException;
import org.taskwatch.api.file.OpenFile;

import java.lang.annotation.Annotation;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/// Relay fork with a bundle context that the test makes up, and processes that the test starts.
abstract class RelayForkFixture {
    @Rule public final TemporaryFolder base = new TemporaryFolder();

    final List<Process> started = new ArrayList<>();
    final AtomicInteger watchers = new AtomicInteger(); // that are registered
    Configuration config = new Configuration("");
    RelayFork relayFork;

    /// A configuration.
    @SuppressWarnings("BadAnnotationImplementation") // nobody compares it
    record Configuration(String signal, String... processes) implements RelayFork.Config {
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

    final Path kept() {
        return base.getRoot().toPath().resolve("run/relayfork");
    }

    @After
    public void end() throws Exception {
        relayFork.deactivate();
        assertThat(watchers).hasValue(0);
        for (Process process : started) {
            process.destroyForcibly().waitFor();
        }
    }

    final BundleContext context() {
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
    final int process() throws Exception {
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

    final String read(ControlFile file) throws Exception {
        return StandardCharsets.UTF_8.decode(open(file).read(0, 1 << 16, true)).toString();
    }

    final void write(ControlFile file, String text) throws Exception {
        open(file).write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    final ControlFile processes() {
        return new ProcessesFile(relayFork);
    }

    final ControlFile signal() {
        return new SignalFile(relayFork);
    }
}
