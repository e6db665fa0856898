// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests;

import org.taskwatch.itests.probe.Notebook;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// A folder of one test, with a name that nothing else on the machine has.
///
/// @param path where it is
record TempFolder(Path path) implements AutoCloseable {
    static TempFolder create() {
        try {
            return new TempFolder(Files.createTempDirectory("taskwatch-it-"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// {@return what stands in command lines that the probes write down}
    String marker() {
        return path.getFileName().toString();
    }

    /// Runs a process whose command line has the marker in it.
    ///
    /// @return its pid
    long runMarked() throws IOException, InterruptedException {
        Process process = new ProcessBuilder("/bin/sh", "-c", ":", marker()).start();
        process.waitFor();
        return process.pid();
    }

    /// {@return the lines that a probe has written so far}
    List<String> seen() {
        Path seen = path.resolve(Notebook.SEEN);
        try {
            return Files.exists(seen) ? Files.readAllLines(seen) : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// {@return what is mounted below it}
    List<String> mounts() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/mountinfo")).stream()
                .map(line -> line.split(" ")[4])
                .filter(mount -> mount.startsWith(path + "/"))
                .toList();
    }

    // An instance that was killed leaves its file system mounted.
    private void unmount() {
        try {
            for (String mount : mounts()) {
                new ProcessBuilder("umount", "-l", mount).inheritIO().start().onExit().join();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        unmount();
        try (Stream<Path> files = Files.walk(path)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
