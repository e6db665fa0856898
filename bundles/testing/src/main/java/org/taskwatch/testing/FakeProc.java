// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.testing;

import org.jspecify.annotations.Nullable;

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
public final class FakeProc {
    private static final long TICK_NANOS = 10_000_000L;

    /// The fields of `stat` behind the address of the stack; the last but one is the end of the environment.
    public static final String REST = " 0".repeat(22) + " 99 0\n";

    private final Path root;
    private final long bootOffset;

    /// Fills a folder. It has the process 1, `init`.
    ///
    /// @param root the folder
    /// @param bootOffset how many nanoseconds CLOCK_BOOTTIME is ahead of CLOCK_MONOTONIC on this machine
    public FakeProc(Path root, long bootOffset) {
        this.root = root;
        this.bootOffset = bootOffset;
        mendUptime();
        process(1, 0, 0, "init");
    }

    /// Makes each comparison of the table with this folder fail.
    public void breakUptime() {
        delete("uptime");
    }

    /// Lets the table be compared with this folder again.
    public void mendUptime() {
        try {
            Files.createSymbolicLink(root.resolve("uptime"), Path.of("/proc/uptime"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// {@return the folder}
    public Path root() {
        return root;
    }

    /// Puts a process there, or changes it.
    ///
    /// @param pid its number
    /// @param parent that of its parent
    /// @param startNanos when it started
    /// @param name its name, which also says what program it runs
    public void process(int pid, int parent, long startNanos, String name) {
        task(pid + "", pid, parent, startNanos, name, 'S', 1);
        delete(pid + "/exe");
        try {
            Files.createSymbolicLink(root.resolve(pid + "/exe"), Path.of("/bin/" + name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        write(pid + "/cmdline", name + "\0-x\0");
    }

    /// Puts a thread there, or changes it.
    ///
    /// @param pid its process
    /// @param tid its number
    /// @param startNanos when it started
    /// @param name its name
    public void thread(int pid, int tid, long startNanos, String name) {
        task(pid + "/task/" + tid, tid, 1, startNanos, name, 'S', 2);
    }

    /// Gives a process that is there more threads than its first.
    ///
    /// @param pid its number
    /// @param parent that of its parent
    /// @param startNanos when it started
    /// @param name its name
    /// @param threads how many, the first included
    public void threads(int pid, int parent, long startNanos, String name, int threads) {
        task(pid + "", pid, parent, startNanos, name, 'S', threads);
    }

    /// Has the first thread of a process exit.
    ///
    /// @param pid its number
    /// @param parent that of its parent
    /// @param startNanos when it started
    /// @param name its name
    /// @param threads how many it still has, the first included
    public void zombie(int pid, int parent, long startNanos, String name, int threads) {
        task(pid + "", pid, parent, startNanos, name, 'Z', threads);
    }

    /// Gives a task other ids, all four the same.
    ///
    /// @param tid its number
    /// @param uid its user
    /// @param gid its group
    public void ids(int tid, int uid, int gid) {
        write(tid + "/status", status(uid, gid));
    }

    /// Puts a link there, or changes it.
    ///
    /// @param tid the task
    /// @param name its name in the folder of the task
    /// @param target where it leads
    public void link(int tid, String name, String target) {
        Path link = root.resolve(tid + "/" + name);
        delete(tid + "/" + name);
        try {
            Files.createDirectories(link.getParent());
            Files.createSymbolicLink(link, Path.of(target));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Puts a file there, or changes it.
    ///
    /// @param tid the task
    /// @param name its name in the folder of the task
    /// @param text its content
    public void file(int tid, String name, String text) {
        write(tid + "/" + name, text);
    }

    /// Gives a process other arguments, and has something happen once they are being read.
    ///
    /// @param pid the process
    /// @param arguments each ends with a NUL
    /// @param change what happens
    /// @throws Exception if it can't be arranged
    public void onArguments(int pid, String arguments, Runnable change) throws Exception {
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
    ///
    /// @param pid the process
    public void loading(int pid) {
        field(pid, 51, 0);
    }

    /// Gives a process another stack, as an exec does, or none, as for a user who may not know it.
    ///
    /// @param pid the process
    /// @param address of the stack, 0 for none
    public void stack(int pid, long address) {
        field(pid, 28, address);
    }

    /// Gives a field of the state of a process another value.
    ///
    /// @param pid the process
    /// @param number of the field, as `proc_pid_stat(5)` counts
    /// @param value the value
    public void field(int pid, int number, long value) {
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
    ///
    /// @param pid the process
    public void hideStat(int pid) {
        delete(pid + "/stat");
    }

    /// Makes reading the state of a process fail in a way that nobody has thought of.
    ///
    /// @param pid the process
    public void garble(int pid) {
        write(pid + "/stat", "nonsense");
    }

    /// Has a task be gone.
    ///
    /// @param tid its number
    public void remove(int tid) {
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
