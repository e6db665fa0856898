// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.Timeout;
import org.osgi.framework.ServiceReference;
import org.taskwatch.shell.RunningShell;
import org.taskwatch.shell.control.ControlClient;
import org.taskwatch.shell.control.ControlClient.Answer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// The command `watch`, where the test is what compiles the source, and its watcher.
public class WatchTest {
    @ClassRule public static final RunningShell SHELL = new RunningShell();
    @Rule public final Timeout timeout = new Timeout(60, TimeUnit.SECONDS);

    private final Path deploy = SHELL.base().resolve("deploy");

    @Before
    public void prepare() throws IOException {
        Files.createDirectories(deploy);
    }

    private List<Path> sources() throws IOException {
        try (Stream<Path> files = Files.list(deploy)) {
            return files.filter(file -> file.toString().endsWith(".java")).toList();
        }
    }

    private static ControlClient begin(String line) throws IOException {
        ControlClient client = new ControlClient(SHELL.socket());
        client.send('E', line);
        return client;
    }

    @SuppressWarnings("unchecked") // the watcher is given lines
    private static List<Consumer<String>> outputs() throws Exception {
        ServiceReference<?>[] found =
                SHELL.context()
                        .getServiceReferences(Consumer.class.getName(), "(taskwatch.watch=*)");
        return found == null
                ? List.of()
                : Stream.of(found)
                        .map(each -> (Consumer<String>) SHELL.context().getService(each))
                        .toList();
    }

    @Test
    public void shouldDeployASourceAndPrintWhatItsWatcherSaysUntilTheClientIsGone()
            throws Exception {
        try (ControlClient client =
                begin("task:watch 'EXEC,EXIT uid=0 comm=a\"b' 'println(task.comm())'")) {
            await().until(() -> !outputs().isEmpty());
            assertThat(Files.readString(sources().getFirst()))
                    .contains(
                            "@WatchTask(value = {TaskEvent.EXEC, TaskEvent.EXIT},"
                                    + " capture = {Capture.CMDLINE, Capture.EXE},"
                                    + " filter = \"(&(uid=0)(comm=a\\\"b))\")",
                            "public class Watch_",
                            "\nprintln(task.comm());\n");
            outputs().getFirst().accept("one\u001b[2J");
            assertThat(client.outputUntil("\n")).isEqualTo("one\\u{1b}[2J\n");
        }
        await().until(() -> outputs().isEmpty());
        await().until(() -> sources().isEmpty());
    }

    @Test
    public void shouldTellWhyTheStatementsDoNotCompileInTheirOwnLines() throws Exception {
        Path errors;
        try (ControlClient client = begin("task:watch EXEC 'oops'")) {
            await().until(() -> !sources().isEmpty());
            Path source = sources().getFirst();
            await().until(() -> Files.readString(source).endsWith("}\n"));
            int line = Files.readAllLines(source).indexOf("oops;") + 1;
            errors = Path.of(source + ".err");
            Files.writeString(
                    errors,
                    "it does not compile\n    %s:%d: not a statement\n"
                            .formatted(source.getFileName(), line));
            Answer answer = client.answer();
            assertThat(answer.status()).isEqualTo(1);
            assertThat(answer.err()).contains("it does not compile", "line 1: not a statement");
        }
        Files.delete(errors);
        assertThat(sources()).isEmpty();
    }

    @Test
    public void shouldRefuseWhatIsNoEventOrNoFilter() throws IOException {
        assertThat(SHELL.execute("task:watch EXECS 'println(n)'").err())
                .startsWith("task:watch: no event is named \"EXECS\"; there are INIT, CLONE, ");
        assertThat(SHELL.execute("task:watch 'EXEC bad=1' 'println(n)'").err())
                .startsWith("task:watch: filter (bad=1): no task has this");
        assertThat(SHELL.execute("task:watch EXEC").err())
                .startsWith("task:watch: missing argument 'EVENTS [FILTER]' 'STATEMENTS'");
        assertThat(deploy).isEmptyDirectory();
    }
}
