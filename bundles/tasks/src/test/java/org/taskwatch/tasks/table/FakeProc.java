// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.table;

import org.jspecify.annotations.Nullable;
import org.taskwatch.tasks.procfs.ProcFs;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/// A folder that looks like `/proc`. Its clock is that of the machine; starts are given in nanoseconds
/// of CLOCK_MONOTONIC.
final class FakeProc {
    private static final long TICK_NANOS = 10_000_000L;

    /// The fields of `stat` behind the address of the stack; the last but one is the end of the environment.
    static final String REST = " 0".repeat(22) + " 99 0\n";

    private final Path root;
    private final long bootOffset;

    FakeProc(Path root) {
        this.root = root;
        try {
            bootOffset = new ProcFs().bootOffsetNanos();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        mendUptime();
        process(1, 0, 0, "init");
    }

    /// Makes each comparison of the table with this folder fail.
    void breakUptime() {
        delete("uptime");
    }

    void mendUptime() {
        try {
            Files.createSymbolicLink(root.resolve("uptime"), Path.of("/proc/uptime"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    ProcFs proc() {
        return new ProcFs(root);
    }

    /// Puts a process there, or changes it.
    void process(int pid, int parent, long startNanos, String name) {
        task(pid + "", pid, parent, startNanos, name, 'S', 1);
        delete(pid + "/exe");
        try {
            Files.createSymbolicLink(root.resolve(pid + "/exe"), Path.of("/bin/" + name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        write(pid + "/cmdline", name + "\0-x\0");
    }

    void thread(int pid, int tid, long startNanos, String name) {
        task(pid + "/task/" + tid, tid, 1, startNanos, name, 'S', 2);
    }

    /// Gives a process that is there more threads than its first.
    void threads(int pid, int parent, long startNanos, String name, int threads) {
        task(pid + "", pid, parent, startNanos, name, 'S', threads);
    }

    void zombie(int pid, int parent, long startNanos, String name, int threads) {
        task(pid + "", pid, parent, startNanos, name, 'Z', threads);
    }

    void ids(int tid, int uid, int gid) {
        write(tid + "/status", status(uid, gid));
    }

    void link(int tid, String name, String target) {
        Path link = root.resolve(tid + "/" + name);
        delete(tid + "/" + name);
        try {
            Files.createDirectories(link.getParent());
            Files.createSymbolicLink(link, Path.of(target));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void file(int tid, String name, String text) {
        write(tid + "/" + name, text);
    }

    /// Gives a process other arguments, and has something happen once they are being read.
    void onArguments(int pid, String arguments, Runnable change) throws Exception {
        delete(pid + "/cmdline");
        Path pipe = root.resolve(pid + "/cmdline");
        new ProcessBuilder("mkfifo", pipe.toString()).inheritIO().start().waitFor();
        Thread.ofVirtual().start(() -> write(pipe, arguments, change));
    }

    private static void write(Path pipe, String arguments, Runnable change) {
        try (OutputStream out = Files.newOutputStream(pipe)) { // waits for a reader
            change.run();
            out.write(arguments.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// As if a process were in the middle of an exec.
    void loading(int pid) {
        field(pid, 51, 0);
    }

    /// Gives a process another stack, as an exec does, or none, as for a user who may not know it.
    void stack(int pid, long address) {
        field(pid, 28, address);
    }

    private void field(int pid, int number, long value) {
        Path file = root.resolve(pid + "/stat");
        try {
            String[] fields = Files.readString(file).split(" ");
            fields[number - 1] = Long.toString(value);
            Files.writeString(file, String.join(" ", fields));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// As if there were no file descriptor left to read it.
    void hideStat(int pid) {
        delete(pid + "/stat");
    }

    /// Makes reading the state of a process fail in a way that nobody has thought of.
    void garble(int pid) {
        write(pid + "/stat", "nonsense");
    }

    void remove(int tid) {
        delete(tid + "");
    }

    private void task(
            String path, int tid, int parent, long start, String name, char state, int threads) {
        write(
                path + "/stat",
                ("%d (%s) %c %d 0 0 0 0 0 0 0 0 0 0 0 0 0 20 0 %d 0 %d 0 0 0 0 0 %d" + REST)
                        .formatted(
                                tid,
                                name,
                                state,
                                parent,
                                threads,
                                (start + bootOffset) / TICK_NANOS,
                                state == 'Z' ? 0 : stackStart(name)));
        write(path + "/status", status(0, 0));
    }

    // Another one for each program.
    private static int stackStart(String name) {
        return 1 + Math.abs(name.hashCode() % 1000);
    }

    private static String status(int uid, int gid) {
        return "Name:\tx\nUid:\t%1$d\t%1$d\t%1$d\t%1$d\nGid:\t%2$d\t%2$d\t%2$d\t%2$d\n"
                .formatted(uid, gid);
    }

    private void write(String path, String text) {
        try {
            Files.createDirectories(root.resolve(path).getParent());
            Files.write(root.resolve(path), text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void delete(String path) {
        Path file = root.resolve(path);
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try {
            Files.walkFileTree(
                    file,
                    new SimpleFileVisitor<>() {
                        @Override
                        public FileVisitResult visitFile(Path path, BasicFileAttributes a)
                                throws IOException {
                            Files.delete(path);
                            return FileVisitResult.CONTINUE;
                        }

                        @Override
                        public FileVisitResult postVisitDirectory(
                                Path path, @Nullable IOException e) throws IOException {
                            Files.delete(path);
                            return FileVisitResult.CONTINUE;
                        }
                    });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
