// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests;

import static org.awaitility.Awaitility.await;

import org.junit.After;
import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.taskwatch.itests.Instance.Running;

import java.io.BufferedReader;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/// An instance, and scripts whose processes its commands are asked for.
abstract class CommandsFixture {
    static TempFolder folder;

    static Instance taskwatch;

    final List<Process> started = new ArrayList<>();

    @BeforeClass
    public static void run() throws IOException {
        folder = TempFolder.create();
        taskwatch = new Instance(Instance.distribution(), folder.path());
        Running run = taskwatch.run();
        run.assumeSeesAll();
    }

    @AfterClass
    public static void cleanUp() {
        taskwatch.close();
        folder.close();
    }

    @After
    public void endProcesses() throws Exception {
        for (Process process : started) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor();
        }
    }

    static void awaitThat(Callable<Boolean> condition) {
        await().atMost(Instance.DEADLINE).pollInterval(Duration.ofMillis(20)).until(condition);
    }

    /// Starts a script that goes on when its standard input ends, as by `read x`.
    Process script(String text) throws IOException {
        Process process =
                new ProcessBuilder("/bin/sh", "-c", text)
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        started.add(process);
        return process;
    }

    static void end(Process script) throws IOException {
        script.getOutputStream().close();
    }

    static String readLine(Process script) throws IOException {
        BufferedReader reader = script.inputReader();
        return reader.readLine();
    }

    static void awaitStreams(long count) {
        awaitThat(() -> streams() == count);
    }

    /// {@return how many streams of events are open: the shell has a watcher for each}
    static long streams() throws Exception {
        return taskwatch
                .call("shell", "task:watchers")
                .out()
                .lines()
                .filter(line -> line.contains(" org.taskwatch.shell "))
                .count();
    }

    /// The lines of a tree without the time: `EVENT`, a space for each two of indentation, the rest.
    static List<String> lines(String tree) {
        return tree.lines()
                .filter(line -> line.matches("\\d\\d:.*"))
                .map(line -> line.substring(line.indexOf(' ') + 1))
                .toList();
    }

    static long count(List<String> lines, String event) {
        return lines.stream().filter(line -> line.startsWith(event)).count();
    }
}
