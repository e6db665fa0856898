// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.Assume.assumeTrue;

import org.junit.After;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized;
import org.junit.runners.Parameterized.AfterParam;
import org.junit.runners.Parameterized.BeforeParam;
import org.junit.runners.Parameterized.Parameter;
import org.junit.runners.Parameterized.Parameters;
import org.taskwatch.itests.Instance.Running;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// An instance with each of the sources that see everything, and what `taskwatch events` tells of the
/// programs that are executed. Those that a test looks at one by one are alive while it is told: so the
/// connector, whose instance reads from `/proc` what they are, must say the same as the records of the kernel.
@RunWith(Parameterized.class)
public abstract class ExecFixture {
    static TempFolder folder;
    static Instance taskwatch;

    private static Running json;
    private static Running columns;
    private static int marks;

    /// The name of the source.
    @Parameter public String source = "";

    private final List<Process> started = new ArrayList<>();

    /// {@return the names of the sources}
    @Parameters(name = "{0}")
    public static List<String> sources() {
        return List.of("ebpf", "connector");
    }

    /// Starts an instance and its stream of events.
    ///
    /// @param source where the instance shall have them from
    @BeforeParam
    public static void run(String source) throws Exception {
        folder = TempFolder.create();
        taskwatch = new Instance(Instance.distribution(), folder.path());
        if (source.equals("connector")) {
            taskwatch.useConnector();
        }
        taskwatch.run().assumeSeesAll();
        json = taskwatch.start("events", "--event", "EXEC", "--json", "--capture", "CWD,CGROUP");
        columns = taskwatch.start("events", "--event", "EXEC");
        awaitMark();
        String active =
                Exec.parse(json.out()).getLast().source(); // a better one may have come late
        assumeTrue("needs the source " + source, active.equals(source));
    }

    /// Ends what was started.
    @AfterParam
    public static void cleanUp() {
        taskwatch.close();
        folder.close();
    }

    /// Ends the programs.
    @After
    public void end() throws InterruptedException {
        for (Process process : started) {
            process.destroyForcibly().waitFor();
        }
    }

    boolean isEbpf() {
        return source.equals("ebpf");
    }

    static Path compile(String name) throws Exception {
        return CProgram.compile(CProgram.source("execs/" + name + ".c"), folder.path(), name);
    }

    static int shell(String script) throws Exception {
        return new ProcessBuilder("/bin/sh", "-c", script)
                .directory(folder.path().toFile())
                .inheritIO()
                .start()
                .waitFor();
    }

    /// Waits until all is told that has happened before. To streams that have not begun it takes several
    /// programs.
    private static void awaitMark() {
        String text = "mark-" + marks++ + "-told";
        await().atMost(Instance.DEADLINE)
                .pollInterval(Duration.ofMillis(50))
                .until(() ->
                        shell("exec sh -c : " + text) == 0
                                && json.out().contains(text)
                                && columns.out().contains(text));
    }

    /// What was told of all processes of the machine for some time, in both formats.
    ///
    /// @param execs each EXEC
    /// @param columns the lines of the other format
    record Shown(List<Exec> execs, String columns) {}

    /// Runs a script.
    ///
    /// @return what was told meanwhile
    static Shown during(String script) throws Exception {
        int execsBefore = json.out().length();
        int columnsBefore = columns.out().length();
        assertThat(shell(script)).isZero();
        awaitMark();
        return new Shown(
                Exec.parse(json.out().substring(execsBefore)),
                columns.out().substring(columnsBefore));
    }

    /// Runs a command whose process becomes `still` at last, in the folder of the test. It lives until the test ends.
    ///
    /// @return what was told of its last EXEC
    Exec execOf(String... command) throws Exception {
        Process process = start(command);
        awaitMark();
        return Exec.parse(json.out()).stream()
                .filter(exec -> exec.pid() == process.pid())
                .toList()
                .getLast();
    }

    private Process start(String... command) throws IOException {
        Process process =
                new ProcessBuilder(command)
                        .directory(folder.path().toFile())
                        .redirectError(Redirect.INHERIT)
                        .start();
        started.add(process);
        assertThat(process.getInputStream().read()).as("what it has said").isEqualTo('\n');
        return process;
    }
}
