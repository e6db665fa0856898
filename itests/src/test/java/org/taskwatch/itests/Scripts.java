// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests;

import org.taskwatch.itests.Instance.Result;
import org.taskwatch.itests.Instance.Running;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Scripts of `sh`, as a user types them in some folder. What they write goes to files in the folder of
/// the test.
final class Scripts implements AutoCloseable {
    private final Path folder;
    private final Path directory;
    private final List<Process> started = new ArrayList<>();

    /// Prepares to run scripts.
    ///
    /// @param folder where output goes
    /// @param directory where they run
    Scripts(Path folder, Path directory) {
        this.folder = folder;
        this.directory = directory;
    }

    /// Starts a script.
    ///
    /// @param script what it does; with `exec` before its last command, that is the process
    Running start(String script) throws IOException {
        Path out = folder.resolve("script" + started.size() + ".out");
        Path err = folder.resolve("script" + started.size() + ".err");
        ProcessBuilder builder = new ProcessBuilder("/bin/sh", "-c", script);
        builder.directory(directory.toFile()).environment().put("LC_ALL", "C");
        builder.redirectInput(Path.of("/dev/null").toFile());
        builder.redirectOutput(out.toFile()).redirectError(err.toFile());
        Process process = builder.start();
        started.add(process);
        return new Running(process, out, err);
    }

    Result call(String script) throws Exception {
        return start(script).result();
    }

    @Override
    public void close() {
        for (Process process : started) {
            Stream.concat(process.descendants(), Stream.of(process.toHandle()))
                    .forEach(ProcessHandle::destroyForcibly);
        }
    }
}
