// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.Timeout;
import org.taskwatch.api.Capture;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.tool.UsageSums;
import org.taskwatch.control.Commands;
import org.taskwatch.control.Declaration;
import org.taskwatch.control.Kind;

import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/// That each command is there as it is declared, and what `help` says of it.
public class DeclaredCommandsTest {
    @ClassRule public static final RunningShell SHELL = new RunningShell();
    @Rule public final Timeout timeout = new Timeout(60, TimeUnit.SECONDS);

    @Test
    public void shouldDescribeEveryCommandAndParameter() throws IOException {
        assertThat(SHELL.out("help task:ps"))
                .contains(
                        "ps - list the processes of the machine",
                        "-t, --threads   list threads too",
                        "String[]   regular expression");
        for (String command : SHELL.out("help | grep '^task:'").split("\n")) {
            assertThat(SHELL.out("help " + command)).contains(" - ").doesNotContain("null");
        }
    }

    @Test
    public void shouldHaveEveryCommandThatIsDeclared() throws IOException {
        for (Declaration declared : Commands.IN_SHELL) {
            String name = "task:" + declared.name();
            assertThat(SHELL.out("help").lines()).contains(name);
            assertThat(SHELL.out("help " + name))
                    .startsWith(name + " - " + declared.summary() + "\nUsage: " + name + " ")
                    .contains(declared.description());
            assertThat(SHELL.out("help " + declared.name())).isEqualTo(SHELL.out("help " + name));
        }
        assertThat(SHELL.out("task:events -h"))
                .startsWith("Usage: task:events ")
                .contains("--count");
        assertThat(SHELL.execute("help a b").status()).isEqualTo(2);
    }

    @Test
    public void shouldDeclareTheEventsDetailsAndSumsThatThereAre() {
        assertThat(Kind.EVENTS.choices())
                .containsExactlyElementsOf(
                        Arrays.stream(TaskEvent.values()).map(Enum::name).toList());
        assertThat(Kind.DETAILS.choices())
                .containsExactlyElementsOf(
                        Arrays.stream(Capture.values()).map(Enum::name).toList());
        assertThat(Kind.SUMS.choices())
                .containsExactlyElementsOf(
                        Arrays.stream(UsageSums.By.values()).map(Enum::name).toList());
    }
}
