// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests;

import static org.awaitility.Awaitility.await;
import static org.junit.Assume.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The command of the distribution, and a running instance, as a user has them. Everything it writes
/// goes to files in the folder of the test.
final class Instance implements AutoCloseable {
    static final Duration DEADLINE = Duration.ofSeconds(60);

    private final Path distribution;
    private final Path folder;
    private final List<String> prefix;
    private final List<Process> started = new ArrayList<>();

    /// Prepares the command.
    ///
    /// @param distribution the unpacked distribution
    /// @param folder where output and base go
    /// @param prefix what stands before the command, as `setpriv` with its options
    Instance(Path distribution, Path folder, String... prefix) {
        this.distribution = distribution;
        this.folder = folder;
        this.prefix = List.of(prefix);
    }

    static Path distribution() {
        return Path.of(System.getProperty("taskwatch.distribution"));
    }

    Path base() {
        return folder.resolve("base");
    }

    /// Writes a configuration, before the instance is started.
    ///
    /// @param pid whose
    /// @param line a key and its value
    void configure(String pid, String line) throws IOException {
        Path etc = Files.createDirectories(base().resolve("etc"));
        Files.writeString(etc.resolve(pid + ".cfg"), line + "\n");
    }

    /// Makes the events come from the proc connector, also where BPF programs are possible.
    void useConnector() throws IOException {
        configure("org.taskwatch.source.ebpf", "ring.buffer = 0");
    }

    /// How a command ended, and what it has written.
    record Result(int status, String out, String err) {}

    /// A command that runs.
    record Running(Process process, Path outFile, Path errFile) {
        String out() throws IOException {
            return Files.readString(outFile);
        }

        String err() throws IOException {
            return Files.readString(errFile);
        }

        /// Skips the test if events come from polling alone, of an instance that has told that it is ready.
        void assumeSeesAll() throws IOException {
            assumeFalse(
                    "needs the proc connector or BPF programs", out().contains("source procfs"));
        }

        void awaitErr(String text) {
            await().atMost(DEADLINE)
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> err().contains(text));
        }

        Result result() throws IOException, InterruptedException {
            if (!process.waitFor(DEADLINE.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("still running: " + process + "\n" + out() + err());
            }
            return new Result(process.exitValue(), out(), err());
        }
    }

    Running start(String... words) throws IOException {
        List<String> command = new ArrayList<>(prefix);
        command.add(distribution.resolve("bin/taskwatch").toString());
        command.addAll(List.of(words));
        Path out = folder.resolve("out" + started.size());
        Path err = folder.resolve("err" + started.size());
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("TASKWATCH_BASE", base().toString());
        builder.environment()
                .put("TASKWATCH_JAVA", ProcessHandle.current().info().command().orElseThrow());
        builder.redirectInput(Path.of("/dev/null").toFile());
        builder.redirectOutput(out.toFile()).redirectError(err.toFile());
        Process process = builder.start();
        started.add(process);
        return new Running(process, out, err);
    }

    /// {@return the symbolic name of the bundle that is deployed from a file}
    static String module(String file) {
        return "org.taskwatch.itests.probe." + file.replace(".jar", "");
    }

    /// Puts a probe into the deploy folder, or another one in its place.
    ///
    /// @param file the name of the file
    /// @param revision what the watcher calls itself in its notes
    /// @param component the watcher
    /// @param headers further instructions of bnd, name and value by turns
    void deploy(String file, String revision, Class<?> component, String... headers)
            throws Exception {
        Path built =
                ProbeBundle.build(
                        folder.resolve(file + ".built"),
                        module(file),
                        folder,
                        revision,
                        component,
                        headers);
        Files.move(built, deployed(file), StandardCopyOption.ATOMIC_MOVE);
    }

    /// {@return the id of a bundle of the running instance}
    String bundle(String symbolicName) throws Exception {
        Matcher line =
                Pattern.compile("(\\d+)\\|.*" + Pattern.quote(symbolicName) + " ")
                        .matcher(call("shell", "felix:lb", "-s").out());
        if (!line.find()) {
            throw new AssertionError("no bundle " + symbolicName);
        }
        return line.group(1);
    }

    /// Puts a bundle of the distribution, which was uninstalled, into the deploy folder.
    void redeploy(String symbolicName) throws IOException {
        try (Stream<Path> all = Files.walk(distribution.resolve("bundles"))) {
            Path jar =
                    all.filter(f -> f.getFileName().toString().startsWith(symbolicName + "-"))
                            .findFirst()
                            .orElseThrow();
            deploy(jar);
        }
    }

    /// Puts a copy of a jar into the deploy folder.
    void deploy(Path jar) throws IOException {
        Path copy = Files.copy(jar, folder.resolve(jar.getFileName()));
        Files.move(copy, deployed(jar.getFileName() + ""), StandardCopyOption.ATOMIC_MOVE);
    }

    void undeploy(String file) throws IOException {
        Files.delete(deployed(file));
    }

    private Path deployed(String file) {
        return base().resolve("deploy").resolve(file);
    }

    Result call(String... words) throws Exception {
        return start(words).result();
    }

    /// Starts an instance and waits until it is ready.
    Running run() throws IOException {
        Running running = start("run");
        await().atMost(DEADLINE)
                .pollInterval(Duration.ofMillis(20))
                .until(() ->
                        running.out().contains("taskwatch ready") || !running.process().isAlive());
        if (!running.process().isAlive()) {
            throw new AssertionError("did not start: " + running.out() + running.err());
        }
        return running;
    }

    @Override
    public void close() {
        started.forEach(Process::destroy);
        for (Process process : started) {
            process.onExit().completeOnTimeout(process, 20, TimeUnit.SECONDS).join();
            process.destroyForcibly();
        }
    }
}
