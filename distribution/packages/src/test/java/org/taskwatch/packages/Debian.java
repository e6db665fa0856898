// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.packages;

import static org.junit.Assume.assumeTrue;

import org.taskwatch.testing.Needs;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/// This Debian as a copy that packages can be installed in: an overlay of its files, which a process of its own mount
/// namespace has as its root. What is written goes to a folder of the test. It shares processes and network with this
/// machine. No service manager runs in it.
///
/// Skips the test, and says why, where that can't be made.
final class Debian implements AutoCloseable {
    /// Holds the namespace until its input ends.
    private static final String HOLD =
            """
            set -e
            mount -t overlay taskwatch-it -o lowerdir=/,upperdir="$1/upper",workdir="$1/work" "$1/merged"
            cd "$1/merged"
            for folder in proc sys dev; do mount --rbind /$folder $folder; done
            exec chroot . sh -c 'echo ready; exec cat'
            """;

    private final Path folder;
    private final Process holder;

    private Debian(Path folder, Process holder) {
        this.folder = folder;
        this.holder = holder;
    }

    static Debian copy() throws IOException {
        Needs.root("to mount a copy of this Debian");
        for (String program :
                List.of("dpkg", "dpkg-deb", "adduser", "unshare", "nsenter", "setpriv")) {
            Needs.program(program);
        }
        Path folder = Files.createTempDirectory("taskwatch-packages-");
        for (String name : List.of("upper", "work", "merged")) {
            Files.createDirectory(folder.resolve(name));
        }
        Process holder =
                new ProcessBuilder("unshare", "--mount", "sh", "-c", HOLD, "sh", folder + "")
                        .redirectErrorStream(true)
                        .start();
        Debian debian = new Debian(folder, holder);
        BufferedReader out = holder.inputReader(StandardCharsets.UTF_8);
        String line = out.readLine();
        if (!"ready".equals(line)) {
            debian.close();
            assumeTrue("needs an overlay of this Debian: " + line, false);
        }
        return debian;
    }

    /// {@return a process that runs in the copy, with an environment of its own}
    ///
    /// @param words the command and its arguments
    ProcessBuilder command(List<String> words) {
        List<String> all = new ArrayList<>(List.of("nsenter", "--mount", "--root", "--wd", "-t"));
        all.add(holder.pid() + "");
        all.add("--");
        all.addAll(words);
        ProcessBuilder builder =
                new ProcessBuilder(all).redirectInput(Path.of("/dev/null").toFile());
        builder.environment().clear();
        builder.environment()
                .put("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
        builder.environment().put("HOME", "/root");
        builder.environment().put("LC_ALL", "C.UTF-8");
        builder.environment().put("DEBIAN_FRONTEND", "noninteractive");
        return builder;
    }

    /// What a command has said, on both streams, and its exit status.
    record Result(int status, String out) {}

    Result run(String... words) throws IOException {
        Process process = command(List.of(words)).redirectErrorStream(true).start();
        CompletableFuture<String> out =
                CompletableFuture.supplyAsync(
                        () -> String.join("\n", process.inputReader().lines().toList()));
        return new Result(process.onExit().join().exitValue(), out.join());
    }

    /// {@return the files that are in the copy and not, or not so, in this Debian, as paths in the copy}
    List<Path> changes() throws IOException {
        Path upper = folder.resolve("upper");
        try (Stream<Path> files = Files.walk(upper)) {
            return files.map(file -> Path.of("/").resolve(upper.relativize(file))).toList();
        }
    }

    /// {@return what lies at a path of the copy, seen from outside}
    Path file(String path) {
        return Path.of("/proc/" + holder.pid() + "/root" + path);
    }

    @Override
    public void close() throws IOException {
        holder.destroy();
        holder.onExit().join();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
