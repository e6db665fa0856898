// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.load;

import org.jspecify.annotations.Nullable;
import org.taskwatch.load.Load.Done;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// An instance of the distribution, on a base of its own. It runs all the time, as a daemon does, so
/// that its code is compiled. While it does not watch, its source is stopped, which closes the
/// socket: the kernel makes no events for it; then the process is stopped by a signal.
final class Taskwatch implements Observer {
    /// The bundle of the watcher that logs each exec.
    static final String EXEC_LOG = "org.taskwatch.watchers.exec-log";

    private static final String EXIT_REPORT = "org.taskwatch.watchers.exit-report";
    private static final String SOURCES = "org.taskwatch.source-";

    private static final Pattern LOST = Pattern.compile("lost (\\d+) events");
    private static final long DEADLINE_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final int POLL_MILLIS = 20;

    private final String name;
    private final String source;
    private final Path folder;
    private final boolean hasProbe;
    private final Child process;
    private final Control control;
    private final String bundle; // the number of that of the source
    private long lostBefore;

    /// Starts an instance that does not watch yet.
    ///
    /// @param name what the table calls it
    /// @param source whence it has its events: ebpf or connector
    /// @param distribution the unpacked distribution
    /// @param folder is made, for its base and output
    /// @param watcher the bundle of the distribution that watches, null for none of them
    /// @param probe the jar of the probe, null for none
    /// @throws IOException if it does not start
    /// @throws MissingException if the source can't be used here
    Taskwatch(
            String name,
            String source,
            Path distribution,
            Path folder,
            @Nullable String watcher,
            @Nullable Path probe)
            throws IOException, InterruptedException, MissingException {
        this.name = name;
        this.source = source;
        this.folder = folder;
        hasProbe = probe != null;
        Path base = folder.resolve("base");
        Path deploy = Files.createDirectories(base.resolve("deploy"));
        if (probe != null) {
            Files.copy(probe, deploy.resolve("probe.jar"));
        }
        control = new Control(base.resolve("run/control"));
        process =
                new Child(
                        folder.resolve("output"),
                        base,
                        distribution.resolve("bin/taskwatch").toString(),
                        "run");
        await("get ready", () -> Files.readString(output()).contains("taskwatch ready"));
        for (String other : List.of("ebpf", "connector", "procfs")) {
            if (!other.equals(source)) {
                control.execute("stop " + number(SOURCES + other));
            }
        }
        if (!isConnected()) {
            close();
            throw new MissingException("the source " + source + " can't be used: " + status());
        }
        for (String other : List.of(EXEC_LOG, EXIT_REPORT)) {
            if (!other.equals(watcher)) {
                control.execute("stop " + number(other));
            }
        }
        bundle = number(SOURCES + source);
        if (hasProbe) {
            await("start the probe", () -> control.execute("lb").contains("probe"));
            figures();
        }
        rest();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Observed process() {
        return process.observed();
    }

    @Override
    public void begin() throws IOException, InterruptedException {
        process.signal("CONT");
        control.execute("start " + bundle);
        await("use the source", this::isConnected);
        process().awaitQuiet();
        lostBefore = lost();
        if (hasProbe) {
            figures();
        }
    }

    @Override
    public Seen end(Done done) throws IOException, InterruptedException {
        Seen seen = seen();
        rest();
        return seen;
    }

    /// {@return what it has seen and lost since this was called last, or it began to watch}
    Seen seen() throws IOException {
        long lost = lost();
        long more = lost - lostBefore;
        lostBefore = lost;
        if (!hasProbe) {
            return new Seen(-1, more, null);
        }
        long[] figures = figures();
        return new Seen(
                figures[0], more, new Latency(figures[1], figures[2], figures[3], figures[4]));
    }

    private void rest() throws IOException, InterruptedException {
        control.execute("stop " + bundle);
        process().awaitQuiet();
        process.signal("STOP");
    }

    private boolean isConnected() throws IOException {
        return status().startsWith("source " + source + ",");
    }

    private String status() throws IOException {
        return control.execute("task:status");
    }

    /// {@return how many events the source and the lanes have lost}
    private long lost() throws IOException {
        Matcher matcher = LOST.matcher(status());
        long lost = 0;
        while (matcher.find()) {
            lost += Long.parseLong(matcher.group(1));
        }
        return lost;
    }

    private long[] figures() throws IOException {
        String figures = control.execute("load:figures").strip();
        return Arrays.stream(figures.split(" ")).mapToLong(Long::parseLong).toArray();
    }

    private String number(String bundle) throws IOException {
        Matcher matcher =
                Pattern.compile("(\\d+)\\|[^|]*\\|[^|]*\\|" + Pattern.quote(bundle) + " ")
                        .matcher(control.execute("lb -s"));
        if (!matcher.find()) {
            throw new IOException("the distribution has no bundle " + bundle);
        }
        return matcher.group(1);
    }

    private Path output() {
        return folder.resolve("output");
    }

    private interface Condition {
        boolean holds() throws IOException;
    }

    private void await(String what, Condition condition) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + DEADLINE_NANOS;
        while (!condition.holds()) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                List<String> lines = new ArrayList<>(Files.readAllLines(output()));
                close();
                throw new IOException(
                        "taskwatch did not " + what + ": " + String.join("; ", lines));
            }
            Thread.sleep(POLL_MILLIS);
        }
    }

    @Override
    public void close() {
        process.close();
    }
}
