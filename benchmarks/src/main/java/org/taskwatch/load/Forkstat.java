// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.load;

import org.jspecify.annotations.Nullable;
import org.taskwatch.load.Load.Done;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// forkstat of Debian, writing to a file. It is started each time, which takes it some milliseconds,
/// and tells its events when it ends.
final class Forkstat implements Observer {
    private static final int POLL_MILLIS = 10;
    private static final int POLLS = 500;

    private final Path program;
    private final Path output;
    private @Nullable Child process; // while it watches

    private Forkstat(Path program, Path folder) {
        this.program = program;
        this.output = folder.resolve("forkstat.out");
    }

    /// Takes the one that is installed, or else unpacks the package of the distribution of Linux into a
    /// folder.
    ///
    /// @return null if there is none; why is printed
    static @Nullable Forkstat find(Path folder) throws InterruptedException {
        for (String directory : List.of("/usr/bin", "/usr/sbin")) {
            Path program = Path.of(directory, "forkstat");
            if (Files.isExecutable(program)) {
                return new Forkstat(program, folder);
            }
        }
        try {
            Command.run(folder, "apt-get", "download", "-q", "forkstat");
            Command.run(folder, "dpkg-deb", "-x", download(folder).toString(), "forkstat");
            return new Forkstat(folder.resolve("forkstat/usr/bin/forkstat"), folder);
        } catch (IOException e) {
            System.out.println("without forkstat, as it can't be had: " + e.getMessage());
            return null;
        }
    }

    private static Path download(Path folder) throws IOException {
        try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, "forkstat*.deb")) {
            return found.iterator().next();
        }
    }

    @Override
    public String name() {
        return "forkstat";
    }

    @Override
    public @Nullable Observed process() {
        Child running = process;
        return running == null ? null : running.observed();
    }

    @Override
    public void begin() throws IOException, InterruptedException {
        Child running = new Child(output, null, program.toString());
        process = running;
        for (int i = 0; !isConnected(running); i++) {
            if (i == POLLS || !running.isAlive()) {
                throw new IOException("forkstat did not start: " + Files.readString(output));
            }
            Thread.sleep(POLL_MILLIS);
        }
        running.observed().awaitQuiet();
    }

    private static boolean isConnected(Child running) throws IOException {
        return running.isAlive()
                && running.observed().descriptors().stream()
                        .anyMatch(descriptor -> descriptor.startsWith("socket:"));
    }

    @Override
    public Seen end(Done done) throws IOException, InterruptedException {
        Child running = process;
        if (running == null) {
            throw new IllegalStateException("not begun");
        }
        long lost = running.observed().netlink().drops();
        running.signal("INT");
        running.awaitEnd();
        close();
        try (Stream<String> lines = Files.lines(output)) {
            return new Seen(lines.filter(line -> isOfLoad(line, done.pid())).count(), lost, null);
        }
    }

    /// A fork has two lines, one of them for the child; the name of the program is the last column.
    private static boolean isOfLoad(String line, long generator) {
        String[] columns = line.strip().split(" +");
        if (columns.length < 4 || !line.contains("/" + Generator.NAME + " ")) {
            return false;
        }
        boolean isEvent =
                switch (columns[1]) {
                    case "fork", "clone" -> !columns[3].equals("parent");
                    case "exec", "exit" -> true;
                    default -> false;
                };
        return isEvent && !Arrays.asList(columns).contains(String.valueOf(generator));
    }

    @Override
    public void close() {
        if (process != null) {
            process.close();
            process = null;
        }
    }
}
