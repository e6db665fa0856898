// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests;

import static org.awaitility.Awaitility.await;

import org.taskwatch.testing.Needs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;

/// The control file system of an instance, from outside.
///
/// @param taskwatch the instance
record FileSystem(Instance taskwatch) {
    /// Lets a test go on only where it can be mounted.
    static void assumeIsPossible() {
        Needs.fuse();
        Needs.root();
    }

    static void awaitThat(Callable<Boolean> condition) {
        await().atMost(Instance.DEADLINE).pollInterval(Duration.ofMillis(50)).until(condition);
    }

    /// {@return what is mounted on or below the base}
    List<String> mounted() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/mountinfo")).stream()
                .filter(line -> line.contains(" " + taskwatch.base()))
                .toList();
    }

    /// {@return how many streams are open: each has a watcher}
    long streams() throws IOException {
        return Files.readAllLines(taskwatch.base().resolve("fs/watchers")).stream()
                .filter(line -> line.startsWith("org.taskwatch.shell.stream."))
                .count();
    }
}
